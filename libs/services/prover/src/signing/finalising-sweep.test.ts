import type { SnapshotRecord } from '@solvent-por/services/database';
import { silentLog } from '@solvent-por/services/kit';
import { FinalisingSweep } from './finalising-sweep';

/** Services with one snapshot that waits for proofs. */
function harness() {
  const state = { failing: false, finalised: [] as string[] };
  const row = { id: 'november-2026', attempt: 1, state: 'PROVING' } as SnapshotRecord;
  const sweep = new FinalisingSweep({
    snapshots: { unfinished: async () => [{ ...row, id: 'other', state: 'INGESTING' }, row] },
    finalising: {
      announce: async () => undefined,
      finalise: async ({ snapshotId }) => {
        state.finalised.push(snapshotId);
        if (state.failing) throw new Error('the database is away');
        return 'waiting';
      },
    },
    log: silentLog,
    every: 1,
  });
  return { state, sweep };
}

test('only what is being proved is finalised, and one that fails does not stop the sweep', async () => {
  const { state, sweep } = harness();
  state.failing = true;
  await sweep.sweep();
  await sweep.sweep();
  expect(state.finalised).toEqual(['november-2026', 'november-2026']);
});

test('sweeps at start and again, until it is stopped', async () => {
  const { state, sweep } = harness();
  sweep.start();
  while (state.finalised.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  await sweep.stop();
  const { length } = state.finalised;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(state.finalised).toHaveLength(length);
});

import type { SnapshotFailure, SnapshotProgress, SnapshotRecord } from '@solvent-por/services/database';
import { silentLog } from '@solvent-por/services/kit';
import { LostJobsSweep } from './lost-jobs';

const TOPIC = 'solvent.proofs.requested.v1';

/** Services with one snapshot that waits for proofs. */
function harness() {
  const state = {
    jobs: 0,
    proofs: 1,
    failures: [] as SnapshotFailure[],
  };
  const row = { id: 'november-2026', attempt: 1, state: 'PROVING' } as SnapshotRecord;
  const sweep = new LostJobsSweep({
    snapshots: {
      unfinished: async () => [{ ...row, id: 'other', state: 'INGESTING' }, row],
      progress: async () =>
        ({
          state: 'PROVING',
          batches: 3,
          batchesProved: state.proofs,
          proofs: state.proofs,
        }) as SnapshotProgress,
    },
    bus: {
      lag: async () => [
        { group: 'other', topic: TOPIC, messages: 0 },
        { group: 'provers', topic: TOPIC, messages: state.jobs },
      ],
    },
    failing: {
      fail: async (_, failure) => {
        state.failures.push(failure);
        return true;
      },
    },
    group: 'provers',
    log: silentLog,
    every: 1,
  });
  return { state, sweep };
}

test('no job left and proofs missing, four times in a row: the jobs are lost', async () => {
  const { state, sweep } = harness();
  for (let i = 0; i < 3; i++) await sweep.sweep();
  expect(state.failures).toEqual([]);
  await sweep.sweep();
  expect(state.failures).toMatchObject([{ code: 'JOBS_LOST', details: { batches: 3, batchesProved: 1 } }]);
});

test.each([
  ['a job still waits', (state: { jobs: number }) => void (state.jobs = 1)],
  ['a proof was stored', (state: { proofs: number }) => void (state.proofs = 2)],
])('%s meanwhile: it is counted anew', async (_, happen) => {
  const { state, sweep } = harness();
  for (let i = 0; i < 3; i++) await sweep.sweep();
  happen(state);
  await sweep.sweep();
  state.jobs = 0;
  await sweep.sweep();
  await sweep.sweep();
  expect(state.failures).toEqual([]);
});

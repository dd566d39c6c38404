import type { SnapshotFailure, SnapshotProgress, SnapshotRecord } from '@solvent-por/services/database';
import { silentLog } from '@solvent-por/services/kit';
import type { CloseOutcome } from './finalise-snapshot';
import { FinalisingSweep } from './sweep';

const TOPIC = 'solvent.proofs.requested.v1';

/** Services with one snapshot that waits for proofs. */
function harness(volatileBus = false) {
  const state = {
    jobs: 0,
    proofs: 1,
    outcome: 'waiting' as CloseOutcome | Error,
    failures: [] as SnapshotFailure[],
    closed: [] as string[],
  };
  const row = { id: 'november-2026', attempt: 1, state: 'PROVING' } as SnapshotRecord;
  const sweep = new FinalisingSweep({
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
    closing: {
      announce: async () => undefined,
      close: async ({ snapshotId }) => {
        state.closed.push(snapshotId);
        if (state.outcome instanceof Error) throw state.outcome;
        return state.outcome;
      },
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
    volatileBus,
    log: silentLog,
    every: 1,
  });
  return { state, sweep };
}

test('only what is being proved is closed, and one that fails does not stop the sweep', async () => {
  const { state, sweep } = harness();
  state.outcome = new Error('the database is away');
  await sweep.sweep();
  await sweep.sweep();
  expect(state.closed).toEqual(['november-2026', 'november-2026']);
  expect(state.failures).toEqual([]);
});

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

test('on a bus that forgets, ingest publishes lost jobs again: nothing fails', async () => {
  const { state, sweep } = harness(true);
  for (let i = 0; i < 10; i++) await sweep.sweep();
  expect(state.failures).toEqual([]);
});

test('sweeps at start and again, until it is stopped', async () => {
  const { state, sweep } = harness();
  sweep.start();
  while (state.closed.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  await sweep.stop();
  const { length } = state.closed;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(state.closed).toHaveLength(length);
});

import type { SnapshotRun } from '@solvent-por/services/contracts';
import { Repeating } from '@solvent-por/services/kit';
import type { IngestOutcome } from './observing';
import { IngestRunner } from './ingest-runner';
import { FakeLog, FakeSnapshots } from '../testing/fakes';

const never = new AbortController().signal;

function runner(work: (run: SnapshotRun, signal: AbortSignal) => Promise<IngestOutcome>) {
  const snapshots = new FakeSnapshots('november');
  const log = new FakeLog();
  return {
    snapshots,
    log,
    runner: new IngestRunner({
      ingest: { run: work, awaits: ({ state }) => state !== 'PROVING' },
      snapshots,
      runOf: ({ id, attempt }) => ({ snapshotId: id, attempt }),
      isTransient: (error) => (error as Error).message === 'away',
      log,
    }),
  };
}

test('one at a time, in turn, also after one that failed', async () => {
  const order: string[] = [];
  const { runner: one } = runner(async ({ snapshotId }) => {
    order.push(`${snapshotId} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(`${snapshotId} ends`);
    if (snapshotId === 'a') throw new Error('away');
    return 'ingested';
  });
  const runs = ['a', 'b'].map((snapshotId) => one.run({ snapshotId, attempt: 1 }, never));
  await expect(runs[0]).rejects.toThrow('away');
  await expect(runs[1]).resolves.toBe('ingested');
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('an unexpected error is thrown four times, then the snapshot fails', async () => {
  const { runner: one, snapshots } = runner(async () => {
    throw new Error('a disk full of secrets');
  });
  for (let i = 0; i < 4; i++) await expect(one.run(snapshots.run, never)).rejects.toThrow('disk');
  expect(snapshots.row.state).toBe('REQUESTED');
  await expect(one.run(snapshots.run, never)).resolves.toBe('refused');
  expect(snapshots.row).toMatchObject({ state: 'FAILED', failure: { code: 'INGEST_FAILED' } });
  expect(snapshots.row.failure!.message).not.toContain('secrets');
});

test('a transient error never fails it', async () => {
  const { runner: one, snapshots } = runner(async () => {
    throw new Error('away');
  });
  for (let i = 0; i < 20; i++) await expect(one.run(snapshots.run, never)).rejects.toThrow('away');
  expect(snapshots.row.state).toBe('REQUESTED');
});

test('what waits its turn when the service stops is abandoned', async () => {
  const stop = new AbortController();
  const work = jest.fn(async (): Promise<IngestOutcome> => {
    stop.abort();
    return 'abandoned';
  });
  const { runner: one, snapshots } = runner(work);
  const outcomes = await Promise.all([1, 2].map(() => one.run(snapshots.run, stop.signal)));
  expect(outcomes).toEqual(['abandoned', 'abandoned']);
  expect(work).toHaveBeenCalledTimes(1);
});

test('a sweep works on what waits for ingest, and goes on after an error', async () => {
  const worked: SnapshotRun[] = [];
  const {
    runner: one,
    snapshots,
    log,
  } = runner(async (run) => {
    worked.push(run);
    throw new Error('away');
  });
  await one.sweep(never);
  expect(worked).toEqual([snapshots.run]);
  expect(log.lines).toHaveLength(1);
  snapshots.row.state = 'PROVING';
  await one.sweep(never);
  expect(worked).toHaveLength(1);
});

test('the sweep is made at start and again, whatever happens, until it is stopped', async () => {
  const log = new FakeLog();
  let count = 0;
  let third: () => void;
  const thrice = new Promise<void>((resolve) => (third = resolve));
  const sweep = new Repeating(
    async () => {
      if (++count === 3) third();
      throw new Error('away');
    },
    log,
    1,
  );
  sweep.start();
  sweep.start();
  await thrice;
  await sweep.stop();
  const swept = count;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(count).toBe(swept);
  expect(log.lines).toHaveLength(swept);
});

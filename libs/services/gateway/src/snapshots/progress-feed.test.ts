import { ProgressFeed, type WatchedSnapshot } from './progress-feed';

const at = (batchesProved: number, state = 'PROVING'): WatchedSnapshot => ({
  snapshotId: 's',
  state,
  batches: 4,
  batchesProved,
  proofs: batchesProved,
  failure: null,
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
afterEach(() => jest.useRealTimers());

function harness(...steps: (WatchedSnapshot | null | Error)[]) {
  let reads = 0;
  const feed = new ProgressFeed(async () => {
    const step = steps[Math.min(reads++, steps.length - 1)]!;
    if (step instanceof Error) throw step;
    return step;
  }, 1000);
  return { feed, reads: () => reads };
}

async function tick(): Promise<void> {
  await settled();
  jest.advanceTimersByTime(1000);
  await settled();
}

async function drain(iterator: AsyncIterable<WatchedSnapshot>): Promise<number[]> {
  const seen: number[] = [];
  for await (const { batchesProved } of iterator) seen.push(batchesProved);
  return seen;
}

test('tells changes, then the last state, and ends', async () => {
  const { feed } = harness(at(0), at(0), at(2), at(4, 'PUBLISHED'));
  const seen = drain(feed.watch('s'));
  for (let i = 0; i < 4; i++) await tick();
  expect(await seen).toEqual([0, 2, 4]);
  expect(feed.watched).toBe(0);
});

test('many watchers are one reader; one who comes later knows the latest at once', async () => {
  const { feed, reads } = harness(at(1), at(2), at(4, 'FAILED'));
  const many = Array.from({ length: 50 }, () => drain(feed.watch('s')));
  await tick();
  const late = drain(feed.watch('s'));
  await tick();
  expect(await Promise.all(many)).toEqual(many.map(() => [1, 2, 4]));
  expect(await late).toEqual([2, 4]);
  expect(reads()).toBe(3);
});

test('who leaves, even in the middle of waiting, is forgotten; with the last one the reading ends', async () => {
  const { feed, reads } = harness(at(1));
  const [one, two] = [feed.watch('s'), feed.watch('s')];
  expect(await one.next()).toEqual({ done: false, value: at(1) });
  const waiting = one.next();
  await one.return!();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(feed.watched).toBe(1);
  await two.return!();
  expect(feed.watched).toBe(0);
  const before = reads();
  await tick();
  expect(reads()).toBe(before);
});

test('a database that fails ends it with the error; one that has no such snapshot without', async () => {
  const { feed } = harness(at(1), new Error('gone'));
  const iterator = feed.watch('s');
  await iterator.next();
  const next = iterator.next();
  next.catch(() => undefined);
  await tick();
  await expect(next).rejects.toThrow('gone');
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  expect(await drain(harness(null).feed.watch('s'))).toEqual([]);
});

test('closing ends everybody', async () => {
  const { feed } = harness(at(1));
  const seen = drain(feed.watch('s'));
  await settled();
  feed.close();
  expect(await seen).toEqual([1]);
});

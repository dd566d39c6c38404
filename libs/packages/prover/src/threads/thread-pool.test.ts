import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { MortalTasks } from '../../testing/threads/failing-worker';
import { ThreadPool } from './thread-pool';

const folder = mkdtempSync(join(tmpdir(), 'solvent-threads-'));
const file = join(folder, 'failing-worker.cjs');
const pools: ThreadPool<MortalTasks>[] = [];

beforeAll(() =>
  build({
    entryPoints: [join(__dirname, '../../testing/threads/failing-worker.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    tsconfig: join(__dirname, '../../../../../tsconfig.base.json'),
    logLevel: 'error',
  }),
);
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.end())));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pool(threads: number, data: object = {}, onNews?: (news: unknown) => void): ThreadPool<MortalTasks> {
  const made = new ThreadPool<MortalTasks>({
    ...{ file, work: 'failing', threads, data },
    ...(onNews && { onNews }),
  });
  pools.push(made);
  return made;
}

test('tasks are answered in whatever thread is free', async () => {
  const two = pool(2);
  expect(two.isReady()).toBe(false);
  await two.ready();
  expect(two.isReady()).toBe(true);
  const values = Array.from({ length: 20 }, (_, i) => ({ i, bytes: Uint8Array.of(i) }));
  expect(await Promise.all(values.map((value) => two.run('echo', value)))).toEqual(values);
});

test("a thread's SolventError keeps code, kind and details; a mistake is an error too", async () => {
  const one = pool(1);
  await expect(one.run('refuse', 7)).rejects.toMatchObject({
    code: 'REFUSED',
    kind: 'invalid',
    details: { row: 7 },
  });
  await expect(one.run('stumble', 0)).rejects.toMatchObject({ code: 'WORKER_FAILED', message: 'a mistake' });
  await expect(one.run('unknown' as 'count', 0)).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  await expect(one.run('full', 0)).rejects.toMatchObject({
    code: 'SYSTEM_ENOSPC',
    kind: 'internal',
    message: 'no space left',
  });
  await expect(one.run('echo', () => undefined)).rejects.toThrow(/could not be cloned/);
  expect(await one.run('echo', 1)).toBe(1);
});

test.each(['exit', 'crash'] as const)(
  '%s: the thread takes only its own task along, and is replaced',
  async (death) => {
    const one = pool(1);
    const answers = await Promise.allSettled([
      one.run('echo', 1),
      one.run(death, 0),
      one.run('echo', 2),
      one.run(death, 0),
      one.run('echo', 3),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(answers[1]).toMatchObject({ reason: { code: 'WORKER_DIED', kind: 'internal' } });
    await one.ready();
  },
);

test('threads that die at start leave nobody waiting, and do not start again by themselves', async () => {
  const two = pool(2, { dieAtStart: true });
  await expect(two.ready()).rejects.toMatchObject({ code: 'WORKER_DIED' });
  const answers = await Promise.allSettled([two.run('echo', 1), two.run('echo', 2), two.run('echo', 3)]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(two.run('echo', 4)).rejects.toMatchObject({ code: 'WORKER_DIED' });
});

test('what a thread could not load is said by ready()', async () => {
  const one = pool(1, { failAtStart: true });
  await expect(one.ready()).rejects.toMatchObject({ code: 'SETUP' });
  expect(one.isReady()).toBe(false);
});

test('end() lets the running task finish and refuses the others', async () => {
  const one = pool(1);
  await one.ready();
  const running = one.run('work', 300);
  const waiting = expect(one.run('echo', 1)).rejects.toMatchObject({ code: 'POOL_ENDED' });
  await one.end();
  expect(await running).toBe('done');
  await waiting;
  await expect(one.run('echo', 1)).rejects.toMatchObject({ code: 'POOL_ENDED' });
  await expect(one.ready()).rejects.toMatchObject({ code: 'POOL_ENDED' });
});

test('a pool that is ended while it loads ends', async () => {
  await new ThreadPool({ file, work: 'failing', threads: 2, data: {} }).end();
});

test('a task that can take long hears that it shall end, and its news come before its answer', async () => {
  const heard: unknown[] = [];
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const one = pool(1, {}, (news) => {
    heard.push(news);
    begun();
  });
  const running = one.run('untilEnded', 0);
  await hasBegun;
  await one.end();
  expect(await running).toBe('ended');
  expect(heard).toEqual(['it has begun']);
});

test('work that a bundle does not know is said by ready()', async () => {
  const one = new ThreadPool({ file, work: 'nothing', threads: 1, data: {} });
  await expect(one.ready()).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  await one.end();
});

test('tasks of one affinity meet in one thread while it is free', async () => {
  const two = pool(2);
  await two.ready();
  expect(await two.run('count', 0, 'a')).toBe(1);
  expect(await two.run('count', 0, 'b')).toBe(1);
  for (let i = 2; i < 5; i++) {
    expect(await two.run('count', 0, 'a')).toBe(i);
    expect(await two.run('count', 0, 'b')).toBe(i);
  }
});

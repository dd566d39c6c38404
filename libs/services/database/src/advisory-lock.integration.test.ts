import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { lockNumber, withLock } from './advisory-lock';
import { openDatabase, type Database } from './database';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** Something another piece of work can wait for. */
function latch(): { open: () => void; opened: Promise<void> } {
  let open = () => undefined as void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

test('of many at once one works at a time', async () => {
  let [inside, most] = [0, 0];
  const results = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      withLock(
        db,
        'a',
        async () => {
          most = Math.max(most, ++inside);
          await db.pool.query('SELECT pg_sleep(0.01)');
          inside--;
          return i;
        },
        { wait: true },
      ),
    ),
  );
  expect(most).toBe(1);
  expect(results).toEqual([0, 1, 2, 3, 4, 5]);
});

test('who does not wait gets undefined while it is taken, and other names are free', async () => {
  const { open, opened } = latch();
  const { open: enter, opened: entered } = latch();
  const holding = withLock(db, 'a', async () => (enter(), await opened, 'held'), { wait: false });
  await entered;
  const never = jest.fn(() => Promise.resolve('never'));
  expect(await withLock(db, 'a', never, { wait: false })).toBeUndefined();
  expect(never).not.toHaveBeenCalled();
  expect(await withLock(db, 'b', () => Promise.resolve('free'), { wait: false })).toBe('free');
  open();
  expect(await holding).toBe('held');
  expect(await withLock(db, 'a', () => Promise.resolve('again'), { wait: false })).toBe('again');
});

test('work that fails gives the lock back', async () => {
  await expect(withLock(db, 'a', () => Promise.reject(new Error('failed')), { wait: true })).rejects.toThrow(
    'failed',
  );
  expect(await withLock(db, 'a', () => Promise.resolve(1), { wait: false })).toBe(1);
});

test('the lock goes with a lost connection, and the work is told', async () => {
  const told = await withLock(
    db,
    'a',
    async (lost) => {
      const aborted = new Promise<boolean>((resolve) => lost.addEventListener('abort', () => resolve(true)));
      await db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`);
      expect(await aborted).toBe(true);
      return withLock(db, 'a', () => Promise.resolve('another has it'), { wait: false });
    },
    { wait: true },
  );
  expect(told).toBe('another has it');
});

test('numbers fit, and differ', () => {
  const numbers = Array.from({ length: 200 }, (_, i) => BigInt(lockNumber(`name ${i}`)));
  expect(new Set(numbers).size).toBe(200);
  for (const number of numbers) expect(BigInt.asIntN(64, number)).toBe(number);
  expect(numbers.some((number) => number < 0n)).toBe(true);
});

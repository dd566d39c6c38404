import { testPostgres, type TestPostgres } from '@solvent-por/dev/servers';
import { REQUEST_KEY, keyring, proofOf, proving, requestOf } from '../testing/snapshots';
import { copyRows } from './binary-copy';
import { inTransaction, openDatabase, withClient, type Database } from './database';
import { migrate } from './migrations';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';
import { isTransient } from './transient';

let server: TestPostgres;
let db: Database;

beforeAll(async () => {
  server = await testPostgres();
  await migrate(server.url);
  db = openDatabase(server.url, { connections: 4 });
});
afterAll(async () => {
  await db?.close();
  await server?.stop();
});

/** Ends every other connection of the server, as a restart does. */
const terminateOthers = () =>
  withClient(server.url, (client) =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    ),
  );

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a terminated query is transient, of pg and of Prisma; the next one goes through', async () => {
  const asleep = [db.pool.query('SELECT pg_sleep(60)'), db.prisma.$queryRaw`SELECT pg_sleep(60)::text`].map(
    refusal,
  );
  await untilAsleep(2);
  await terminateOthers();
  for (const error of await Promise.all(asleep)) expect(isTransient(error)).toBe(true);
  expect(await db.isReady()).toBe(true);
  expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  expect(await db.prisma.snapshot.count()).toBe(0);
});

test('idle connections that are terminated are replaced', async () => {
  await Promise.all(Array.from({ length: 4 }, () => db.pool.query('SELECT pg_sleep(0.05)')));
  await terminateOthers();
  // Their errors arrive before the next query is sent, or with it.
  const errors = await Promise.all(Array.from({ length: 4 }, () => refusal(db.pool.query('SELECT 1'))));
  for (const error of errors) expect(error === undefined || isTransient(error)).toBe(true);
  expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('a COPY whose connection is terminated ends in a transient error and leaves nothing', async () => {
  await db.pool.query('CREATE TABLE copied (n int)');
  const numbers = function* () {
    for (let n = 0; ; n++) yield n;
  };
  const copying = refusal(
    inTransaction(db.pool, (client) =>
      copyRows(client, 'copied', ['n'], numbers(), (rows, n) => rows.int4(n % 1_000)),
    ),
  );
  await untilBusy('COPY copied%');
  await terminateOthers();
  expect(isTransient(await copying)).toBe(true);
  // By a connection of its own: an idle one of the pool may be dead and not know it yet.
  const copied = await withClient(server.url, (client) => client.query('SELECT * FROM copied'));
  expect(copied.rows).toEqual([]);
});

test('a deadlock and a serialization failure are transient', async () => {
  const deadlock = await Promise.all(
    [[1, 2], [2, 1]].map(([a, b]) =>
      refusal(
        inTransaction(db.pool, async (client) => {
          await client.query('SELECT pg_advisory_xact_lock($1)', [a]);
          await client.query('SELECT pg_sleep(0.2)');
          await client.query('SELECT pg_advisory_xact_lock($1)', [b]);
        }),
      ),
    ),
  ); // prettier-ignore
  expect(deadlock.filter((error) => error !== undefined).map(isTransient)).toEqual([true]);
});

test('a server that is away is transient for everything there is, and all goes on once it is back', async () => {
  const snapshots = new SnapshotRepository(db);
  const run = await proving(db, requestOf('january'));
  await server.kill();
  expect(await db.isReady()).toBe(false);
  const attempts = [
    snapshots.find('january'),
    snapshots.request(requestOf('january'), REQUEST_KEY),
    new ProofStore(db, keyring).store(run, proofOf(0)),
    withClient(server.url, () => Promise.resolve()),
  ];
  for (const error of await Promise.all(attempts.map(refusal))) {
    expect(error).toHaveProperty('message');
    expect(isTransient(error)).toBe(true);
  }
  await server.restart();
  expect(await db.isReady()).toBe(true);
  expect(await new ProofStore(db, keyring).store(run, proofOf(0))).toBe('stored');
});

test('a database that does not exist, a wrong password or a full list of connections', async () => {
  const elsewhere = (change: (url: URL) => void) => {
    const url = new URL(server.url);
    change(url);
    return refusal(withClient(url.toString(), () => Promise.resolve()));
  };
  expect(isTransient(await elsewhere((url) => (url.pathname = '/nowhere')))).toBe(false);
  expect(isTransient(await elsewhere((url) => (url.password = 'wrong')))).toBe(false);
  await withClient(server.url, async (client) => {
    await client.query(`CREATE ROLE narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 0`);
  });
  const refused = await elsewhere((url) => {
    url.username = 'narrow';
    url.password = 'narrow';
  });
  expect(refused).toMatchObject({ code: '53300' });
  expect(isTransient(refused)).toBe(true);
});

async function untilAsleep(queries: number): Promise<void> {
  await untilCount(`wait_event = 'PgSleep'`, queries);
}

async function untilBusy(query: string): Promise<void> {
  await untilCount(`state = 'active' AND query LIKE '${query}'`, 1);
}

async function untilCount(condition: string, count: number): Promise<void> {
  await withClient(server.url, async (client) => {
    for (;;) {
      const { rowCount } = await client.query(`SELECT FROM pg_stat_activity WHERE ${condition}`);
      if (rowCount === count) return;
    }
  });
}

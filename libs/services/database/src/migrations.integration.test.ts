import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyTestDatabase, testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import type { Client } from 'pg';
import { openDatabase, withClient } from './database';
import {
  migrate,
  migrationCheck,
  migrationChecksum,
  migrationsFolder,
  pendingMigrations,
  readMigrations,
} from './migrations';

const NAMES = readMigrations().map(({ name }) => name);
let empty: TestDatabase;

beforeEach(async () => {
  empty = await emptyTestDatabase();
});
afterEach(() => empty.drop());

const history = (url: string) =>
  withClient(url, async (client: Client) => {
    const { rows } = await client.query<Record<string, unknown>>(
      'SELECT * FROM _prisma_migrations ORDER BY started_at',
    );
    return rows;
  });

test('an empty database gets every migration, once', async () => {
  expect(NAMES.length).toBeGreaterThan(0);
  expect(await pendingMigrations(empty.url)).toEqual(NAMES);
  expect((await migrate(empty.url)).applied).toEqual(NAMES);
  expect(await pendingMigrations(empty.url)).toEqual([]);
  expect((await migrate(empty.url)).applied).toEqual([]);
});

test('a service is ready when its database has every table, and asks no more', async () => {
  const database = openDatabase(empty.url);
  const check = migrationCheck(database);
  expect(await check()).toBe(false);
  await migrate(empty.url);
  expect(await check()).toBe(true);
  await database.close();
  await empty.drop();
  expect(await check()).toBe(true);
  empty = await emptyTestDatabase();
});

test('the history is what Prisma writes', async () => {
  await migrate(empty.url);
  const rows = await history(empty.url);
  expect(rows).toHaveLength(NAMES.length);
  const sql = readFileSync(join(migrationsFolder(), NAMES[0]!, 'migration.sql'));
  expect(rows[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    checksum: migrationChecksum(sql.toString('utf8')),
    migration_name: NAMES[0],
    started_at: expect.any(Date),
    finished_at: expect.any(Date),
    rolled_back_at: null,
    logs: null,
    applied_steps_count: 1,
  });
});

test('of several runners at once one applies, the others find it done', async () => {
  const applied = await Promise.all(
    Array.from({ length: 4 }, async () => (await migrate(empty.url)).applied),
  );
  expect(applied.flat()).toEqual(NAMES);
  expect(await history(empty.url)).toHaveLength(NAMES.length);
});

test('the runner waits for `prisma migrate`, which holds the same lock', async () => {
  await withClient(empty.url, async (prisma) => {
    await prisma.query('SELECT pg_advisory_lock(72707369)');
    let done = false;
    const running = migrate(empty.url).then(() => (done = true));
    await untilWaiting(prisma);
    expect(done).toBe(false);
    await prisma.query('SELECT pg_advisory_unlock(72707369)');
    await running;
  });
});

test.each<[string, string, string]>([
  ['another file', `UPDATE _prisma_migrations SET checksum = repeat('0', 64)`, 'MIGRATION_CHANGED'],
  [
    'a name this version does not know',
    `UPDATE _prisma_migrations SET migration_name = '2099_later'`,
    'MIGRATION_UNKNOWN',
  ],
  ['one that was not finished', 'UPDATE _prisma_migrations SET finished_at = NULL', 'MIGRATION_BROKEN'],
])('refuses a history with %s', async (_, change, code) => {
  await migrate(empty.url);
  await withClient(empty.url, (client) => client.query(change));
  await expect(migrate(empty.url)).rejects.toMatchObject({ code });
  await expect(pendingMigrations(empty.url)).rejects.toMatchObject({ code });
});

test('line ends of a file do not count, as for Prisma', async () => {
  await migrate(empty.url);
  await withClient(empty.url, async (client) => {
    for (const { name, sql } of readMigrations())
      await client.query('UPDATE _prisma_migrations SET checksum = $2 WHERE migration_name = $1', [
        name,
        migrationChecksum(sql.replaceAll('\n', '\r\n')),
      ]);
  });
  expect((await migrate(empty.url)).applied).toEqual([]);
});

test('a migration that fails leaves nothing, not even its record', async () => {
  // The table is there already, so the migration fails after it made its types.
  await withClient(empty.url, (client) => client.query('CREATE TABLE api_key (id int)'));
  await expect(migrate(empty.url)).rejects.toThrow(/api_key/);
  expect(await history(empty.url)).toEqual([]);
  await withClient(empty.url, async (client) => {
    const { rowCount } = await client.query(`SELECT FROM pg_type WHERE typname = 'SnapshotState'`);
    expect(rowCount).toBe(0);
    await client.query('DROP TABLE api_key');
  });
  expect((await migrate(empty.url)).applied).toEqual(NAMES);
});

test('bytes that do not compress are stored as they are', async () => {
  const migrated = await testDatabase();
  try {
    await withClient(migrated.url, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT attrelid::regclass || '.' || attname AS name FROM pg_attribute
         WHERE attstorage = 'e' AND attrelid IN ('proof'::regclass, 'batch'::regclass, 'tree_node'::regclass,
           'batch_cells'::regclass, 'inclusion_document'::regclass, 'job_part'::regclass) ORDER BY 1`,
      );
      expect(rows.map(({ name }) => name)).toEqual([
        'batch.witness',
        'batch_cells.cells',
        'inclusion_document.document',
        'job_part.payload',
        'proof.proof',
      ]);
    });
  } finally {
    await migrated.drop();
  }
});

/** Until another connection waits for a lock. */
async function untilWaiting(client: Client): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    if (rowCount !== 0) return;
  }
}

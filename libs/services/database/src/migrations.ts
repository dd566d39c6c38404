import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import type { ClientBase } from 'pg';
import { withClient, type Database } from './database';
import type { DatabaseService } from './grants';
import { grantServices } from './roles';

interface Migration {
  readonly name: string;
  readonly sql: string;
}

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

export interface Migrated {
  readonly applied: readonly string[];
  readonly withoutRole: readonly DatabaseService[];
}

/** The lock that `prisma migrate` takes: it and this runner exclude each other. */
const PRISMA_LOCK = 72_707_369;
/** As Prisma makes it. */
const HISTORY = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;
/** NULLS NOT DISTINCT. */
const OLDEST_SERVER = 150_000;

/**
 * Applies the migrations that are missing, in order, each in one transaction together with its record. The
 * records are Prisma's own, so `prisma migrate deploy` may be used before or after; unlike it, this runner
 * needs no engine to be downloaded. Two at once: one waits.
 *
 * Then every service's role gets its rights, and loses all others.
 *
 * @returns names of those applied now, and services that have no role in this database's server
 * @throws SolventError MIGRATION_SERVER_OLD (usage), MIGRATION_CHANGED (invalid: an applied one's file is
 *   another now), MIGRATION_UNKNOWN (usage: the
 *   database is ahead of this version), MIGRATION_BROKEN (usage: one that Prisma began and did not finish)
 */
export async function migrate(url: string): Promise<Migrated> {
  return withClient(url, async (client) => {
    await refuseOldServer(client);
    // Of the session: it goes with the connection.
    await client.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`);
    await client.query(HISTORY);
    const missing = compare(readMigrations(), await readHistory(client));
    for (const migration of missing) await apply(client, migration);
    return { applied: missing.map(({ name }) => name), withoutRole: await grantServices(client) };
  });
}

/** Names of migrations that are not applied yet. @throws as `migrate` */
export async function pendingMigrations(database: string | Database): Promise<string[]> {
  return withClient(typeof database === 'string' ? database : database.url, async (client) => {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS there`,
    );
    const history = rows[0]?.there ? await readHistory(client) : [];
    return compare(readMigrations(), history).map(({ name }) => name);
  });
}

/**
 * A readiness check: whether the database has every table. Asked until it has once; migrations are not taken
 * back under a running service.
 */
export function migrationCheck(database: Database): () => Promise<boolean> {
  let done = false;
  return async () => (done ||= (await pendingMigrations(database)).length === 0);
}

/** SHA-256 of a migration file, as Prisma records it: hex. */
export function migrationChecksum(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** prisma/migrations, from the sources or from a bundle below dist/: looked for upwards. */
export function migrationsFolder(from = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'prisma', 'migrations');
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) throw new Error(`prisma/migrations is missing: it belongs beside dist/`);
  }
}

export function readMigrations(folder = migrationsFolder()): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readHistory(client: ClientBase): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    `SELECT migration_name, checksum, finished_at FROM "_prisma_migrations"
     WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return rows;
}

/** @returns those not applied yet */
function compare(migrations: readonly Migration[], history: readonly Applied[]): Migration[] {
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished_at: finished } of history) {
    const file = files.get(name);
    if (!file)
      throw new SolventError(
        'MIGRATION_UNKNOWN',
        'usage',
        `the database has the migration ${name}, which this version does not know: use the version that made it, or a newer one`,
      );
    if (finished === null)
      throw new SolventError(
        'MIGRATION_BROKEN',
        'usage',
        `the migration ${name} was begun and not finished: see \`prisma migrate resolve\``,
      );
    if (!isSame(file.sql, checksum))
      throw new SolventError(
        'MIGRATION_CHANGED',
        'invalid',
        `the migration ${name} was applied, and its file is another now: restore it`,
      );
    files.delete(name);
  }
  return [...files.values()];
}

/** Line ends don't count, as for Prisma: git changes them. */
function isSame(sql: string, checksum: string): boolean {
  const lf = sql.replaceAll('\r\n', '\n');
  return [sql, lf, lf.replaceAll('\n', '\r\n')].some((text) => migrationChecksum(text) === checksum);
}

async function apply(client: ClientBase, { name, sql }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migrationChecksum(sql), name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function refuseOldServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const version = rows[0]!.version;
  if (version < OLDEST_SERVER)
    throw new SolventError(
      'MIGRATION_SERVER_OLD',
      'usage',
      `PostgreSQL 15 or newer is needed, this is ${Math.floor(version / 10_000)}`,
    );
}

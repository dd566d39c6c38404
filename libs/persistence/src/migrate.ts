import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { SolventError } from '@solvent/algebra';

interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, as Prisma records it. */
  readonly checksum: string;
}

/** As Prisma's migration engine makes it, so that `prisma migrate deploy` and this runner agree. */
const HISTORY = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/** Prisma's own advisory lock for migrations. */
const LOCK = 72_707_369;

/**
 * Brings the database up to date: applies the migrations that it lacks, each in one transaction, one process at a time.
 *
 * @returns names of those applied now
 * @throws SolventError MIGRATION_ALTERED (an applied file was changed), MIGRATION_UNKNOWN (the database is newer than this program)
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(HISTORY);
    const applied: string[] = [];
    for (const { name, sql, checksum } of await pending(client)) {
      const id = randomUUID();
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query(
          `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
           VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
          [id, checksum, name],
        );
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
      applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/** Names of the migrations that the database lacks. @throws as migrate */
export async function pendingMigrations(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ found: boolean }>(
      `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS found`,
    );
    if (!rows[0]!.found) return (await migrations()).map(({ name }) => name);
    return (await pending(client)).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function pending(client: Client): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT "migration_name", "checksum" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL',
  );
  const known = await migrations();
  const applied = new Map(rows.map(({ migration_name, checksum }) => [migration_name, checksum]));
  for (const [name, checksum] of applied) {
    const file = known.find((migration) => migration.name === name);
    if (!file)
      throw new SolventError(
        'MIGRATION_UNKNOWN',
        'usage',
        `the database has the migration ${name}, which this version does not know: use the version that made it, or a newer one`,
      );
    if (file.checksum !== checksum)
      throw new SolventError(
        'MIGRATION_ALTERED',
        'usage',
        `the migration ${name} was changed after it was applied: restore the file, and write a new migration`,
      );
  }
  return known.filter(({ name }) => !applied.has(name));
}

/** All migrations there are, in order. */
async function migrations(): Promise<Migration[]> {
  const folder = migrationsFolder();
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return Promise.all(
    names
      .map(({ name }) => name)
      .sort()
      .map(async (name) => {
        const file = await readFile(join(folder, name, 'migration.sql'));
        return {
          name,
          sql: file.toString('utf8'),
          checksum: createHash('sha256').update(file).digest('hex'),
        };
      }),
  );
}

/** prisma/migrations of the checkout or image that this code, or the bundle it was put into, lies in. */
function migrationsFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'prisma', 'migrations');
    if (existsSync(found)) return found;
  }
  throw new SolventError(
    'MIGRATIONS_MISSING',
    'usage',
    'the folder prisma/migrations is missing beside this program',
  );
}

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@solvent-por/dev/embedded-postgres';
import {
  addressAs,
  makeRoles,
  migrate,
  restrictDatabase,
  withClient,
  type DatabaseRole,
} from '@solvent-por/services/database';
import { runDirectory, sharedServer, type SharedServer } from './shared-server';
import { FAST_SETTINGS } from './test-postgres';

export interface TestDatabase {
  /** As a superuser: what a test looks at and spoils. */
  readonly url: string;
  /** The same database as a service sees it, with the rights of its role. */
  as(role: DatabaseRole): string;
  drop(): Promise<void>;
}

/** Of all roles, on a server that tests alone use. */
const PASSWORD = 'of tests only';
const PASSWORDS = {
  ...{ migrator: PASSWORD, gateway: PASSWORD, ingest: PASSWORD },
  ...{ prover: PASSWORD, signer: PASSWORD },
};

/** Serialises workers that make the template. */
const TEMPLATE_LOCK = 7_210_733;
const MIGRATIONS = join(__dirname, '..', '..', '..', '..', 'prisma', 'migrations');
const GRANTS = join(__dirname, '..', '..', '..', 'services', 'database', 'src', 'grants.ts');
let template: Promise<{ readonly admin: string; readonly name: string }> | undefined;

/**
 * A fresh, migrated database: a copy of a template, made in some 50 ms, within one PostgreSQL for the whole
 * run of jest, or within the one that SOLVENT_TEST_POSTGRES_URL names (its role must be a superuser).
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { admin, name } = await (template ??= makeTemplate());
  return createDatabase(admin, name);
}

/** An empty database, not migrated. */
export async function emptyTestDatabase(): Promise<TestDatabase> {
  const { admin } = await (template ??= makeTemplate());
  return createDatabase(admin, 'template0');
}

async function createDatabase(admin: string, from: string): Promise<TestDatabase> {
  const name = `solvent_test_${randomBytes(8).toString('hex')}`;
  await withClient(admin, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${from}`);
    // A copy has the tables' owners and rights, and not its own.
    if (from !== 'template0') await restrictDatabase(client, name);
  });
  return {
    url: within(admin, name),
    as: (role) => addressAs(within(admin, name), role, PASSWORD),
    drop: () =>
      withClient(admin, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}

async function makeTemplate(): Promise<{ admin: string; name: string }> {
  const admin = process.env.SOLVENT_TEST_POSTGRES_URL ?? (await sharedServer('postgres', startShared));
  const name = `solvent_test_template_${migrationsDigest()}`;
  await withClient(admin, async (client) => {
    await client.query(`SELECT pg_advisory_lock(${TEMPLATE_LOCK})`);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount !== 0) return;
    await client.query(`DROP DATABASE IF EXISTS ${name}_making`);
    await client.query(`CREATE DATABASE ${name}_making TEMPLATE template0`);
    const making = within(admin, `${name}_making`);
    await makeRoles(making, PASSWORDS);
    await migrate(addressAs(making, 'migrator', PASSWORD));
    await client.query(`ALTER DATABASE ${name}_making RENAME TO ${name}`);
  });
  return { admin, name };
}

/** A server that stays keeps its template until migrations or rights change. */
function migrationsDigest(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(MIGRATIONS).sort()) {
    const file = join(MIGRATIONS, name, 'migration.sql');
    if (existsSync(file)) hash.update(name).update(readFileSync(file));
  }
  hash.update(readFileSync(GRANTS));
  return hash.digest('hex').slice(0, 12);
}

async function startShared(): Promise<SharedServer> {
  const { pid, directory, url } = await startEmbeddedPostgres({
    directory: join(runDirectory(), 'postgres'),
    log: () => undefined,
    settings: { ...FAST_SETTINGS, max_connections: '300' },
    outlive: true,
  });
  return { pid, directory, signal: 'SIGQUIT', address: url };
}

function within(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.toString();
}

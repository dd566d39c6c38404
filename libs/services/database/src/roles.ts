import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { SolventError } from '@solvent-por/kzg';
import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import { withClient } from './database';
import { GRANTS, SERVICES, type DatabaseService } from './grants';

/** Who connects as what: the migrator owns everything, a service has the few rights of `GRANTS`. */
export const DATABASE_ROLES = {
  migrator: 'solvent_migrator',
  gateway: 'solvent_gateway',
  ingest: 'solvent_ingest',
  prover: 'solvent_prover',
  signer: 'solvent_signer',
} as const satisfies Record<DatabaseService | 'migrator', string>;

export type DatabaseRole = keyof typeof DATABASE_ROLES;

/** Makes roles one after the other: they are the cluster's, not a database's. */
const ROLES_LOCK = 7_210_734;
const SCRAM_ITERATIONS = 4096;

/**
 * Makes the roles, or gives those that there are their passwords and takes from them what they should not
 * have; the migrator then owns the database and everything of ours in it. Again it does the same.
 *
 * @param admin address of the database as a role that may make roles and owns the database, or a superuser
 * @param passwords of every role; they leave this process as SCRAM verifiers
 */
export async function makeRoles(
  admin: string,
  passwords: Readonly<Record<DatabaseRole, string>>,
): Promise<void> {
  await withClient(admin, async (client) => {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${ROLES_LOCK})`);
    for (const role of Object.keys(DATABASE_ROLES) as DatabaseRole[])
      await makeRole(client, DATABASE_ROLES[role], passwords[role]);
    await giveToMigrator(client);
    await client.query('COMMIT');
  });
}

/**
 * What each service may do, and nothing else; for the roles that there are. Called with the migrator's or a
 * superuser's connection, after migrations.
 * @returns services that have no role here
 */
export async function grantServices(client: ClientBase): Promise<DatabaseService[]> {
  const missing: DatabaseService[] = [];
  const schema = escapeIdentifier(
    (await one<{ schema: string }>(client, 'SELECT current_schema() AS schema')).schema,
  );
  await client.query('BEGIN');
  try {
    for (const service of SERVICES) {
      const role = DATABASE_ROLES[service];
      if ((await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])).rowCount === 0) {
        missing.push(service);
        continue;
      }
      for (const what of ['TABLES', 'SEQUENCES', 'FUNCTIONS'])
        await client.query(`REVOKE ALL ON ALL ${what} IN SCHEMA ${schema} FROM ${role}`);
      await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
      for (const grant of GRANTS[service]) await client.query(`GRANT ${grant} TO ${role}`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  return missing;
}

/**
 * The role and password of an address.
 * @throws SolventError DATABASE_ROLE_UNKNOWN (usage): it names none of ours, or no password; nothing of it is
 *   repeated
 */
export function roleOf(address: string): { readonly role: DatabaseRole; readonly password: string } {
  const { username, password } = new URL(address);
  const found = (Object.keys(DATABASE_ROLES) as DatabaseRole[]).find(
    (role) => DATABASE_ROLES[role] === decodeURIComponent(username),
  );
  if (found && password !== '') return { role: found, password: decodeURIComponent(password) };
  throw new SolventError(
    'DATABASE_ROLE_UNKNOWN',
    'usage',
    `each file must hold the address of the database as one of its roles, with its password: postgresql://NAME:password@host:5432/database, where NAME is ${Object.values(DATABASE_ROLES).join(', ')}`,
  );
}

/** The same database as another role. */
export function addressAs(address: string, role: DatabaseRole, password: string): string {
  const url = new URL(address);
  url.username = DATABASE_ROLES[role];
  url.password = encodeURIComponent(password);
  return url.toString();
}

async function makeRole(client: ClientBase, name: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${name}`);
  await client.query(
    `ALTER ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${escapeLiteral(scramVerifier(password))}`,
  );
}

/** A database is the migrator's, and nobody but our roles connects to it. */
export async function restrictDatabase(client: ClientBase, name: string): Promise<void> {
  const { migrator, ...services } = DATABASE_ROLES;
  const database = escapeIdentifier(name);
  await client.query(`ALTER DATABASE ${database} OWNER TO ${migrator}`);
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${Object.values(services).join(', ')}`);
}

/** Whatever a superuser made of ours before becomes the migrator's. */
async function giveToMigrator(client: ClientBase): Promise<void> {
  const { migrator } = DATABASE_ROLES;
  const { name, schema } = await one<{ name: string; schema: string }>(
    client,
    'SELECT current_database() AS name, current_schema() AS schema',
  );
  await restrictDatabase(client, name);
  const { rows } = await client.query<{ sql: string }>(
    `SELECT format('ALTER %s %s OWNER TO %I', what, name, $2::text) AS sql FROM (
       SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS what, c.oid::regclass::text AS name, c.relowner AS owner
       FROM pg_class c WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p')
       UNION ALL SELECT 'TYPE', t.oid::regtype::text, t.typowner FROM pg_type t WHERE t.typnamespace = to_regnamespace($1) AND t.typtype = 'e'
       UNION ALL SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner FROM pg_proc p WHERE p.pronamespace = to_regnamespace($1)) o
     WHERE owner <> to_regrole($2)`,
    [schema, migrator],
  );
  for (const { sql } of rows) await client.query(sql);
}

/** What PostgreSQL keeps of a password (RFC 5803), so that none stands in a statement, or in a log of them. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${stored}:${hmac('Server Key').toString('base64')}`;
}

async function one<Row extends object>(client: ClientBase, sql: string): Promise<Row> {
  return (await client.query<Row>(sql)).rows[0]!;
}

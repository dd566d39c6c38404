import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import type { Client } from 'pg';
import { ApiKeyRepository } from './api-keys';
import { AuditLog } from './audit-log';
import { openDatabase, withClient, type Database } from './database';
import { GRANTS, SERVICES } from './grants';
import { DATABASE_ROLES, roleOf, type DatabaseRole } from './roles';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';
import {
  keyring,
  proofOf,
  proving,
  publicationOf,
  published,
  REQUEST_KEY,
  requestOf,
} from '../testing/snapshots';

const DENIED = '42501';
let database: TestDatabase;
let admin: Database;
beforeAll(async () => {
  database = await testDatabase();
  admin = openDatabase(database.url);
  await published(admin, requestOf('january'));
  await proving(admin, requestOf('february', { takenAt: '2026-02-28T00:00:00Z' }));
  await admin.pool.query(
    `INSERT INTO reserves (snapshot_id, source, state, document, lines, bytes, parts, part_digests, plan_mac, report, digest, digests,
       witness_key_id, published_at)
     VALUES ('january', 'x', 'PUBLISHED', 'd', 0, 0, 0, '', $1, 'r', $1, 's', 'k1', now())`,
    [Buffer.alloc(32)],
  );
  await new ApiKeyRepository(admin).create({ name: 'ops', role: 'OPERATOR', createdBy: 'cli' });
});
afterAll(async () => {
  await admin.close();
  await database.drop();
});

/** The code of the refusal; undefined where it was done, and then taken back. */
async function refusal(role: DatabaseRole, sql: string): Promise<string | undefined> {
  return withClient(database.as(role), async (client: Client) => {
    await client.query('BEGIN');
    try {
      await client.query(sql);
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.query('ROLLBACK');
    }
  });
}

test('no role is a superuser, may make roles or databases, or replicates', async () => {
  const { rows } = await admin.pool.query(
    `SELECT rolname FROM pg_roles WHERE rolname = ANY($1)
       AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)`,
    [Object.values(DATABASE_ROLES)],
  );
  expect(rows).toHaveLength(5);
});

/** What a service that was taken over would try first. */
const ATTACKS: Array<[string, string]> = [
  ['a program of the server', `COPY (SELECT 1) TO PROGRAM 'true'`],
  ['a file of the server', `COPY (SELECT 1) TO '/tmp/solvent-stolen'`],
  ['the server’s files', `SELECT pg_read_file('/etc/passwd')`],
  ['the audit, changed', `UPDATE audit_event SET actor = 'x'`],
  ['the audit, removed', 'DELETE FROM audit_event'],
  ['the audit, emptied', 'TRUNCATE audit_event'],
  ['the audit, read', 'SELECT FROM audit_event'],
  [
    'the audit, written with a number',
    `INSERT INTO audit_event (id, actor, action, target) VALUES (9, 'a', 'b', 'c')`,
  ],
  ['the audit, without its chain', 'ALTER TABLE audit_event DISABLE TRIGGER ALL'],
  ['triggers, off', `SET session_replication_role = 'replica'`],
  [
    'a function of the owner’s',
    'CREATE OR REPLACE FUNCTION audit_event_stays() RETURNS TRIGGER LANGUAGE sql AS $$ SELECT NULL $$',
  ],
  ['a table of its own', 'CREATE TABLE mine (id int)'],
  ['a temporary table', 'CREATE TEMPORARY TABLE audit_event (id int)'],
  ['another role', 'SET ROLE solvent_migrator'],
  ['a role of its own', 'CREATE ROLE mallory'],
  ['its own rights', 'GRANT SELECT ON audit_event TO CURRENT_USER'],
  ['a snapshot, removed', `DELETE FROM snapshot WHERE id = 'january'`],
  ['the partition of accounts', 'TRUNCATE account_entry'],
  ['the migrations', 'DELETE FROM _prisma_migrations'],
  ['the header of a snapshot', `UPDATE snapshot SET header = header`],
  ['a published proof', `UPDATE proof SET proof = proof`],
  ['where accounts stand', `UPDATE account_entry SET batch = batch`],
];
const each = SERVICES.flatMap((service) => ATTACKS.map(([what, sql]) => [service, what, sql] as const));
test.each(each)('%s: %s: refused', async (service, _, sql) => {
  expect(await refusal(service, sql)).toBe(DENIED);
});

test.each<[DatabaseRole, string, string]>([
  ['prover', 'hashes of API keys', 'SELECT secret_hash FROM api_key'],
  ['ingest', 'hashes of API keys', 'SELECT secret_hash FROM api_key'],
  ['signer', 'hashes of API keys', 'SELECT secret_hash FROM api_key'],
  [
    'prover',
    'a key of its own',
    `INSERT INTO api_key (id, name, role, secret_hash) VALUES ('0', 'x', 'OPERATOR', '')`,
  ],
  ['gateway', 'a key’s role', `UPDATE api_key SET role = 'OPERATOR'`],
  ['prover', 'the witness of others', 'SELECT witness FROM batch'],
  ['ingest', 'the witness', 'SELECT witness FROM batch'],
  ['prover', 'where accounts stand', 'SELECT FROM account_entry'],
  ['gateway', 'a proof', `INSERT INTO proof VALUES ('january', 9, 1, '', 1, 1)`],
  ['gateway', 'a job', 'SELECT FROM job_part'],
  ['gateway', 'shard prefixes', 'SELECT FROM batch_prefixes'],
  ['ingest', 'a request', `INSERT INTO snapshot (id) VALUES ('x')`],
  ['prover', 'a request', `INSERT INTO snapshot (id) VALUES ('x')`],
  ['prover', 'the MAC of a request', 'UPDATE snapshot SET request_mac = NULL'],
  ...(['gateway', 'ingest', 'prover'] as const).flatMap((role): Array<[DatabaseRole, string, string]> => [
    [role, 'a manifest', `UPDATE snapshot SET manifest = '' WHERE id = 'february'`],
    [role, 'a node of the tree', 'INSERT INTO tree_node SELECT * FROM tree_node'],
    [role, 'a bundle’s index', `UPDATE sealed_bundle SET index = ''`],
  ]),
  ...(['ingest', 'prover', 'signer'] as const).flatMap((role): Array<[DatabaseRole, string, string]> => [
    [role, 'the storage of an attempt', `SELECT prepare_attempt('january')`],
    [role, 'the storage of an attempt at reserves', `SELECT prepare_reserves('january')`],
    [role, 'a request of reserves', `INSERT INTO reserves (snapshot_id, source) VALUES ('february', 'x')`],
  ]),
  ...(['gateway', 'ingest', 'signer'] as const).flatMap((role): Array<[DatabaseRole, string, string]> => [
    [role, 'a report of reserves', `UPDATE reserves SET report = ''`],
    [role, 'what lines were judged to be', 'UPDATE reserve_part SET judged = NULL'],
    [role, 'a listed line', `INSERT INTO reserve_line (snapshot_id, line) VALUES ('january', 1)`],
  ]),
  ['signer', 'reserves', 'SELECT FROM reserves'],
  ...(['ingest', 'prover', 'signer'] as const).flatMap((role): Array<[DatabaseRole, string, string]> => [
    [role, 'challenges of partners', 'SELECT FROM claim_challenge'],
    [role, 'nullifiers of claims', 'SELECT FROM claim_nullifier'],
  ]),
  ['gateway', 'a nullifier, forgotten', 'DELETE FROM claim_nullifier'],
  ['gateway', 'when a nullifier was seen', 'UPDATE claim_nullifier SET seen_at = now()'],
  ...(['ingest', 'signer'] as const).map((role): [DatabaseRole, string, string] => [
    role,
    'claims that are being made',
    'SELECT FROM claim_proving',
  ]),
  ['gateway', 'a claim that no prover made', `UPDATE claim_proving SET claim = ''`],
  [
    'prover',
    'a claim that nobody asked for',
    `INSERT INTO claim_proving (id, snapshot_id, caller, account, request, witness_key_id, until) VALUES ('', 'january', '', '', '', 'k1', now())`,
  ],
  ['prover', 'whose a claim is', `UPDATE claim_proving SET caller = ''`],
  ['gateway', 'whose a challenge is', `UPDATE claim_challenge SET api_key_id = 'x'`],
  ['prover', 'the lines of reserves', `UPDATE reserve_part SET content = '', digest = ''`],
  ['prover', 'where reserves lie', `UPDATE reserves SET source = 'x'`],
  ['ingest', 'the lines of reserves, again', `UPDATE reserve_part SET content = ''`],
  ...(['gateway', 'prover'] as const).map((role): [DatabaseRole, string, string] => [
    role,
    'reserves, removed',
    'DELETE FROM reserve_line',
  ]),
])('%s: %s: refused', async (role, _, sql) => {
  expect(await refusal(role, sql)).toBe(DENIED);
});

test('the gateway can empty nothing of a snapshot that is published or under way', async () => {
  for (const id of ['january', 'february', 'unknown'])
    expect(await refusal('gateway', `SELECT prepare_attempt('${id}')`)).toBe('55000');
  // Nor call it requested: a manifest that it may not change stands against that.
  expect(await refusal('gateway', `UPDATE snapshot SET state = 'REQUESTED' WHERE id = 'january'`)).toBe(
    '55000',
  );
});

test.each<[DatabaseRole, string]>([
  ['gateway', `source = 'x', state = 'REQUESTED'`],
  ['ingest', 'plan_mac = NULL'],
  ['prover', `report = '', digest = decode(repeat('00', 32), 'hex')`],
])('published reserves stay as they are: %s, %s: refused', async (role, set) => {
  expect(await refusal(role, `UPDATE reserves SET ${set} WHERE snapshot_id = 'january'`)).toBe('55000');
  expect(await refusal('gateway', `SELECT prepare_reserves('january')`)).toBe('55000');
  expect(
    await refusal('migrator', `UPDATE reserves SET witness_key_id = 'k2' WHERE snapshot_id = 'january'`),
  ).toBeUndefined();
});

test.each<[DatabaseRole, string]>([
  ['signer', `manifest = '', manifest_digest = decode(repeat('00', 32), 'hex')`],
  ['gateway', 'accounts = 1, requested_by = NULL'],
  ['ingest', 'accounts = 1'],
  ['prover', `state = 'FAILED'`],
])('a published row was open to the service that may write its columns: %s: refused', async (role, set) => {
  expect(await refusal(role, `UPDATE snapshot SET ${set} WHERE id = 'january'`)).toBe('55000');
});

test('the owner may drop private data of what is published', async () => {
  expect(
    await refusal('migrator', `UPDATE snapshot SET private_data_dropped_at = now() WHERE id = 'january'`),
  ).toBeUndefined();
});

test('everything is the migrator’s; nobody else connects', async () => {
  const { rows } = await admin.pool.query<{ owner: string }>(
    `SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'i')`,
  );
  expect(rows).toEqual([{ owner: 'solvent_migrator' }]);
});

test('rights are granted for tables that there are, and every table has its reader', async () => {
  const { rows } = await admin.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
  );
  const granted = Object.values(GRANTS).flat().join(' ');
  for (const { name } of rows) expect([name, granted.includes(name)]).toEqual([name, true]);
});

test('a snapshot goes its whole way, each step with the rights of its service', async () => {
  const open = (role: DatabaseRole) => openDatabase(database.as(role), { connections: 2 });
  const [gateway, ingest, prover, signer] = SERVICES.map(open) as [Database, Database, Database, Database];
  try {
    const request = requestOf('march', { takenAt: '2026-03-31T00:00:00Z' });
    for (const attempt of [1, 2]) {
      const { snapshot } = await new SnapshotRepository(gateway).request(request, REQUEST_KEY);
      const run = { snapshotId: 'march', attempt };
      expect(snapshot).toMatchObject({ state: 'REQUESTED', attempt });
      const ingesting = new SnapshotRepository(ingest);
      await ingesting.beginIngest(run);
      const plan = { sourceDigest: `0x${'5'.repeat(64)}`, accounts: 6, batchesPerProof: 2, batchCount: 2 };
      await ingesting.recordPlan(run, plan, REQUEST_KEY);
      expect(await ingesting.finishIngest(run)).toBe(true);
      expect(await new ProofStore(prover, keyring).store(run, proofOf(0))).toBe('stored');
      if (attempt === 1) {
        const failure = { code: 'X', message: 'once' };
        expect(await new SnapshotRepository(prover).fail(run, failure, { actor: 'prover' })).toBe(true);
      } else {
        const { manifestDigest } = publicationOf('january');
        const publication = publicationOf('march', manifestDigest);
        expect(await new SnapshotRepository(signer).publish(run, publication)).toBe(true);
      }
    }
    for (const db of [gateway, ingest, prover, signer])
      await new AuditLog(db).record({ actor: 'test', action: 'test', target: 'x' });
  } finally {
    await Promise.all([gateway, ingest, prover, signer].map((db) => db.close()));
  }
  const events = await new AuditLog(admin).list({ first: 5 });
  expect(events.at(-1)).toMatchObject({ actor: 'signer', action: 'snapshot.publish', target: 'march' });
});

test('an address names its role and password, and is not repeated when it does not', () => {
  expect(roleOf('postgresql://solvent_prover:p%40ss@db:5432/solvent')).toEqual({
    role: 'prover',
    password: 'p@ss',
  });
  for (const address of [
    'postgresql://postgres:hidden@db/solvent',
    'postgresql://solvent_prover@db/solvent',
  ]) {
    expect(() => roleOf(address)).toThrow(
      expect.objectContaining({ code: 'DATABASE_ROLE_UNKNOWN' }) as Error,
    );
    expect(() => roleOf(address)).not.toThrow('hidden');
  }
});

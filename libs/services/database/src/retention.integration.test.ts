import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { bytesOf, idOf, keyring, proofOf, proving, published, requestOf } from '../testing/snapshots';
import { lookupKey } from './lookup-key';
import { openDatabase, type Database } from './database';
import { LookupRepository } from './lookup-repository';
import { partitionOf, removePartition } from './partition';
import { ProofReads } from './proof-reads';
import { dropPrivateData } from './retention';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';

let database: TestDatabase;
let db: Database;
let lookups: LookupRepository;
let proofs: ProofStore;
const key = lookupKey(idOf(0, 0));

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  lookups = new LookupRepository(db, keyring);
  proofs = new ProofStore(db, keyring);
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

const partitionExists = async (id: string) =>
  (await db.pool.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [partitionOf(id)]))
    .rows[0]!.there;

test('private data of one snapshot goes; what is published, and the other snapshots, stay', async () => {
  await published(db, requestOf('january'));
  const february = { takenAt: '2026-02-28T00:00:00Z' };
  await published(db, requestOf('february', february), bytesOf('digest january'));
  for (const id of ['january', 'february']) {
    await lookups.keep([{ snapshotId: id, attempt: 1, lookupKey: key, record: bytesOf('document') }]);
    await lookups.keepCells(id, 1, bytesOf('cells'));
  }

  await dropPrivateData(db, 'january');
  expect((await lookups.look('january', key)).place).toBeNull();
  expect((await lookups.look('january', key)).kept).toBeNull();
  expect(await lookups.cells('january', 1)).toBeNull();
  expect(await proofs.witness('january', 0)).toBeNull();
  expect(await partitionExists('january')).toBe(false);

  const snapshot = await new SnapshotRepository(db).find('january');
  expect(snapshot).toMatchObject({ state: 'PUBLISHED', privateDataDroppedAt: expect.any(Date) });
  expect(snapshot!.manifest).not.toBeNull();
  expect(await new ProofReads(db).lines('january', 0, 9)).toHaveLength(1);
  expect(await lookups.nodes('january', [{ start: 0, size: 2 }])).toHaveLength(1);

  expect((await lookups.look('february', key)).place).toEqual({ batch: 0, row: 0 });
  expect((await lookups.look('february', key)).kept).toEqual(bytesOf('document'));
  expect(await lookups.cells('february', 1)).toEqual(bytesOf('cells'));
  expect(await proofs.witness('february', 0)).toEqual(bytesOf('witness 0', 3_000));
});

test('again does nothing, and nothing is kept afterwards', async () => {
  await published(db, requestOf('january'));
  await dropPrivateData(db, 'january');
  const { privateDataDroppedAt: when } = (await new SnapshotRepository(db).find('january'))!;
  await lookups.keep([{ snapshotId: 'january', attempt: 1, lookupKey: key, record: bytesOf('document') }]);
  await dropPrivateData(db, 'january');
  expect((await lookups.look('january', key)).kept).toBeNull();
  expect((await new SnapshotRepository(db).find('january'))!.privateDataDroppedAt).toEqual(when);
});

test('a snapshot that is unknown or not done is refused, with all its data left', async () => {
  await expect(dropPrivateData(db, 'unknown')).rejects.toMatchObject({
    code: 'SNAPSHOT_UNKNOWN',
    kind: 'usage',
  });
  const run = await proving(db, requestOf('january'));
  await proofs.store(run, proofOf(0));
  await expect(dropPrivateData(db, 'january')).rejects.toMatchObject({
    code: 'SNAPSHOT_UNFINISHED',
    kind: 'usage',
  });
  expect((await lookups.look('january', key)).place).toEqual({ batch: 0, row: 0 });
});

test('a failed one may be dropped, and requested again after that', async () => {
  const run = await proving(db, requestOf('january'));
  await proofs.store(run, proofOf(0));
  await new SnapshotRepository(db).fail(run, { code: 'X', message: 'x' }, { actor: 'prover' });
  await dropPrivateData(db, 'january');
  expect(await partitionExists('january')).toBe(false);
  const again = await published(db, requestOf('january'));
  expect(again.attempt).toBe(2);
  expect((await lookups.look('january', key)).place).toEqual({ batch: 0, row: 0 });
  expect(await new SnapshotRepository(db).find('january')).toMatchObject({ privateDataDroppedAt: null });
});

test('a removal that comes late leaves the partition of the next attempt', async () => {
  const run = await proving(db, requestOf('january'));
  await new SnapshotRepository(db).fail(run, { code: 'X', message: 'x' }, { actor: 'prover' });
  await dropPrivateData(db, 'january');
  await published(db, requestOf('january'));
  // As when the snapshot is requested again between the two halves of a retention.
  await removePartition(db, 'january');
  expect(await partitionExists('january')).toBe(true);
  expect((await lookups.look('january', key)).place).toEqual({ batch: 0, row: 0 });
});

test('look-ups in other snapshots are not held up, whoever reads at the same time', async () => {
  await published(db, requestOf('january'));
  await published(db, requestOf('february', { takenAt: '2026-02-28T00:00:00Z' }), bytesOf('digest january'));
  const reader = await db.pool.connect();
  let dropped = false;
  try {
    // An open transaction that reads the partitioned table makes the removal wait, and nobody else.
    await reader.query('BEGIN');
    await reader.query(`SELECT * FROM account_entry WHERE snapshot_id = 'february'`);
    const dropping = dropPrivateData(db, 'january').then(() => (dropped = true));
    while (!(await waitsForReader())) await lookups.look('february', key);
    expect(dropped).toBe(false);
    expect((await lookups.look('february', key)).place).toEqual({ batch: 0, row: 0 });
    await reader.query('COMMIT');
    await dropping;
  } finally {
    reader.release();
  }
  expect(await partitionExists('january')).toBe(false);
});

test('a removal that was interrupted is ended by the next one', async () => {
  await published(db, requestOf('january'));
  const reader = await db.pool.connect();
  try {
    await reader.query('BEGIN');
    // Of another snapshot: only the partitioned table itself is locked.
    await reader.query(`SELECT * FROM account_entry WHERE snapshot_id = 'none'`);
    const dropping = dropPrivateData(db, 'january');
    const refused = expect(dropping).rejects.toMatchObject({ code: '57P01' });
    while (!(await waitsForReader())) continue;
    await db.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%CONCURRENTLY%' AND pid <> pg_backend_pid()`,
    );
    await refused;
    await reader.query('COMMIT');
  } finally {
    reader.release();
  }
  expect(await partitionExists('january')).toBe(true);
  expect((await lookups.look('january', key)).place).toBeNull();
  await dropPrivateData(db, 'january');
  expect(await partitionExists('january')).toBe(false);
});

async function waitsForReader(): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `SELECT FROM pg_stat_activity WHERE query LIKE '%DETACH PARTITION%CONCURRENTLY%' AND wait_event_type = 'Lock'`,
  );
  return rowCount === 1;
}

import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import {
  REQUEST_KEY,
  bytesOf,
  keyring,
  prefixesOf,
  proofOf,
  proving,
  published,
  requestOf,
} from '../testing/snapshots';
import { openDatabase, type Database } from './database';
import { dropPrivateData } from './retention';
import { SealedBundles } from './sealed-bundles';
import { SealingStore } from './sealing-store';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';

let database: TestDatabase;
let db: Database;
let bundles: SealedBundles;
let store: SealingStore;
const SHAPE = { bits: 1, entries: 5 };
const FINISHED = {
  index: bytesOf('index', 300),
  tree: bytesOf('tree', 160),
  paths: [bytesOf('path 0'), bytesOf('path 1')],
};
const shardOf = (number: number) => ({
  entries: bytesOf(`shard ${number}`, 500),
  leaf: bytesOf(`leaf ${number}`),
});

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  bundles = new SealedBundles(db);
  store = new SealingStore(db, keyring);
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

async function beingSealed(): Promise<void> {
  await published(db, requestOf('january'));
  await bundles.request('january', 'ops', REQUEST_KEY);
  await bundles.begin('january', SHAPE);
}

const rowsOf = async (table: string) =>
  (await db.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;

test('shard prefixes are kept under seal, beside the witness', async () => {
  await published(db, requestOf('january'));
  expect(await store.batches('january')).toEqual([
    { batch: 0, accounts: 3 },
    { batch: 1, accounts: 3 },
  ]);
  expect(await store.prefixes('january', 1)).toEqual(prefixesOf(1));
  const { rows } = await db.pool.query<{ prefixes: Buffer }>('SELECT prefixes FROM batch_prefixes');
  for (const { prefixes } of rows) expect(prefixes.includes(prefixesOf(1))).toBe(false);
  await expect(store.prefixes('january', 2)).rejects.toMatchObject({ code: 'SEALED_PREFIXES_MISSING' });
});

test('from the request to the whole bundle, step by step; each of them twice', async () => {
  await published(db, requestOf('january'));
  expect(await bundles.progress('january')).toBeNull();
  expect(await bundles.request('january', 'ops', REQUEST_KEY)).toBe(true);
  expect(await bundles.request('january', 'ops', REQUEST_KEY)).toBe(false);
  const before = { batches: 2, batchesSealed: 0, shards: null, shardsWritten: 0, failure: null };
  expect(await bundles.progress('january')).toMatchObject({ state: 'REQUESTED', ...before });
  expect(await bundles.unfinished()).toEqual(['january']);
  expect(await store.putEntries('january', 0, bytesOf('entries'))).toBe(false);

  expect(await bundles.begin('january', SHAPE)).toBe(true);
  expect(await bundles.begin('january', SHAPE)).toBe(true);
  for (const batch of [1, 0, 1])
    expect(await store.putEntries('january', batch, bytesOf(`entries ${batch}`, 90))).toBe(true);
  expect(await store.sealedBatches('january')).toEqual(new Set([0, 1]));
  expect(await store.entries('january', 1, 30, 20)).toEqual(bytesOf('entries 1', 90).subarray(30, 50));
  await expect(store.entries('january', 1, 80, 20)).rejects.toMatchObject({ code: 'SEALED_INCOMPLETE' });
  for (const number of [0, 0, 1]) expect(await store.putShard('january', number, shardOf(number))).toBe(true);
  expect(await store.leaves('january')).toEqual([bytesOf('leaf 0'), bytesOf('leaf 1')]);
  expect(await bundles.progress('january')).toMatchObject({
    state: 'SEALING',
    batchesSealed: 2,
    shards: 2,
    shardsWritten: 2,
  });

  expect(await bundles.finish('january', FINISHED)).toBe(true);
  expect(await bundles.finish('january', FINISHED)).toBe(false);
  expect(await bundles.progress('january')).toMatchObject({
    ...{ state: 'SEALED', batchesSealed: 2, shards: 2, shardsWritten: 2, sealedAt: expect.any(Date) as Date },
  });
  expect(await rowsOf('sealed_entries')).toBe(0);
  // Nothing begins, fails or is added any more.
  expect(await bundles.request('january', 'ops', REQUEST_KEY)).toBe(false);
  expect(await bundles.begin('january', SHAPE)).toBe(false);
  expect(await bundles.fail('january', { code: 'X', message: 'late' })).toBe(false);
  expect(await store.putShard('january', 2, shardOf(2))).toBe(false);
  expect(await bundles.unfinished()).toEqual([]);
});

test('one with a shard that is not there is not finished', async () => {
  await beingSealed();
  await store.putShard('january', 0, shardOf(0));
  await expect(bundles.finish('january', FINISHED)).rejects.toMatchObject({ code: 'SEALED_INCOMPLETE' });
  expect(await bundles.progress('january')).toMatchObject({ state: 'SEALING', sealedAt: null });
  // A leaf behind a gap is not believed.
  await db.pool.query('UPDATE sealed_shard SET number = 1');
  expect(await store.leaves('january')).toEqual([]);
});

test('one that failed is gone on with when it is asked for again', async () => {
  await beingSealed();
  await store.putEntries('january', 0, bytesOf('entries'));
  expect(await bundles.fail('january', { code: 'SEALED_OVERFLOW', message: 'too many' })).toBe(true);
  expect(await bundles.progress('january')).toMatchObject({
    ...{ state: 'FAILED', failure: { code: 'SEALED_OVERFLOW', message: 'too many' } },
  });
  expect(await bundles.unfinished()).toEqual([]);
  expect(await bundles.request('january', 'ops', REQUEST_KEY)).toBe(true);
  expect(await bundles.progress('january')).toMatchObject({
    state: 'REQUESTED',
    batchesSealed: 1,
    failure: null,
  });
});

test('refused: unknown, not published, dropped, with identifiers that can be guessed', async () => {
  const refused = (id: string, code: string) =>
    expect(bundles.request(id, 'ops', REQUEST_KEY)).rejects.toMatchObject({ code, kind: 'usage' });
  await refused('unknown', 'SNAPSHOT_NOT_FOUND');
  const run = await proving(db, requestOf('proving'));
  await refused('proving', 'SNAPSHOT_NOT_PUBLISHED');
  await new SnapshotRepository(db).fail(run, { code: 'X', message: 'x' }, { actor: 'prover' });
  await refused('proving', 'SNAPSHOT_NOT_PUBLISHED');
  const weak = requestOf('weak');
  await published(db, { ...weak, config: { ...weak.config, acceptWeakIds: true } });
  await refused('weak', 'SEALED_WEAK_IDS');
  expect(await rowsOf('sealed_bundle')).toBe(0);
  await dropPrivateData(db, 'weak');
  await refused('weak', 'PRIVATE_DATA_DROPPED');
});

test('retention takes the bundle, and who makes it adds nothing behind its back', async () => {
  await beingSealed();
  await store.putEntries('january', 0, bytesOf('entries'));
  await store.putShard('january', 0, shardOf(0));
  await dropPrivateData(db, 'january');
  for (const table of ['sealed_bundle', 'sealed_entries', 'sealed_shard', 'batch_prefixes'])
    expect([table, await rowsOf(table)]).toEqual([table, 0]);
  expect(await store.putEntries('january', 1, bytesOf('entries'))).toBe(false);
  expect(await store.putShard('january', 1, shardOf(1))).toBe(false);
  expect(await bundles.finish('january', FINISHED)).toBe(false);
  expect(await rowsOf('sealed_shard')).toBe(0);
});

test('a run that begins anew has no prefixes of the one before', async () => {
  const request = requestOf('january');
  const run = await proving(db, request);
  await new ProofStore(db, keyring).store(run, proofOf(0));
  expect(await rowsOf('batch_prefixes')).toBe(2);
  const snapshots = new SnapshotRepository(db);
  await snapshots.fail(run, { code: 'X', message: 'x' }, { actor: 'prover' });
  await snapshots.request(request, REQUEST_KEY);
  expect(await rowsOf('batch_prefixes')).toBe(0);
});

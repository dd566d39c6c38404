import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import {
  bytesOf,
  idOf,
  keyring,
  proofOf,
  proving,
  publicationOf,
  published,
  requestOf,
} from '../testing/snapshots';
import { lookupKey } from './lookup-key';
import { openDatabase, type Database } from './database';
import { isDamaged, LOOKUP_QUERIES, LookupRepository } from './lookup-repository';
import { partitionOf } from './partition';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';
import { WitnessKeyring } from './witness-keyring';

let database: TestDatabase;
let db: Database;
let lookups: LookupRepository;

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  lookups = new LookupRepository(db, keyring);
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

const key = lookupKey(idOf(0, 0));
const record = bytesOf('record', 4_000);

test('an inclusion proof is kept once, sealed, and comes back', async () => {
  await published(db, requestOf('january'));
  expect((await lookups.look('january', key)).kept).toBeNull();
  await Promise.all(
    [1, 2, 3].map(() => lookups.keep([{ snapshotId: 'january', attempt: 1, lookupKey: key, record }])),
  );
  await lookups.keep([{ snapshotId: 'january', attempt: 1, lookupKey: key, record: bytesOf('another') }]);
  expect((await lookups.look('january', key)).kept).toEqual(record);
  const { rows } = await db.pool.query<{ document: Buffer }>('SELECT document FROM inclusion_document');
  expect(rows).toHaveLength(1);
  expect(rows[0]!.document.includes(record.subarray(0, 16))).toBe(false);
});

test('many are kept in one statement, of the snapshots that are published, whichever of them were kept before', async () => {
  await published(db, requestOf('january'));
  await proving(db, requestOf('february', { takenAt: '2026-02-28T00:00:00Z' }));
  const proofs = ['january', 'february', 'unknown'].flatMap((snapshotId) =>
    [0, 1, 2, 1].map((row) => ({
      snapshotId,
      lookupKey: lookupKey(idOf(0, row)),
      record: bytesOf(`${row}`),
      attempt: 1,
    })),
  );
  await lookups.keep([{ snapshotId: 'january', attempt: 1, lookupKey: key, record }]);
  await Promise.all([lookups.keep(proofs), lookups.keep([...proofs].reverse()), lookups.keep([])]);
  const { rows } = await db.pool.query('SELECT DISTINCT snapshot_id FROM inclusion_document');
  expect(rows).toEqual([{ snapshot_id: 'january' }]);
  expect((await lookups.look('january', key)).kept).toEqual(record);
  expect((await lookups.look('january', lookupKey(idOf(0, 2)))).kept).toEqual(bytesOf('2'));
});

test('a kept proof that was moved, or is under an unknown key, is damaged: said, not thrown, and repaired', async () => {
  await published(db, requestOf('january'));
  await lookups.keep([{ snapshotId: 'january', attempt: 1, lookupKey: key, record }]);
  const other = lookupKey(idOf(0, 1));
  await db.pool.query('UPDATE inclusion_document SET lookup_key = $1', [other]);
  const damaged = (code: string) => ({ kept: { damaged: expect.objectContaining({ code }) as object } });
  expect(await lookups.look('january', other)).toMatchObject(damaged('WITNESS_SEAL_BROKEN'));
  const stranger = new LookupRepository(db, WitnessKeyring.parse(`other:0x${'33'.repeat(32)}`));
  expect(await stranger.look('january', other)).toMatchObject(damaged('WITNESS_KEY_UNKNOWN'));
  const anew = { snapshotId: 'january', attempt: 1, lookupKey: other, record };
  await lookups.keep([anew]);
  expect(await lookups.look('january', other)).toMatchObject(damaged('WITNESS_SEAL_BROKEN'));
  await lookups.keep([
    { ...anew, repairs: true },
    { ...anew, repairs: true },
  ]);
  expect((await lookups.look('january', other)).kept).toEqual(record);
});

test('what an earlier attempt sealed does not open as this one’s', async () => {
  await published(db, requestOf('january'));
  await lookups.keep([{ snapshotId: 'january', attempt: 1, lookupKey: key, record }]);
  await lookups.keepCells('january', 0, record);
  const proofs = new ProofStore(db, keyring);
  expect(await proofs.witness('january', 0)).toHaveLength(3_000);
  // As if those rows had been put back after a second attempt.
  await db.pool.query('UPDATE snapshot SET attempt = 2');
  expect(isDamaged((await lookups.look('january', key)).kept)).toBe(true);
  expect(isDamaged(await lookups.cells('january', 0))).toBe(true);
  await expect(proofs.witness('january', 0)).rejects.toMatchObject({ code: 'WITNESS_SEAL_BROKEN' });
  await lookups.keep([{ snapshotId: 'january', attempt: 1, lookupKey: lookupKey(idOf(0, 1)), record }]);
  expect((await lookups.look('january', lookupKey(idOf(0, 1)))).kept).toBeNull();
});

test('nothing is kept for a snapshot that is not published', async () => {
  await proving(db, requestOf('january'));
  await lookups.keep([{ snapshotId: 'january', attempt: 1, lookupKey: key, record }]);
  await lookups.keep([{ snapshotId: 'unknown', attempt: 1, lookupKey: key, record }]);
  await lookups.keepCells('january', 0, record);
  expect((await lookups.look('january', key)).kept).toBeNull();
  expect(await lookups.cells('january', 0)).toBeNull();
});

test("a batch's cells are kept once, sealed, and come back; moved to another batch they are refused", async () => {
  await published(db, requestOf('january'));
  const cells = bytesOf('cells', 3_072);
  expect(await lookups.cells('january', 1)).toBeNull();
  await Promise.all([1, 2, 3].map(() => lookups.keepCells('january', 1, cells)));
  await lookups.keepCells('january', 1, bytesOf('others', 3_072));
  expect(await lookups.cells('january', 1)).toEqual(cells);
  const { rows } = await db.pool.query<{ cells: Buffer }>('SELECT cells FROM batch_cells');
  expect(rows).toHaveLength(1);
  expect(rows[0]!.cells.includes(cells.subarray(0, 16))).toBe(false);
  await db.pool.query('UPDATE batch_cells SET batch = 0');
  expect(await lookups.cells('january', 0)).toMatchObject({ damaged: { code: 'WITNESS_SEAL_BROKEN' } });
  await lookups.keepCells('january', 0, cells, true);
  expect(await lookups.cells('january', 0)).toEqual(cells);
});

test('nodes come in the order they are asked for', async () => {
  await published(db, requestOf('january'));
  const stored = [...publicationOf('january').nodes];
  const asked = [stored[2]!, stored[0]!, stored[1]!, stored[0]!];
  expect(await lookups.nodes('january', asked)).toEqual(asked);
  expect(await lookups.nodes('january', [])).toEqual([]);
  await expect(lookups.nodes('january', [{ start: 0, size: 3 }])).rejects.toMatchObject({
    code: 'TREE_NODE_MISSING',
  });
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

test('every look-up is an index scan of a primary key, in the one partition it concerns', async () => {
  // Enough rows, in several snapshots, that the planner would see if anything else were better.
  const proofs = new ProofStore(db, keyring);
  for (const [i, id] of ['january', 'february', 'march'].entries()) {
    const run = await proving(db, requestOf(id, { takenAt: `2026-0${i + 1}-28T00:00:00Z` }), 2, 8_000);
    await proofs.store(run, proofOf(0, { accounts: 4_000, label: id }));
    const previous = i === 0 ? null : bytesOf(`digest ${['january', 'february'][i - 1]}`);
    const nodes = Array.from({ length: 3_000 }, (_, start) => ({
      ...{ start, size: 1, hash: bytesOf('hash'), sum: bytesOf('sum', 48) },
    }));
    await new SnapshotRepository(db).publish(run, { ...publicationOf(id, previous), nodes });
  }
  await db.pool.query(
    `INSERT INTO inclusion_document SELECT snapshot_id, lookup_key, 'x', 'k1' FROM account_entry;
     INSERT INTO batch_cells SELECT 'january', n, 'x', 'k1' FROM generate_series(0, 4000) n`,
  );
  await db.pool.query('ANALYZE');
  const account = lookupKey(idOf(1, 77, 'february'));
  const values: Record<keyof typeof LOOKUP_QUERIES, unknown[]> = {
    look: ['february', account],
    cells: ['january', 1_000],
    nodes: ['february', [17, 18, 20], [1, 1, 1]],
  };
  const expected: Record<keyof typeof LOOKUP_QUERIES, Record<string, RegExp>> = {
    look: {
      [`${partitionOf('february')}_pkey`]: /snapshot_id.*lookup_key/,
      inclusion_document_pkey: /snapshot_id.*lookup_key/,
    },
    cells: { batch_cells_pkey: /snapshot_id.*batch/ },
    nodes: { tree_node_pkey: /snapshot_id.*start.*size/ },
  };
  for (const name of Object.keys(values) as (keyof typeof LOOKUP_QUERIES)[]) {
    const { rows } = await db.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (FORMAT JSON) ${LOOKUP_QUERIES[name]}`,
      values[name],
    );
    // Of snapshots there are a handful, in one page that is read faster without its index.
    const tables = flat(rows[0]!['QUERY PLAN'][0].Plan).filter(
      (node) => node['Relation Name'] && node['Relation Name'] !== 'snapshot',
    );
    expect(tables.map((table) => table['Index Name']).sort()).toEqual(Object.keys(expected[name]).sort());
    for (const table of tables) {
      expect(table['Node Type']).toBe('Index Scan');
      expect(table['Index Cond']).toMatch(expected[name][table['Index Name']!]!);
    }
  }
});

function flat(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(flat)];
}

import { summedLine } from '@solvent-por/prover';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import {
  REQUEST_KEY,
  bytesOf,
  idOf,
  keyring,
  proofOf,
  proving,
  publicationOf,
  requestOf,
  storedProofOf,
  sumOf,
} from '../testing/snapshots';
import { lookupKey } from './lookup-key';
import { openDatabase, type Database } from './database';
import { LookupRepository } from './lookup-repository';
import { ProofReads } from './proof-reads';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';

let database: TestDatabase;
let db: Database;
let proofs: ProofStore;
let lookups: LookupRepository;

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  proofs = new ProofStore(db, keyring);
  lookups = new LookupRepository(db, keyring);
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

const counts = async () => {
  const { rows } = await db.pool.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM proof) AS proofs, (SELECT count(*)::int FROM batch) AS batches,
       (SELECT count(*)::int FROM account_entry) AS entries`,
  );
  return rows[0];
};
const NOTHING = { proofs: 0, batches: 0, entries: 0 };

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('a stored proof comes back as it was, and each account is found at its place', async () => {
  const run = await proving(db, requestOf('january'));
  const proof = proofOf(0);
  expect(await proofs.store(run, proof)).toBe('stored');
  expect(await counts()).toEqual({ proofs: 1, batches: 2, entries: 6 });
  expect(await collect(proofs.proofs('january'))).toEqual([{ first: 0, proof: proof.proof }]);
  for (const { batch, accounts, witness } of proof.batches) {
    expect(await proofs.witness('january', batch)).toEqual(witness);
    for (let row = 0; row < accounts.count; row++)
      expect((await lookups.look('january', lookupKey(idOf(batch, row)))).place).toEqual({ batch, row });
  }
  expect((await lookups.look('january', lookupKey(idOf(9, 9)))).place).toBeNull();
  expect((await lookups.look('unknown', lookupKey(idOf(0, 0)))).place).toBeNull();
  expect(await proofs.witness('january', 2)).toBeNull();
});

test('neither balances nor ids stand in the tables', async () => {
  const run = await proving(db, requestOf('january'));
  const proof = proofOf(0);
  await proofs.store(run, proof);
  const { rows } = await db.pool.query<{ text: string }>(
    'SELECT b::text AS text FROM batch b UNION ALL SELECT e::text FROM account_entry e UNION ALL SELECT p::text FROM proof p',
  );
  const all = rows.map(({ text }) => text).join();
  expect(all).toContain(Buffer.from(proof.proof.subarray(0, 30)).toString('hex'));
  expect(all).not.toContain(Buffer.from(proof.batches[0]!.witness.subarray(100, 130)).toString('hex'));
  expect(all).not.toContain(idOf(0, 0).toString('hex'));
});

test('the same proof again, or at the same time, is stored once', async () => {
  const run = await proving(db, requestOf('january'));
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => proofs.store(run, proofOf(0))));
  expect(outcomes.sort()).toEqual([...Array<string>(5).fill('already'), 'stored']);
  expect(await proofs.store(run, proofOf(0))).toBe('already');
  expect(await counts()).toEqual({ proofs: 1, batches: 2, entries: 6 });
});

test('proofs of different batches are stored side by side', async () => {
  const run = await proving(db, requestOf('january'), 16);
  const firsts = [0, 2, 4, 6, 8, 10, 12, 14];
  const outcomes = await Promise.all(firsts.map((first) => proofs.store(run, proofOf(first))));
  expect(outcomes).toEqual(firsts.map(() => 'stored'));
  expect(await counts()).toEqual({ proofs: 8, batches: 16, entries: 48 });
});

test.each<[string, (snapshots: SnapshotRepository) => Promise<unknown>]>([
  [
    'failed',
    (snapshots) =>
      snapshots.fail({ snapshotId: 'january', attempt: 1 }, { code: 'X', message: 'x' }, { actor: 'prover' }),
  ],
  [
    'begun again',
    async (snapshots) => {
      await snapshots.fail(
        { snapshotId: 'january', attempt: 1 },
        { code: 'X', message: 'x' },
        { actor: 'prover' },
      );
      await snapshots.request(requestOf('january'), REQUEST_KEY);
    },
  ],
])('nothing is stored once the run has %s', async (_, end) => {
  const run = await proving(db, requestOf('january'));
  await end(new SnapshotRepository(db));
  expect(await proofs.store(run, proofOf(0))).toBe('stale');
  expect(await counts()).toEqual(NOTHING);
});

test('of an unknown snapshot nothing is stored', async () => {
  expect(await proofs.store({ snapshotId: 'unknown', attempt: 1 }, proofOf(0))).toBe('stale');
});

test('a run cannot end while a proof is being written', async () => {
  const run = await proving(db, requestOf('january'));
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT 1 FROM snapshot WHERE id = 'january' FOR SHARE`);
    let failed = false;
    const failing = new SnapshotRepository(db)
      .fail(run, { code: 'X', message: 'x' }, { actor: 'prover' })
      .then(() => (failed = true));
    await untilLocked();
    expect(failed).toBe(false);
    await client.query('COMMIT');
    await failing;
  } finally {
    client.release();
  }
});

describe('an account that stands in the snapshot twice', () => {
  const twice = (first: number, accounts: number) => {
    const proof = proofOf(first);
    const [batch] = proof.batches;
    const ids = Buffer.concat([
      ...Array.from({ length: accounts - 1 }, (_, row) => idOf(first, row)),
      idOf(0, 1),
    ]);
    return { ...proof, batches: [{ ...batch!, accounts: { count: accounts, ids } }, proof.batches[1]!] };
  };
  const prefix = `0x${idOf(0, 1).toString('hex').slice(0, 8)}`;

  test('within a batch is refused, and nothing is written', async () => {
    const run = await proving(db, requestOf('january'));
    await expect(proofs.store(run, twice(0, 4))).rejects.toMatchObject({
      ...{ code: 'ROW_DUPLICATE_ACCOUNT', kind: 'invalid' },
      details: { account: prefix, batch: 0, row: 3 },
    });
    expect(await counts()).toEqual(NOTHING);
  });

  test('across proofs is refused, and the first one stays', async () => {
    const run = await proving(db, requestOf('january'), 4);
    await proofs.store(run, proofOf(0));
    const storing = proofs.store(run, twice(2, 3));
    await expect(storing).rejects.toMatchObject({
      code: 'ROW_DUPLICATE_ACCOUNT',
      details: { account: prefix, batch: 2, row: 2 },
    });
    await expect(storing).rejects.not.toThrow(idOf(0, 1).toString('hex').slice(0, 9));
    expect(await counts()).toEqual({ proofs: 1, batches: 2, entries: 6 });
  });

  test('across proofs that are stored at once is refused for one of them', async () => {
    const run = await proving(db, requestOf('january'), 4);
    const outcomes = await Promise.allSettled([
      proofs.store(run, proofOf(0)),
      proofs.store(run, twice(2, 3)),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'ROW_DUPLICATE_ACCOUNT' },
    });
    expect(await counts()).toEqual({ proofs: 1, batches: 2, entries: 6 });
  });

  test('in two snapshots is as it should be', async () => {
    const [january, february] = [
      await proving(db, requestOf('january')),
      await proving(db, requestOf('february', { takenAt: '2026-02-28T00:00:00Z' })),
    ];
    expect(await proofs.store(january, proofOf(0))).toBe('stored');
    expect(await proofs.store(february, proofOf(0))).toBe('stored');
  });
});

test('a COPY that fails in the middle leaves nothing; the same proof is stored once it can be', async () => {
  const run = await proving(db, requestOf('january'), 2, 8_000);
  const proof = proofOf(0, { accounts: 4_000 });
  // Stands for a disk that is full after some thousand rows.
  await db.pool.query(
    `CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF NEW.batch = 1 AND NEW.row = 2000 THEN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END IF;
       RETURN NEW; END $$`,
  );
  await db.pool.query(
    'CREATE TRIGGER fill_disk BEFORE INSERT ON account_entry FOR EACH ROW EXECUTE FUNCTION fill_disk()',
  );
  await expect(proofs.store(run, proof)).rejects.toMatchObject({ code: '53100' });
  expect(await counts()).toEqual(NOTHING);
  await db.pool.query('DROP TRIGGER fill_disk ON account_entry');
  expect(await proofs.store(run, proof)).toBe('stored');
  expect(await counts()).toEqual({ proofs: 1, batches: 2, entries: 8_000 });
});

test('batches of malformed ids are refused before anything is written', async () => {
  const run = await proving(db, requestOf('january'));
  const proof = proofOf(0);
  const [batch] = proof.batches;
  const cut = { ...batch!, accounts: { count: 4, ids: batch!.accounts.ids } };
  await expect(proofs.store(run, { ...proof, batches: [cut] })).rejects.toMatchObject({
    code: 'BATCH_MALFORMED',
  });
});

describe('streams', () => {
  test('witnesses and proofs come in order, over page ends', async () => {
    const run = await proving(db, requestOf('january'), 44);
    const batches = Array.from({ length: 44 }, (_, batch) => batch);
    const firsts = batches.filter((batch) => batch % 2 === 0);
    for (const first of [...firsts].reverse()) await proofs.store(run, proofOf(first, { accounts: 1 }));
    expect(await collect(proofs.witnesses('january'))).toEqual(
      batches.map((batch) => ({ batch, witness: bytesOf(`witness ${batch}`, 3_000) })),
    );
    const stored = firsts.map((first) => ({ first, proof: storedProofOf(first) }));
    expect(await collect(proofs.proofs('january'))).toEqual(stored);
    expect(await collect(proofs.proofs('unknown'))).toEqual([]);
  });

  test('few large rows are held at once, and many small ones read at once', async () => {
    const run = await proving(db, requestOf('january'), 40, 40);
    const large = bytesOf('large', 5 * 1024 * 1024);
    for (let first = 0; first < 40; first += 2) {
      const proof = proofOf(first, { accounts: 1 });
      const batches = proof.batches.map((one) => (one.batch < 4 ? { ...one, witness: large } : one));
      await proofs.store(run, { ...proof, batches });
    }
    const sizes: number[] = [];
    const query = db.pool.query.bind(db.pool) as (...given: unknown[]) => Promise<{ rows: unknown[] }>;
    db.pool.query = (async (...given: unknown[]) => {
      const result = await query(...given);
      sizes.push(result.rows.length);
      return result;
    }) as typeof db.pool.query;
    expect((await collect(proofs.witnesses('january'))).map(({ batch }) => batch)).toHaveLength(40);
    expect(sizes).toEqual([1, 1, 1, 1, 1, 16, 16, 3, 0]);
  });

  test('lines are there once it is published: the proofs with the sums of their leaves', async () => {
    const run = await proving(db, requestOf('january'), 4);
    for (const first of [0, 2]) await proofs.store(run, proofOf(first));
    expect(await new ProofReads(db).lines('january', 0, 9)).toEqual([]);
    const ranges = [0, 1, 2, 3].map((start) => ({ start, size: 1 })).concat({ start: 0, size: 2 });
    const nodes = ranges.map((range) => ({
      ...range,
      hash: bytesOf('hash'),
      sum: range.size === 1 ? sumOf(range.start) : bytesOf('inner', 48),
    }));
    await new SnapshotRepository(db).publish(run, { ...publicationOf('january'), nodes });
    const lines = [0, 2].map((first) => ({
      first,
      line: summedLine(storedProofOf(first), [sumOf(first), sumOf(first + 1)]),
    }));
    expect(await new ProofReads(db).lines('january', 0, 9)).toEqual(lines);
    expect(await new ProofReads(db).lines('january', 0, 1)).toEqual(lines.slice(0, 1));
    expect(await new ProofReads(db).lines('january', 2, 9)).toEqual(lines.slice(1));
    expect(await new ProofReads(db).lengths('january')).toEqual(
      lines.map(({ first, line }) => ({ first, bytes: line.length })),
    );
  });

  test('a witness that was moved to another batch is refused', async () => {
    await proofs.store(await proving(db, requestOf('january')), proofOf(0));
    await db.pool.query(
      'UPDATE batch b SET witness = o.witness FROM batch o WHERE b.batch = 0 AND o.batch = 1',
    );
    await expect(proofs.witness('january', 0)).rejects.toMatchObject({ code: 'WITNESS_SEAL_BROKEN' });
    await expect(collect(proofs.witnesses('january'))).rejects.toMatchObject({ code: 'WITNESS_SEAL_BROKEN' });
    expect(await proofs.witness('january', 1)).toEqual(bytesOf('witness 1', 3_000));
  });
});

/** Until somebody waits for a lock. */
async function untilLocked(): Promise<void> {
  for (;;) {
    const { rowCount } = await db.pool.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    if (rowCount !== 0) return;
  }
}

import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { bytesOf, idOf, prefixesOf, proofOf, proving, publicationOf, requestOf } from '../testing/snapshots';
import { lookupKey } from './lookup-key';
import { openDatabase, type Database } from './database';
import { rotateWitnessKeys } from './key-rotation';
import { LookupRepository } from './lookup-repository';
import { openReserves, sealReserves } from './reserves-seal';
import { SealingStore } from './sealing-store';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';
import { WitnessKeyring } from './witness-keyring';

const [K1, K2] = [`k1:0x${'11'.repeat(32)}`, `k2:0x${'22'.repeat(32)}`];
const old = WitnessKeyring.parse(K1);
const both = WitnessKeyring.parse(`${K2},${K1}`);
const fresh = WitnessKeyring.parse(K2);
const BATCHES = 10;
const keys = Array.from({ length: 300 }, (_, row) => lookupKey(idOf(0, row)));

let database: TestDatabase;
let db: Database;

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  const run = await proving(db, requestOf('january'), BATCHES, 300 + 3 * (BATCHES - 2) + 300);
  const proofs = new ProofStore(db, old);
  await proofs.store(run, proofOf(0, { accounts: 300 }));
  for (let first = 2; first < BATCHES; first += 2) await proofs.store(run, proofOf(first));
  await new SnapshotRepository(db).publish(run, publicationOf('january'));
  const lookups = new LookupRepository(db, old);
  for (const [i, key] of keys.entries())
    await lookups.keep([
      { snapshotId: 'january', attempt: 1, lookupKey: key, record: bytesOf(`document ${i}`) },
    ]);
  for (let batch = 0; batch < BATCHES; batch++)
    await lookups.keepCells('january', batch, bytesOf(`cells ${batch}`));
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

async function expectAllOpenWith(keyring: WitnessKeyring): Promise<void> {
  const [proofs, lookups] = [new ProofStore(db, keyring), new LookupRepository(db, keyring)];
  const sealing = new SealingStore(db, keyring);
  for (let batch = 0; batch < BATCHES; batch++) {
    expect(await proofs.witness('january', batch)).toEqual(bytesOf(`witness ${batch}`, 3_000));
    expect(await lookups.cells('january', batch)).toEqual(bytesOf(`cells ${batch}`));
    expect(await sealing.prefixes('january', batch)).toEqual(prefixesOf(batch, batch < 2 ? 300 : 3));
  }
  for (const [i, key] of keys.entries())
    expect((await lookups.look('january', key)).kept).toEqual(bytesOf(`document ${i}`));
}

test('everything is sealed under the current key; the old one may go', async () => {
  const seen: object[] = [];
  const done = await rotateWitnessKeys(db, both, (progress) => seen.push(progress));
  expect(done).toEqual({ witnesses: BATCHES, cells: BATCHES, prefixes: BATCHES, documents: 300, digests: 1 });
  expect(seen.at(-1)).toEqual(done);
  expect(seen.length).toBeGreaterThan(2);
  await expectAllOpenWith(fresh);
  expect(await rotateWitnessKeys(db, both)).toEqual({
    witnesses: 0,
    cells: 0,
    prefixes: 0,
    documents: 0,
    digests: 0,
  });
});

test('one that was interrupted goes on where it stopped', async () => {
  let pages = 0;
  const interrupted = rotateWitnessKeys(db, both, () => {
    if (++pages === 2) throw new Error('killed');
  });
  await expect(interrupted).rejects.toThrow('killed');
  await expectAllOpenWith(both);
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM batch WHERE witness_key_id = 'k1'`,
  );
  expect(rows[0]!.n).toBeGreaterThan(0);
  expect(rows[0]!.n).toBeLessThan(BATCHES);
  expect(await rotateWitnessKeys(db, both)).toEqual({
    ...{ witnesses: rows[0]!.n, cells: BATCHES, prefixes: BATCHES, documents: 300, digests: 1 },
  });
  await expectAllOpenWith(fresh);
});

test('look-ups go on while it runs, and two at once do no harm', async () => {
  let rotating = true;
  const reading = (async () => {
    let rounds = 0;
    while (rotating) {
      await expectAllOpenWith(both);
      rounds++;
    }
    return rounds;
  })();
  const done = await Promise.all([rotateWitnessKeys(db, both), rotateWitnessKeys(db, both)]);
  rotating = false;
  expect(await reading).toBeGreaterThan(0);
  expect(done[0].witnesses + done[1].witnesses).toBe(BATCHES);
  expect(done[0].cells + done[1].cells).toBe(BATCHES);
  expect(done[0].prefixes + done[1].prefixes).toBe(BATCHES);
  expect(done[0].documents + done[1].documents).toBe(300);
  await expectAllOpenWith(fresh);
});

test('a key that is missing is named, and nothing is lost', async () => {
  await expect(rotateWitnessKeys(db, fresh)).rejects.toMatchObject({
    code: 'WITNESS_KEY_UNKNOWN',
    message: expect.stringContaining('k1'),
  });
  await expectAllOpenWith(old);
});

test('a witness that was damaged is not sealed anew', async () => {
  await db.pool.query(
    `UPDATE batch SET witness = set_byte(witness, 50, get_byte(witness, 50) # 1) WHERE batch = 3`,
  );
  await expect(rotateWitnessKeys(db, both)).rejects.toMatchObject({ code: 'WITNESS_SEAL_BROKEN' });
});

test('a kept proof that was damaged does not stop it: it goes, and is made again when it is asked for', async () => {
  await db.pool.query(
    `UPDATE inclusion_document SET document = set_byte(document, 20, get_byte(document, 20) # 1) WHERE lookup_key = $1`,
    [keys[7]],
  );
  await db.pool.query(
    'UPDATE batch_cells SET cells = set_byte(cells, 20, get_byte(cells, 20) # 1) WHERE batch = 3',
  );
  const done = await rotateWitnessKeys(db, both);
  expect(done).toMatchObject({ witnesses: BATCHES, cells: BATCHES - 1, documents: 299 });
  const lookups = new LookupRepository(db, fresh);
  expect((await lookups.look('january', keys[7]!)).kept).toBeNull();
  expect(await lookups.cells('january', 3)).toBeNull();
});

test('digests of published reserves, which have attempts of their own, are sealed anew too', async () => {
  const digest = bytesOf('digest');
  const digests = {
    document: digest,
    report: bytesOf('report'),
    parts: [{ content: digest, lines: digest }],
  };
  const run = { snapshotId: 'january', attempt: 3 };
  const { sealed } = sealReserves(old, run, digests);
  await db.pool.query(
    `INSERT INTO reserves (snapshot_id, attempt, source, state, document, lines, bytes, parts, part_digests, plan_mac, report, digest, digests,
       witness_key_id, published_at)
     VALUES ('january', 3, 'x', 'PUBLISHED', 'd', 0, 0, 0, '', $1, 'r', $1, $2, 'k1', now())`,
    [digest, sealed],
  );
  await rotateWitnessKeys(db, both);
  const { rows } = await db.pool.query<{ sealed: Buffer; keyId: string }>(
    'SELECT digests AS sealed, witness_key_id AS "keyId" FROM reserves',
  );
  expect(rows[0]!.keyId).toBe('k2');
  expect(openReserves(fresh, run, rows[0]!)).toEqual(digests);
});

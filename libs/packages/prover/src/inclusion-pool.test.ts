import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { TEST_KEYS, oneLimbAccounts, testHeader, testKey, toBatches } from '@solvent-por/dev/proofs';
import { batchFile, OUTPUT } from './files';
import { InclusionPool, type InclusionTask } from './inclusion-pool';
import { SHARED_OPENINGS_BYTES } from './openings/account-openings';
import { openingTables } from './openings/opener';
import { proveSnapshot } from './snapshot-prover';
import { proofName } from './user-proofs/names';
import { proveInclusions } from './user-proofs/prove-inclusions';
import { WitnessDirectory } from './witness-directory';

/** Threads come from `npm run build`. */
const header = testHeader('spot', 1, 1);
const accounts = oneLimbAccounts(header, 2 * 4080 + 2);
const root = mkdtempSync(join(tmpdir(), 'solvent-inclusions-'));
const pool = new InclusionPool({ workers: 2 });
let witness: WitnessDirectory;

beforeAll(async () => {
  async function* stream() {
    yield* toBatches(accounts);
  }
  await proveSnapshot({
    header,
    keys: TEST_KEYS,
    accounts: accounts.length,
    sourceDigest: 'source',
    configDigest: 'config',
    batches: stream(),
    directory: join(root, 'snapshot'),
    workers: 2,
  });
  witness = await WitnessDirectory.open(join(root, 'snapshot', OUTPUT.witness));
});
afterAll(async () => {
  await pool.end();
  await witness.close();
  rmSync(root, { recursive: true, force: true });
});

async function task(batch: number, rows: readonly number[]): Promise<InclusionTask> {
  return {
    manifest: witness.manifest,
    witness: readFileSync(batchFile(witness.path, batch)),
    batch,
    place: await witness.place(batch),
    rows,
  };
}

test('documents are the bytes that proveInclusions writes, whatever was opened before', async () => {
  const wanted: [number, number[]][] = [
    [0, [0, 4079]],
    [1, [7]],
    [2, [1, 0]],
    [0, [4079, 12]],
    [1, [8]],
  ];
  const output = join(root, 'inclusions');
  const idAt = (batch: number, row: number) => accounts[4080 * batch + row]!.id;
  const ids = wanted.flatMap(([batch, rows]) => rows.map((row) => idAt(batch, row)));
  await proveInclusions({ witness: witness.path, ids, output, workers: 1 });
  const cells = new Map<number, Uint8Array>();
  for (const batch of [0, 1, 2]) {
    const { manifest, witness: stored } = await task(batch, []);
    cells.set(batch, await pool.cells({ manifest, witness: stored, batch }));
    expect(cells.get(batch)).toHaveLength(SHARED_OPENINGS_BYTES);
  }
  // With the batch's cells at hand and without them.
  const answers = await Promise.all(
    wanted.map(async ([batch, rows], i) => {
      const whole = await task(batch, rows);
      return pool.prove(i % 2 === 0 ? { ...whole, cells: cells.get(batch)! } : whole);
    }),
  );
  wanted.forEach(([batch, rows], i) =>
    rows.forEach((row, j) => {
      const file = readFileSync(join(output, proofName(idAt(batch, row))));
      expect(file.equals(answers[i]![j]!)).toBe(true);
    }),
  );
});

test('a batch that was proved with its cells needs no witness any more, in the thread that has it', async () => {
  const one = new InclusionPool({ workers: 1, tables: await openingTables(1) });
  try {
    const { witness: stored, ...kept } = await task(1, [3, 4]);
    const { manifest, batch } = kept;
    expect(await one.proveKept(kept)).toBeUndefined();
    await one.prove({ ...kept, witness: stored });
    expect(await one.proveKept(kept)).toBeUndefined();
    const cells = await one.cells({ manifest, batch, witness: stored });
    const documents = await one.prove({ ...kept, cells, witness: stored });
    expect(await one.proveKept(kept)).toEqual(documents);
    expect(await one.proveKept({ ...kept, batch: 0 })).toBeUndefined();
    await expect(one.proveKept({ ...kept, rows: [4080] })).rejects.toMatchObject({ code: 'ROW_EMPTY' });
  } finally {
    await one.end();
  }
});

test('a row without account, a damaged or foreign witness are refused, and the pool goes on', async () => {
  const good = await task(2, [0]);
  await expect(pool.prove({ ...good, rows: [2] })).rejects.toMatchObject({ code: 'ROW_EMPTY' });
  const other = { ...good, batch: 1 };
  await expect(
    pool.prove({ ...other, manifest: { ...good.manifest, signature: '0x' } }),
  ).rejects.toMatchObject({ code: 'WITNESS_FILE_FOREIGN', kind: 'invalid' });
  const damaged = { ...good, witness: good.witness.slice(0, -1) };
  await expect(
    pool.prove({ ...damaged, manifest: { ...good.manifest, signature: '0x00' } }),
  ).rejects.toMatchObject({ code: 'WITNESS_FILE_DAMAGED' });
  expect(await pool.prove(good)).toHaveLength(1);
});

test('verifies what it is given, and says what was checked', async () => {
  const [document] = (await pool.prove(await task(1, [3]))) as [Uint8Array];
  const { key, id } = accounts[4080 + 3]!;
  const manifest = utf8(canonicalJson(witness.manifest));
  expect(await pool.verify({ document, key, manifest })).toMatchObject({ valid: true, keyChecked: true });
  expect(await pool.verify({ document, manifest })).toMatchObject({ valid: true, keyChecked: false });
  for (const wrong of [testKey('other'), id])
    expect(await pool.verify({ document, key: wrong, manifest })).toMatchObject({
      valid: false,
      code: 'INCLUSION_ID',
    });
  // Structured clones keep what is undefined: it must not turn into "nothing was given" on its way to the
  // thread.
  await expect(pool.verify({ document, manifest, key: undefined } as never)).rejects.toMatchObject({
    code: 'TRUSTED_MALFORMED',
  });
  await expect(pool.verify({ document } as never)).rejects.toThrow();
  const text = new TextDecoder().decode(document);
  const value = /"values":\["(\d+)"/.exec(text)![1]!;
  const richer = utf8(text.replace(`"values":["${value}"`, `"values":["${BigInt(value) + 1n}"`));
  expect(await pool.verify({ document: richer, key, manifest })).toMatchObject({
    valid: false,
    code: 'INCLUSION_ROOT',
  });
  expect(await pool.verify({ document: utf8('{}'), manifest })).toMatchObject({
    code: 'INCLUSION_MALFORMED',
  });
  expect(await pool.verify({ document: document.subarray(1), manifest })).toMatchObject({
    malformed: expect.any(String) as string,
  });
  await expect(pool.verify({ document, manifest: utf8('{}') })).rejects.toMatchObject({
    code: 'MANIFEST_MALFORMED',
  });
});

test('opens a row plainly, for whoever can check EIP-4844’s point evaluation only', async () => {
  const whole = await task(1, [3]);
  const [document] = (await pool.prove(whole)) as [Uint8Array];
  const { key } = accounts[4080 + 3]!;
  const { manifest, witness: stored, batch } = whole;
  const opening = await pool.plain({ manifest, witness: stored, batch, row: 3 });
  const infinity = `0xc0${'00'.repeat(47)}`;
  const json = JSON.parse(new TextDecoder().decode(document)) as object;
  const plain = utf8(canonicalJson({ ...json, openings: [infinity, infinity, toHex(opening)] }));
  expect(await pool.verify({ document: plain, key, manifest: utf8(canonicalJson(manifest)) })).toMatchObject({
    valid: true,
    keyChecked: true,
  });
});

import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import { toHex } from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import {
  manifestDigest,
  parseInclusion,
  parseManifest,
  verifyInclusion,
  type AccountBatch,
  type Manifest,
} from '@solvent/proof/verify';
import { TEST_KEYS, testAccounts, testHeader, testKey, toBatches } from '@solvent/testing';
import { OUTPUT } from '../files';
import { proveSnapshot } from '../snapshot-prover';
import { proofName, proofPath } from './names';
import { proveInclusionLines } from './ndjson-file';
import { readPackEntries, readPackHead, type PackEntry } from './pack-index';
import { proveInclusions, type InclusionsProgress, type ProveInclusionsOptions } from './prove-inclusions';

/** Everybody's proofs of a snapshot of two batches, in each form. The workers come from `npm run build`. */

const header = testHeader('spot', 1, 1);
const COUNT = 4080 + 20;
const accounts = testAccounts(header, COUNT).map((account) => ({
  ...account,
  amounts: account.amounts.map((x) => x % 2048n),
}));
const root = mkdtempSync(join(tmpdir(), 'solvent-user-proofs-'));
const witness = join(root, 'snapshot', OUTPUT.witness);
let manifest: Manifest;
let made = 0;
const newPath = (name = '') => join(root, `output-${made++}${name}`);

beforeAll(async () => {
  async function* batches(): AsyncGenerator<AccountBatch> {
    yield* toBatches(accounts);
  }
  manifest = await proveSnapshot({
    header,
    keys: TEST_KEYS,
    accounts: COUNT,
    sourceDigest: 'source',
    configDigest: 'config',
    batches: batches(),
    directory: join(root, 'snapshot'),
    workers: 2,
  });
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const prove = (output: string, more: Partial<ProveInclusionsOptions> = {}) =>
  proveInclusions({ witness, ids: 'all', output, workers: 1, ...more });
const sha256 = (bytes: Uint8Array) => toHex(createHash('sha256').update(bytes).digest());

async function entriesOf(folder: string): Promise<PackEntry[]> {
  const entries: PackEntry[] = [];
  for await (const entry of readPackEntries(folder)) entries.push(entry);
  return entries;
}

/** Stops between the two batches: one thread has one at a time. */
function stopping(): Pick<ProveInclusionsOptions, 'signal' | 'onProgress'> {
  const controller = new AbortController();
  return { signal: controller.signal, onProgress: ({ written }) => written > 0 && controller.abort() };
}

/** Each file as the index says, and no others. */
async function expectWhole(output: string): Promise<void> {
  const entries = await entriesOf(output);
  expect(await readPackHead(output)).toEqual({
    manifest: toHex(manifestDigest(manifest)),
    count: COUNT,
    levels: 1,
  });
  const names = readdirSync(output, { recursive: true }).map(String);
  const files = names.filter((name) => statSync(join(output, name)).isFile());
  expect(files.sort()).toEqual([...entries.map(({ name }) => name), 'index.ndjson', 'manifest.json'].sort());
  for (const { name, sha256: digest } of entries)
    expect(sha256(readFileSync(join(output, name)))).toBe(digest);
  expect(new Set(entries.map(({ name }) => name))).toEqual(
    new Set(accounts.map(({ id }) => proofPath(proofName(id), 1))),
  );
}

test('files: each account has one, in folders, and the index names them; one verifies', async () => {
  const output = newPath();
  const seen: InclusionsProgress[] = [];
  const onProgress = (progress: InclusionsProgress) => seen.push(progress);
  expect(await prove(output, { onProgress })).toEqual({ written: COUNT, resumed: 0, missing: [], levels: 1 });
  expect(seen.map(({ written }) => written)).toEqual([0, 4080, COUNT]);
  await expectWhole(output);
  expect(parseManifest(new Uint8Array(readFileSync(join(output, OUTPUT.manifest))))).toEqual(manifest);
  const { id, key, amounts } = accounts[COUNT - 1]!;
  const file = readFileSync(join(output, proofPath(proofName(id), 1)));
  const inclusion = parseInclusion(new Uint8Array(file));
  expect(inclusion.values).toEqual(amounts);
  expect(verifyInclusion(inclusion, { manifest, key }, nativeVerifier())).toMatchObject({ keyChecked: true });
});

test('files: a run that was stopped goes on, batch by batch, and gives the same', async () => {
  const output = newPath();
  await expect(prove(output, stopping())).rejects.toMatchObject({
    code: 'INTERRUPTED',
    kind: 'usage',
    details: { written: 4080, wanted: COUNT },
  });
  expect(existsSync(join(output, 'index.ndjson'))).toBe(false);
  expect(await prove(output)).toMatchObject({ written: COUNT, resumed: 4080 });
  await expectWhole(output);
});

test('files: what was begun for other accounts is begun anew', async () => {
  const output = newPath();
  await expect(prove(output, stopping())).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const ids = accounts.slice(1).map(({ id }) => id);
  expect(await prove(output, { ids })).toMatchObject({ written: COUNT - 1, resumed: 0 });
  expect((await readPackHead(output))!.count).toBe(COUNT - 1);
});

test('files: one account after another in one folder stand in one index', async () => {
  const output = newPath();
  for (const which of [[0], [4085], [0, 7]]) await prove(output, { ids: which.map((i) => accounts[i]!.id) });
  expect((await readPackHead(output))!.count).toBe(3);
  expect((await entriesOf(output)).map(({ name }) => name).sort()).toEqual(
    [0, 7, 4085].map((i) => proofName(accounts[i]!.id)).sort(),
  );
  // The same folder cannot hold all: they would lie otherwise.
  await expect(prove(output)).rejects.toMatchObject({
    code: 'OUTPUT_EXISTS',
    details: { file: 'index.ndjson' },
  });
});

test('files: nobody is proved twice by a list that names them twice, and who is missing is said', async () => {
  const output = newPath();
  const nobody = testKey('nobody');
  const { id } = accounts[3]!;
  expect(await prove(output, { ids: [id, nobody, id] })).toEqual({
    written: 1,
    resumed: 0,
    missing: [nobody],
    levels: 0,
  });
});

describe('lines', () => {
  const lines = (output: string, more: Partial<ProveInclusionsOptions> = {}) =>
    proveInclusionLines({ witness, ids: 'all', output, workers: 1, ...more });
  let reference: Buffer;

  beforeAll(async () => {
    const file = newPath('.ndjson');
    expect(await lines(file)).toEqual({ written: COUNT, resumed: 0, missing: [] });
    reference = readFileSync(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(`${file}.index.json`, 'utf8'))).toMatchObject({
      manifest: toHex(manifestDigest(manifest)),
      count: COUNT,
      sha256: sha256(reference),
    });
  });

  test('hold a document for each account', () => {
    const documents = reference.toString('utf8').split('\n');
    expect(documents.pop()).toBe('');
    expect(documents).toHaveLength(COUNT);
    const ids = documents.map((document) => toHex(parseInclusion(new Uint8Array(Buffer.from(document))).id));
    expect(new Set(ids)).toEqual(new Set(accounts.map(({ id }) => toHex(id))));
  });

  test('are compressed by the name of the file', async () => {
    const file = newPath('.ndjson.gz');
    await lines(file, { workers: 2 });
    expect(gunzipSync(readFileSync(file)).equals(reference)).toBe(true);
    const zstd = lines(newPath('.ndjson.zst'), { ids: [accounts[0]!.id] });
    if (!('zstdCompressSync' in zlib))
      await expect(zstd).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' });
    else expect((await zstd).written).toBe(1);
  });

  test('go on after a run that was stopped, and what was half written is cut off', async () => {
    const file = newPath('.ndjson');
    await expect(lines(file, stopping())).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(existsSync(file)).toBe(false);
    // As a run leaves it that was killed in the middle of the next batch.
    appendFileSync(`${file}.part`, 'half a line');
    expect(await lines(file)).toEqual({ written: COUNT, resumed: 4080, missing: [] });
    expect(readFileSync(file).equals(reference)).toBe(true);
    for (const rest of ['part', 'progress']) expect(existsSync(`${file}.${rest}`)).toBe(false);
  });
});

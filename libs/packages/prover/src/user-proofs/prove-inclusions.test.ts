import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import { toHex } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  manifestDigest,
  parseInclusion,
  parseManifest,
  verifyInclusion,
  type AccountBatch,
  type Manifest,
} from '@solvent-por/verifier';
import { TEST_KEYS, oneLimbAccounts, testHeader, testKey, toBatches } from '@solvent-por/dev/proofs';
import { OUTPUT } from '../files';
import { proveSnapshot } from '../snapshot-prover';
import { proofName, proofPath } from './names';
import { proveInclusionLines } from './ndjson-file';
import { readPackEntries, readPackHead, type PackEntry } from './pack-index';
import { proveInclusions, type InclusionsProgress, type ProveInclusionsOptions } from './prove-inclusions';

/** Everybody's proofs of a snapshot of two batches, in each form. The workers come from `npm run build`. */

const header = testHeader('spot', 1, 1);
const COUNT = 4080 + 20;
const accounts = oneLimbAccounts(header, COUNT);
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
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const prove = (output: string, more: Partial<ProveInclusionsOptions> = {}) =>
  proveInclusions({ witness, ids: idsOf(SOME), output, workers: 1, ...more });
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

/** Accounts of both batches. */
const SOME = [0, 1, 2, 4079, 4080, 4099];
const idsOf = (which: readonly number[]) => which.map((i) => accounts[i]!.id);
/** Which of them stand in the first batch: the order of batches is the input's here. */
const FIRST = SOME.filter((i) => i < 4080).length;

/** Each file as the index says, and no others. */
async function expectWhole(output: string, which: readonly number[], levels = 0): Promise<void> {
  const entries = await entriesOf(output);
  expect(await readPackHead(output)).toEqual({
    manifest: toHex(manifestDigest(manifest)),
    count: which.length,
    levels,
  });
  const names = readdirSync(output, { recursive: true }).map(String);
  const files = names.filter((name) => statSync(join(output, name)).isFile());
  expect(files.sort()).toEqual([...entries.map(({ name }) => name), 'index.ndjson', 'manifest.json'].sort());
  for (const { name, sha256: digest } of entries)
    expect(sha256(readFileSync(join(output, name)))).toBe(digest);
  expect(entries.map(({ name }) => name).sort()).toEqual(
    idsOf(which)
      .map((id) => proofPath(proofName(id), levels))
      .sort(),
  );
}

test('files: of all accounts each has one, in folders, and the index names them; one verifies', async () => {
  const output = newPath();
  const seen: InclusionsProgress[] = [];
  const onProgress = (progress: InclusionsProgress) => seen.push(progress);
  const all = { written: COUNT, resumed: 0, missing: [], levels: 1 };
  expect(await prove(output, { ids: 'all', onProgress })).toEqual(all);
  expect(seen.map(({ written }) => written)).toEqual([0, 4080, COUNT]);
  await expectWhole(output, [...accounts.keys()], 1);
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
    details: { written: FIRST, wanted: SOME.length },
  });
  expect(existsSync(join(output, 'index.ndjson'))).toBe(false);
  expect(await prove(output)).toMatchObject({ written: SOME.length, resumed: FIRST });
  await expectWhole(output, SOME);
});

test.each([
  ['cut off', (file: string) => writeFileSync(file, '')],
  ['removed', (file: string) => rmSync(file)],
])('files: a run that goes on makes a file of an earlier one again that was %s', async (_, lose) => {
  const output = newPath();
  await expect(prove(output, stopping())).rejects.toMatchObject({ code: 'INTERRUPTED' });
  lose(join(output, proofName(accounts[SOME[1]!]!.id)));
  expect(await prove(output)).toMatchObject({ written: SOME.length, resumed: 0 });
  await expectWhole(output, SOME);
});

test('files: what a killed run was writing lies apart from them, and goes', async () => {
  const output = newPath();
  await expect(prove(output, stopping())).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(readdirSync(output).filter((name) => !name.endsWith('.json'))).toEqual(['.user-proofs']);
  writeFileSync(join(output, '.user-proofs', 'file.0123abcd.tmp'), 'half a file');
  expect(await prove(output)).toMatchObject({ resumed: FIRST });
  await expectWhole(output, SOME);
});

test('files: what was begun for other accounts is begun anew', async () => {
  const output = newPath();
  await expect(prove(output, stopping())).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(await prove(output, { ids: idsOf(SOME.slice(1)) })).toMatchObject({ resumed: 0 });
  expect((await readPackHead(output))!.count).toBe(SOME.length - 1);
});

test('files: one account after another in one folder stand in one index', async () => {
  const output = newPath();
  for (const which of [[0], [4085], [0, 7]]) await prove(output, { ids: idsOf(which) });
  await expectWhole(output, [0, 7, 4085]);
  // The same folder cannot hold all: they would lie otherwise.
  const refused = { code: 'OUTPUT_EXISTS', details: { file: 'index.ndjson' } };
  await expect(prove(output, { ids: 'all' })).rejects.toMatchObject(refused);
});

test('files: proofs of another manifest are not mixed with, in whatever folders they lie', async () => {
  const { id } = accounts[9]!;
  const name = proofName(id);
  const other = `{"manifest":"0x${'9'.repeat(64)}"}`;
  const run = (output: string) => prove(output, { ids: [id] });
  // Of the same name, as another run of the snapshot writes it, and of another, divided.
  for (const path of [
    proofPath(name, 0),
    ...[1, 2, 3].map((levels) => proofPath(proofName(testKey('x')), levels)),
  ]) {
    const output = newPath();
    mkdirSync(dirname(join(output, path)), { recursive: true });
    writeFileSync(join(output, path), other);
    const file = `${basename(path).slice(0, 8)}….json`;
    await expect(run(output)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS', details: { file } });
    expect(readFileSync(join(output, path), 'utf8')).toBe(other);
  }
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
    proveInclusionLines({ witness, ids: idsOf(SOME), output, workers: 1, ...more });
  let reference: Buffer;

  beforeAll(async () => {
    const file = newPath('.ndjson');
    expect(await lines(file)).toEqual({ written: SOME.length, resumed: 0, missing: [] });
    reference = readFileSync(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(`${file}.index.json`, 'utf8'))).toMatchObject({
      manifest: toHex(manifestDigest(manifest)),
      count: SOME.length,
      sha256: sha256(reference),
    });
  });

  test('hold a document for each account', () => {
    const documents = reference.toString('utf8').split('\n');
    expect(documents.pop()).toBe('');
    expect(documents).toHaveLength(SOME.length);
    const ids = documents.map((document) => toHex(parseInclusion(new Uint8Array(Buffer.from(document))).id));
    expect(new Set(ids)).toEqual(new Set(idsOf(SOME).map(toHex)));
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

  test.each(['.zip', '.bz2', '.XZ', '.tar', '.gzip', '.zstd'])(
    'are not written as plain text under a name that promises another form: %s',
    async (ending) => {
      const file = newPath(ending);
      await expect(lines(file)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED', kind: 'usage' });
      expect(existsSync(`${file}.part`)).toBe(false);
    },
  );

  test('are whole though the system ends a write early, as it does at the largest size of a file', async () => {
    const some = await open(newPath(), 'w');
    const handles = Object.getPrototypeOf(some) as FileHandle;
    await some.close();
    const write = Reflect.get(handles, 'write') as (...given: unknown[]) => Promise<unknown>;
    const early = jest.spyOn(handles, 'write').mockImplementation(function (
      this: FileHandle,
      ...[bytes, offset, length, position]: unknown[]
    ) {
      return write.call(this, bytes, offset, Math.min(Number(length), 1000), position);
    } as FileHandle['write']);
    const file = newPath('.ndjson');
    try {
      await lines(file);
      expect(early).toHaveBeenCalled();
    } finally {
      early.mockRestore();
    }
    expect(readFileSync(file).equals(reference)).toBe(true);
  });

  test('go on after a run that was stopped, and what was half written is cut off', async () => {
    const file = newPath('.ndjson');
    await expect(lines(file, stopping())).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(existsSync(file)).toBe(false);
    // As a run leaves it that was killed in the middle of the next batch.
    appendFileSync(`${file}.part`, 'half a line');
    expect(await lines(file)).toEqual({ written: SOME.length, resumed: FIRST, missing: [] });
    expect(readFileSync(file).equals(reference)).toBe(true);
    for (const rest of ['part', 'progress']) expect(existsSync(`${file}.${rest}`)).toBe(false);
  });
});

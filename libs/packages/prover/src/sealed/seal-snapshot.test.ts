import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  parseManifest,
  readSealedBundle,
  shardFile,
  shardShapes,
  type Manifest,
  type SealedSource,
} from '@solvent-por/verifier';
import { TEST_KEYS, oneLimbAccounts, testHeader, testKey, toBatches } from '@solvent-por/dev/proofs';
import { OUTPUT } from '../files';
import { proveSnapshot } from '../snapshot-prover';
import { proofName } from '../user-proofs/names';
import { proveInclusions } from '../user-proofs/prove-inclusions';
import { sealSnapshot, type SealProgress, type SealSnapshotOptions } from './seal-snapshot';

/** A bundle of a whole snapshot by worker threads. The workers come from `npm run build`. */
const header = testHeader('spot', 1, 1);
const COUNT = 4080 + 7;
const accounts = oneLimbAccounts(header, COUNT);
const root = mkdtempSync(join(tmpdir(), 'solvent-seal-'));
const snapshot = join(root, 'snapshot');
const witness = join(snapshot, OUTPUT.witness);
const reference = join(root, 'reference');
const published = ['index.json', 'manifest.json', 'shards', 'tree.bin'];
let manifest: Manifest;
let folders = 0;

beforeAll(async () => {
  async function* batches() {
    yield* toBatches(accounts);
    await Promise.resolve();
  }
  manifest = await proveSnapshot({
    header,
    keys: TEST_KEYS,
    accounts: COUNT,
    sourceDigest: 'source',
    configDigest: 'config',
    batches: batches(),
    directory: snapshot,
    workers: 2,
  });
  await seal(reference, { workers: 2 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function* keys(given: readonly Uint8Array[] = accounts.map(({ key }) => key), piece = 1000) {
  for (let at = 0; at < given.length; at += piece) yield concat(...given.slice(at, at + piece));
  await Promise.resolve();
}

function seal(output: string, more: Partial<SealSnapshotOptions> = {}) {
  return sealSnapshot({ witness, accountKeys: keys(), keys: TEST_KEYS, output, workers: 1, ...more });
}

const newFolder = () => join(root, `bundle-${folders++}`);

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true }).map(String).sort();
  return Object.fromEntries(
    files
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}

const sourceOf =
  (folder: string): SealedSource =>
  (name, limit) => {
    const file = join(folder, name);
    return Promise.resolve(
      existsSync(file) ? new Uint8Array(readFileSync(file)).subarray(0, limit + 1) : undefined,
    );
  };

test('accounts of both batches read their inclusion, the very file the operator would hand out', async () => {
  const some = [0, 1, 2048, 4079, 4080, 4086].map((i) => accounts[i]!);
  const output = join(root, 'files');
  await proveInclusions({ witness, ids: some.map(({ id }) => id), output, workers: 1 });
  for (const { key, id } of some) {
    const verdict = await readSealedBundle(sourceOf(reference), { manifest, key }, nativeVerifier());
    expect(verdict).toMatchObject({
      outcome: 'included',
      checked: [{ code: 'ACCOUNT_INCLUDED' }, { code: 'ACCOUNT_KEY' }, { code: 'SEALED_INDEX' }],
      notChecked: [],
    });
    if (verdict.outcome !== 'included') return;
    expect(Buffer.from(verdict.document)).toEqual(readFileSync(join(output, proofName(id))));
  }
  const nobody = { manifest, key: testKey('nobody') };
  expect(await readSealedBundle(sourceOf(reference), nobody, nativeVerifier())).toMatchObject({
    outcome: 'absent',
  });
});

test('the folder holds what is published and nothing else, readable by everybody', () => {
  expect(readdirSync(reference).sort()).toEqual(published);
  const [{ bits }] = shardShapes(2);
  expect(readdirSync(join(reference, 'shards'))).toHaveLength(2 ** bits);
  expect(existsSync(join(reference, shardFile(2 ** bits - 1)))).toBe(true);
  expect(parseManifest(new Uint8Array(readFileSync(join(reference, 'manifest.json'))))).toEqual(manifest);
  expect(statSync(join(reference, shardFile(0))).mode & 0o444).toBe(0o444);
  expect(statSync(join(reference, 'shards')).mode & 0o555).toBe(0o555);
});

test('a run that was stopped goes on, and gives the same bytes as one that was not', async () => {
  const output = newFolder();
  const controller = new AbortController();
  const stop = ({ stage, done }: SealProgress) => stage === 'sealing' && done > 0 && controller.abort();
  await expect(seal(output, { onProgress: stop, signal: controller.signal })).rejects.toMatchObject({
    code: 'INTERRUPTED',
    kind: 'usage',
  });
  expect(readdirSync(output)).toEqual(['.sealing']);
  expect(statSync(join(output, '.sealing')).mode & 0o777).toBe(0o700);

  // A later run went on to the end but for its index, and then was killed.
  cpSync(join(reference, 'shards'), join(output, 'shards'), { recursive: true });
  writeFileSync(join(output, shardFile(0)), 'half a file');
  let resumed = 0;
  await seal(output, { onProgress: (progress) => (resumed = Math.max(resumed, progress.resumed)) });
  expect(resumed).toBe(4080);
  expect(contents(output)).toEqual(contents(reference));
});

test('progress counts up to all of each stage', async () => {
  const seen = new Map<string, SealProgress>();
  await seal(newFolder(), { workers: 2, onProgress: (progress) => seen.set(progress.stage, progress) });
  const [{ bits }] = shardShapes(2);
  expect([...seen.values()]).toEqual([
    { stage: 'checking', done: 2, of: 2, resumed: 0 },
    { stage: 'sealing', done: COUNT, of: COUNT, resumed: 0 },
    { stage: 'shards', done: 2 ** bits, of: 2 ** bits, resumed: 0 },
  ]);
});

describe('is refused, before anything is proved', () => {
  const all = accounts.map(({ key }) => key);
  const swapped = [all[1]!, all[0]!, ...all.slice(2)];
  const ids = accounts.map(({ id }) => id);
  test.each<[string, Partial<SealSnapshotOptions>, string]>([
    ['an account less', { accountKeys: keys(all.slice(0, -1)) }, 'SOURCE_CHANGED'],
    ['an account more', { accountKeys: keys([...all, testKey('one more')]) }, 'SOURCE_CHANGED'],
    ['another order', { accountKeys: keys(swapped) }, 'SOURCE_CHANGED'],
    ['ids in place of keys', { accountKeys: keys(ids) }, 'SOURCE_CHANGED'],
    ['no accounts', { accountKeys: keys([]) }, 'SOURCE_CHANGED'],
    ['another signing key', { keys: { ...TEST_KEYS, signing: testKey('other') } }, 'SIGNING_KEY_MISMATCH'],
    ['no witness', { witness: root }, 'WITNESS_MISSING'],
  ])('%s', async (_name, more, code) => {
    const output = newFolder();
    const stages = new Set<string>();
    const onProgress = ({ stage }: SealProgress) => stages.add(stage);
    await expect(seal(output, { ...more, onProgress })).rejects.toMatchObject({ code });
    expect(stages.has('sealing')).toBe(false);
    expect(existsSync(join(output, 'index.json'))).toBe(false);
  });

  test('a folder with a finished bundle, or with anything else in it', async () => {
    await expect(seal(reference)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS', kind: 'usage' });
    await expect(seal(snapshot)).rejects.toMatchObject({ code: 'OUTPUT_NOT_EMPTY', kind: 'usage' });
  });
});

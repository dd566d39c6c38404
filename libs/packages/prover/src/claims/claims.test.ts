import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BN254_R,
  checkClaimFile,
  claimKeyOf,
  claimLeaf,
  elementBytes,
  parseClaimFile,
  type ClaimFile,
} from '@solvent-por/claims';
import { concat, fromBytes, toHex, u32be, utf8 } from '@solvent-por/kzg';
import {
  accountId,
  headerDigest,
  layoutOf,
  lossesBetween,
  parseManifest,
  type AccountBatch,
  type Header,
  type Manifest,
} from '@solvent-por/verifier';
import {
  oneLimbAccounts,
  TEST_KEYS,
  testHeader,
  testKey,
  toBatches,
  type TestAccount,
} from '@solvent-por/dev/proofs';
import { OUTPUT } from '../files';
import { proofName } from '../user-proofs/names';
import { proveInclusionLines } from '../user-proofs/ndjson-file';
import { proveInclusions } from '../user-proofs/prove-inclusions';
import { proveSnapshot, type ProveProgress, type ProveSnapshotOptions } from '../snapshot-prover';
import { buildWitness, publishedValues } from '../witness';
import { manifestOrigin } from '../origin';
import { WitnessDirectory } from '../witness-directory';
import { batchClaims } from './batch-claims';
import { encodeClaimRoots } from './claim-roots-file';
import { manifestClaims } from './manifest-claims';

/** Whole snapshots with claim trees, by worker threads. The workers come from `npm run build`. */
const header = testHeader('spot', 1, 1);
const COUNT = 4080 + 3;
const accounts = oneLimbAccounts(header, COUNT);
const batches = toBatches(accounts);
const CLAIM_KEYS = [toHex(testKey('verifying key'))];
const root = mkdtempSync(join(tmpdir(), 'solvent-claims-'));
const reference = join(root, 'reference');
const last = join(root, 'last');
let manifest: Manifest;
let folders = 0;

/** The same people a month before, in a snapshot without claims. */
const lastHeader: Header = { ...header, snapshot: 'last-month', takenAt: '2025-12-01T00:00:00Z' };
const lastAccounts = accounts
  .slice(0, 3)
  .map((account) => ({ ...account, id: accountId(headerDigest(lastHeader), account.key) }));

beforeAll(async () => {
  const lastBatches = toBatches(lastAccounts);
  const previous = await prove(last, { header: lastHeader, accounts: 3, claimKeys: undefined }, lastBatches);
  manifest = await prove(reference, { workers: 2, previous });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Changes = Partial<Omit<ProveSnapshotOptions, 'claimKeys'>> & {
  readonly claimKeys?: readonly string[] | undefined;
};

async function prove(directory: string, changes: Changes = {}, given: readonly AccountBatch[] = batches) {
  const { claimKeys = 'claimKeys' in changes ? undefined : CLAIM_KEYS, ...more } = changes;
  return proveSnapshot({
    header,
    keys: TEST_KEYS,
    accounts: COUNT,
    sourceDigest: 'source',
    configDigest: 'config',
    batches: each(given),
    directory,
    workers: 1,
    ...(claimKeys && { claimKeys }),
    ...more,
  });
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const lastManifest = () => parseManifest(new Uint8Array(readFileSync(join(last, OUTPUT.manifest))));
const newFolder = () => join(root, `out-${folders++}`);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The claim files of some accounts, as they are written for them. */
async function filesOf(of: readonly Pick<TestAccount, 'id'>[], witness = join(reference, OUTPUT.witness)) {
  const output = newFolder();
  await proveInclusions({ witness, ids: of.map(({ id }) => id), documents: 'claims', output, workers: 1 });
  return of.map(({ id }) => parseClaimFile(new Uint8Array(readFileSync(join(output, proofName(id))))));
}

const foreign = expect.objectContaining({ code: 'CLAIM_FILE_FOREIGN', kind: 'invalid' }) as Error;

test('the signed manifest names the root and the verifying keys, and the rest of it is as without claims', async () => {
  expect(manifest.claimKeys).toEqual(CLAIM_KEYS);
  expect(manifest.claimRoot).toMatch(/^0x[0-9a-f]{64}$/);
  const plain = lastManifest();
  expect(plain).toMatchObject({ claimRoot: null, claimKeys: null });
  const claimed = await prove(newFolder(), { header: lastHeader, accounts: 3 }, toBatches(lastAccounts));
  expect(claimed.claimRoot).not.toBeNull();
  const same = ({ columns, root: sums, totals, totalsOpening }: Manifest) => [
    ...[columns, sums, totals, totalsOpening],
  ];
  expect(same(claimed)).toEqual(same(plain));
});

test('every account’s claim file leads to the root, and is what section 13 says', async () => {
  const of = [accounts[0]!, accounts[4079]!, accounts[4080]!, accounts[4082]!];
  const files = await filesOf(of);
  for (const [i, file] of files.entries()) {
    expect(() => checkClaimFile(file, manifest)).not.toThrow();
    const { id, amounts } = of[i]!;
    expect(file).toMatchObject({ id, values: amounts, batch: i < 2 ? 0 : 1 });
    expect(file.claimKey).toEqual(claimKeyOf(TEST_KEYS.claim, headerDigest(header), id));
  }
});

test('another row, another id, values or claim key, and last month’s manifest are refused', async () => {
  const [file, other] = await filesOf([accounts[5]!, accounts[6]!]);
  const altered: ClaimFile[] = [
    { ...file!, row: other!.row },
    { ...file!, id: other!.id },
    { ...file!, claimKey: other!.claimKey },
    { ...file!, claimKey: claimKeyOf(TEST_KEYS.claim, headerDigest(lastHeader), file!.id) },
    { ...file!, values: [file!.values[0]! + 1n] },
    { ...file!, path: other!.path },
    { ...file!, batch: 1 },
    { ...file!, row: 4081 },
  ];
  for (const one of altered) expect(() => checkClaimFile(one, manifest)).toThrow(foreign);
  expect(() => checkClaimFile(file!, lastManifest())).toThrow(/has no claim tree/);
});

test('a run that was stopped goes on and gives the same bytes; with another claim key it does not go on', async () => {
  const directory = newFolder();
  const controller = new AbortController();
  const onProgress = ({ proof }: ProveProgress) => proof && controller.abort();
  async function* slow(): AsyncGenerator<AccountBatch> {
    yield batches[0]!;
    if (!controller.signal.aborted) await once(controller.signal, 'abort');
    yield batches[1]!;
  }
  const previous = lastManifest();
  const stopped = prove(directory, {
    batches: slow(),
    onProgress,
    signal: controller.signal,
    workers: 2,
    previous,
  });
  await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const otherKeys = { ...TEST_KEYS, claim: testKey('another claim key') };
  for (const changes of [{ keys: otherKeys }, { claimKeys: undefined }, { claimKeys: [toHex(testKey('x'))] }])
    await expect(prove(directory, { ...changes, previous })).rejects.toMatchObject({
      code: 'RESUME_MISMATCH',
    });
  expect(await prove(directory, { previous })).toEqual(manifest);
  const witness = (folder: string) =>
    readdirSync(join(folder, OUTPUT.witness))
      .sort()
      .map((name) => [name, sha256(readFileSync(join(folder, OUTPUT.witness, name)))]);
  expect(witness(directory)).toEqual(witness(reference));
});

test('without the claim key nothing is proved, and the message says what to do', async () => {
  const { claim: _, ...keys } = TEST_KEYS;
  await expect(prove(newFolder(), { keys })).rejects.toMatchObject({
    code: 'CLAIM_KEY_MISSING',
    kind: 'usage',
    message: expect.stringContaining('keys derive') as string,
  });
});

test('a snapshot without claims has no claim files, and the message says what to do', async () => {
  await expect(filesOf(lastAccounts, join(last, OUTPUT.witness))).rejects.toMatchObject({
    code: 'CLAIMS_NOT_OFFERED',
    kind: 'usage',
    message: expect.stringContaining('adds `claims` to the configuration') as string,
  });
});

test('leaving claims out of the next snapshot is a loss that verifiers name', () => {
  const next = { ...manifest, claimRoot: null, claimKeys: null };
  expect(lossesBetween(manifest, next).map(({ code }) => code)).toEqual(['CLAIMS_DROPPED']);
  expect(lossesBetween(lastManifest(), manifest).map(({ code }) => code)).not.toContain('CLAIMS_DROPPED');
});

test('claim files and inclusion proofs have the same names, and never lie in one folder', async () => {
  const witness = join(reference, OUTPUT.witness);
  const ids = [accounts[1]!.id, accounts[4081]!.id];
  for (const documents of ['claims', 'inclusions'] as const) {
    const output = newFolder();
    await proveInclusions({ witness, ids, documents, output, workers: 1 });
    const other = documents === 'claims' ? 'inclusions' : 'claims';
    await expect(
      proveInclusions({ witness, ids, documents: other, output, workers: 1 }),
    ).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: expect.stringContaining('of their own') as string,
    });
  }
});

test('one file of lines holds the same claim files', async () => {
  const witness = join(reference, OUTPUT.witness);
  const output = join(root, 'claims.ndjson');
  const { written } = await proveInclusionLines({
    witness,
    ids: 'all',
    documents: 'claims',
    output,
    workers: 1,
  });
  expect(written).toBe(COUNT);
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
  const read = lines.map((line) => parseClaimFile(new Uint8Array(Buffer.from(line))));
  expect(new Set(read.map(({ id }) => toHex(id)))).toEqual(new Set(accounts.map(({ id }) => toHex(id))));
  expect(new Set(read.map(({ claimKey }) => toHex(claimKey))).size).toBe(COUNT);
  for (const at of [0, 4079, 4082]) expect(() => checkClaimFile(read[at]!, manifest)).not.toThrow();
});

describe('what is kept of the tree', () => {
  const copy = () => {
    const folder = newFolder();
    cpSync(join(reference, OUTPUT.witness), folder, { recursive: true });
    return folder;
  };

  test.each([
    ['a file of roots that is damaged', 'claims.bin', 'WITNESS_FILE_DAMAGED'],
    ['a batch whose leaves are damaged', 'batch-00000.bin', 'WITNESS_FILE_DAMAGED'],
  ])('%s gives no claim file', async (_, name, code) => {
    const folder = copy();
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length - 40]! ^= 1;
    writeFileSync(join(folder, name), bytes);
    await expect(filesOf([accounts[0]!], folder)).rejects.toMatchObject({ code });
  });

  test('roots of another run are refused', async () => {
    const folder = copy();
    const others = encodeClaimRoots([testKey('a'), testKey('b')], manifestOrigin(lastManifest()));
    writeFileSync(join(folder, 'claims.bin'), others);
    await expect(filesOf([accounts[0]!], folder)).rejects.toMatchObject({ code: 'WITNESS_FILE_FOREIGN' });
  });
});

test('leaves of a batch are those of its accounts, then random ones', () => {
  const layout = layoutOf(header);
  const batch = batches[1]!;
  const unused = new Uint8Array(32 * (4080 - batch.count)).fill(1);
  const secrets = { key: TEST_KEYS.claim, headerDigest: headerDigest(header), layout };
  const { keys, leaves } = batchClaims(secrets, batch, unused);
  for (let row = 0; row < batch.count; row++) {
    const id = batch.ids.subarray(32 * row, 32 * (row + 1));
    const claimKey = keys.subarray(31 * row, 31 * (row + 1));
    expect(claimKey).toEqual(claimKeyOf(TEST_KEYS.claim, headerDigest(header), id));
    const leaf = claimLeaf(id, claimKey, publishedValues(layout, batch, row));
    expect(leaves.subarray(32 * row, 32 * (row + 1))).toEqual(elementBytes(leaf));
  }
  expect(leaves.subarray(32 * batch.count)).toEqual(unused);
});

test('leaves of unused rows are what the proof’s stream gives after the opening seeds', async () => {
  const directory = await WitnessDirectory.open(join(reference, OUTPUT.witness));
  const { openingSeed, claims } = await directory.readBatch(1);
  await directory.close();
  // Two workers: the second batch is a proof of its own.
  const digest = headerDigest(header);
  const witness = buildWitness(layoutOf(header), digest, TEST_KEYS.salt, [batches[1]!]);
  const seed = createHmac('sha256', TEST_KEYS.blinding)
    .update(concat(utf8('solvent/v1/blind'), digest, u32be(1), u32be(1), witness.digest))
    .digest();
  const stream = createCipheriv('chacha20', seed, new Uint8Array(16)).update(new Uint8Array(1 << 20));
  const after = stream.indexOf(openingSeed) + 32;
  for (const i of [0, 1, 4076])
    expect(claims!.leaves.subarray(32 * (3 + i), 32 * (4 + i))).toEqual(
      elementBytes(fromBytes(stream.subarray(after + 48 * i, after + 48 * (i + 1))) % BN254_R),
    );
});

test('a snapshot of which some batch has no part of the tree promises no claims', () => {
  expect(manifestClaims({}, undefined)).toBeUndefined();
  const missing = expect.objectContaining({ code: 'CLAIMS_MISSING', kind: 'invalid' }) as Error;
  expect(() => manifestClaims({}, CLAIM_KEYS)).toThrow(missing);
  const claims = { roots: [testKey('a')], root: testKey('root') };
  expect(manifestClaims({ claims }, CLAIM_KEYS)!.root).toEqual(claims.root);
  expect(manifestClaims({ claims }, undefined)).toBeUndefined();
});

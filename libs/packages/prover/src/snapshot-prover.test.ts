import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { lockFolder } from '@solvent-por/snapshot/files';
import {
  accountId,
  headerDigest,
  parseInclusion,
  parseManifest,
  verifyInclusion,
  type AccountBatch,
  type Header,
} from '@solvent-por/verifier';
import {
  TEST_KEYS,
  oneLimbAccounts,
  testHeader,
  testKey,
  toBatches,
  verifyFile,
} from '@solvent-por/dev/proofs';
import { OUTPUT } from './files';
import { proveInclusions } from './user-proofs/prove-inclusions';
import { proofName } from './user-proofs/names';
import { proveSnapshot, type ProveProgress, type ProveSnapshotOptions } from './snapshot-prover';

/** Whole snapshots by worker threads, into folders. The workers come from `npm run build`. */
const header = testHeader('spot', 1, 1);
const COUNT = 4080 + 3;
const accounts = oneLimbAccounts(header, COUNT);
const batches = toBatches(accounts);
/** Last month's, of the same people under the ids of that snapshot. */
const lastHeader: Header = { ...header, snapshot: 'last-month', takenAt: '2025-12-01T00:00:00Z' };
const lastAccounts = accounts.map(({ key, amounts }) => ({
  key,
  id: accountId(headerDigest(lastHeader), key),
  amounts,
}));
const root = mkdtempSync(join(tmpdir(), 'solvent-prove-'));
const reference = join(root, 'reference');
let folders = 0;

beforeAll(() => prove(reference, { workers: 2 }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function* stream(given: readonly AccountBatch[]): AsyncGenerator<AccountBatch> {
  yield* given;
}

function prove(
  directory: string,
  more: Partial<ProveSnapshotOptions> = {},
  given: readonly AccountBatch[] = batches,
) {
  return proveSnapshot({
    header,
    keys: TEST_KEYS,
    accounts: COUNT,
    sourceDigest: 'source',
    configDigest: 'config',
    batches: stream(given),
    directory,
    workers: 1,
    ...more,
  });
}

/** Digest of every file below a folder. */
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

/** A run stopped after its first proof: both files of it are there, and the plan. */
async function interrupted(more: Partial<ProveSnapshotOptions> = {}): Promise<string> {
  const directory = join(root, `run-${folders++}`);
  const controller = new AbortController();
  const onProgress = ({ proof }: ProveProgress) => proof && controller.abort();
  // The second batch is given only once the first is proved, so that the run stops between them.
  async function* slow(): AsyncGenerator<AccountBatch> {
    yield batches[0]!;
    while (!controller.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
    yield batches[1]!;
  }
  // Two workers, for whom each batch is a proof of its own; the plan stays when one worker goes on.
  const run = prove(directory, {
    batches: slow(),
    onProgress,
    signal: controller.signal,
    workers: 2,
    ...more,
  });
  await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED', kind: 'usage' });
  expect(existsSync(join(directory, OUTPUT.manifest))).toBe(false);
  expect(readdirSync(join(directory, OUTPUT.progress)).sort()).toEqual(['plan.bin', 'proof-00000.bin']);
  const modeOf = (...path: string[]) => statSync(join(directory, OUTPUT.progress, ...path)).mode & 0o777;
  expect([modeOf(), modeOf('plan.bin'), modeOf('proof-00000.bin')]).toEqual([0o700, 0o600, 0o600]);
  return directory;
}

/** A copy of one such run for each test. */
let stopped: Promise<string> | undefined;
async function copyOfStopped(): Promise<string> {
  const directory = join(root, `run-${folders++}`);
  cpSync(await (stopped ??= interrupted()), directory, { recursive: true });
  return directory;
}

/** Goes on, and says how many batches were not proved again. */
async function resume(directory: string): Promise<number> {
  let kept = 0;
  await prove(directory, { onProgress: ({ resumed }) => (kept = Math.max(kept, resumed)) });
  expect(contents(directory)).toEqual(contents(reference));
  return kept;
}

test('the folder verifies as a whole and account by account', async () => {
  const file = new Uint8Array(readFileSync(join(reference, OUTPUT.globalProof)));
  expect(await verifyFile(file)).toMatchObject({ valid: true, proofs: 2, manifest: { batchCount: 2 } });
  const total = accounts.reduce((sum, { amounts }) => sum + amounts[0]!, 0n);
  const manifest = parseManifest(new Uint8Array(readFileSync(join(reference, OUTPUT.manifest))));
  expect(manifest.totals).toEqual([String(total)]);

  const output = join(root, 'inclusions');
  const ids = [accounts[0]!.id, accounts[COUNT - 1]!.id, testKey('nobody')];
  const witness = join(reference, OUTPUT.witness);
  expect(await proveInclusions({ witness, ids, output, workers: 2 })).toEqual({
    written: 2,
    resumed: 0,
    missing: [ids[2]],
    levels: 0,
  });
  for (const { id, key } of [accounts[0]!, accounts[COUNT - 1]!]) {
    const inclusion = parseInclusion(new Uint8Array(readFileSync(join(output, proofName(id)))));
    expect(verifyInclusion(inclusion, { key, manifest }, nativeVerifier())).toMatchObject({
      valid: true,
      keyChecked: true,
    });
  }
});

test("the operator's files are readable by their owner alone", () => {
  const witness = join(reference, OUTPUT.witness);
  expect(statSync(witness).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(witness)) expect(statSync(join(witness, name)).mode & 0o777).toBe(0o600);
  expect(readdirSync(reference).sort()).toEqual([OUTPUT.globalProof, OUTPUT.manifest, OUTPUT.witness]);
});

describe('a run that was stopped', () => {
  const flip = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    writeFileSync(file, bytes);
  };
  const proof = (directory: string) => join(directory, OUTPUT.progress, 'proof-00000.bin');
  const witness = (directory: string) => join(directory, OUTPUT.witness, 'batch-00000.bin');
  test.each<[string, Partial<ProveSnapshotOptions>]>([
    ['input', { sourceDigest: 'other' }],
    ['configuration', { configDigest: 'other' }],
    ['header', { header: { ...header, snapshot: 'other' } }],
    ['salt key', { keys: { ...TEST_KEYS, salt: testKey('other') } }],
    ['blinding key', { keys: { ...TEST_KEYS, blinding: testKey('other') } }],
    ['signing key', { keys: { ...TEST_KEYS, signing: testKey('other') } }],
    ['predecessor', {}],
  ])('does not go on with another %s', async (_name, change) => {
    const directory = await copyOfStopped();
    const before = contents(directory);
    const more =
      Object.keys(change).length === 0
        ? { previous: parseManifest(new Uint8Array(readFileSync(join(reference, OUTPUT.manifest)))) }
        : change;
    await expect(prove(directory, more)).rejects.toMatchObject({ code: 'RESUME_MISMATCH', kind: 'usage' });
    expect(contents(directory)).toEqual(before);
  });

  test('does not take over a proof or a witness of another run of the same header', async () => {
    const other = join(root, `run-${folders++}`);
    const first = batches[0]!;
    const amounts = first.amounts.map((word, i) => (i === 0 ? word ^ 1 : word));
    await prove(other, {}, [{ ...first, amounts }, batches[1]!]);
    const directory = await copyOfStopped();
    cpSync(join(other, OUTPUT.witness, 'batch-00000.bin'), witness(directory));
    expect(await resume(directory)).toBe(0);
    const again = await copyOfStopped();
    const stranger = await interrupted({ sourceDigest: 'other' });
    cpSync(proof(stranger), proof(again));
    expect(await resume(again)).toBe(0);
  });

  test('says so when its plan cannot be read', async () => {
    const directory = await copyOfStopped();
    truncateSync(join(directory, OUTPUT.progress, 'plan.bin'), 20);
    await expect(prove(directory)).rejects.toMatchObject({ code: 'RESUME_DAMAGED', kind: 'usage' });
  });

  test.each<[string, (directory: string) => void]>([
    ['a proof file cut off', (directory) => truncateSync(proof(directory), 500)],
    ['a bit of a witness file changed', (directory) => flip(witness(directory), -100)],
    ['a witness file gone', (directory) => rmSync(witness(directory))],
  ])('proves again what is damaged: %s', async (_name, damage) => {
    const directory = await copyOfStopped();
    damage(directory);
    expect(await resume(directory)).toBe(0);
  });

  test('goes on and gives the same bytes, without what a crash left half written', async () => {
    const directory = await copyOfStopped();
    writeFileSync(join(directory, OUTPUT.witness, 'batch-00001.bin.0123abcd.tmp'), 'half');
    writeFileSync(join(directory, 'global-proof.ndjson.0123abcd.tmp'), 'half');
    mkdirSync(join(directory, OUTPUT.witness, '.index'));
    expect(await resume(directory)).toBe(1);
  });
});

describe('an output folder', () => {
  test('with a finished snapshot is left alone', async () => {
    const before = contents(reference);
    await expect(prove(reference)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS', kind: 'usage' });
    expect(contents(reference)).toEqual(before);
  });

  test('with other files is left alone', async () => {
    const directory = join(root, 'occupied');
    mkdirSync(directory);
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    await expect(prove(directory)).rejects.toMatchObject({ code: 'OUTPUT_NOT_EMPTY', kind: 'usage' });
    expect(readdirSync(directory)).toEqual(['notes.txt']);
  });
});

describe('input that is not what was announced', () => {
  test.each<[string, number, readonly AccountBatch[]]>([
    ['a batch less', COUNT, batches.slice(0, 1)],
    ['an account less', COUNT, [batches[0]!, toBatches(accounts.slice(4080, -1))[0]!]],
  ])('%s', async (_name, count, given) => {
    const directory = await copyOfStopped();
    await expect(prove(directory, { accounts: count }, given)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      kind: 'invalid',
    });
    expect(existsSync(join(directory, OUTPUT.manifest))).toBe(false);
  });

  test('an account id in two rows', async () => {
    const directory = join(root, `run-${folders++}`);
    const given = toBatches([accounts[0]!, accounts[1]!, accounts[0]!]);
    await expect(prove(directory, { accounts: 3 }, given)).rejects.toMatchObject({
      code: 'ACCOUNT_REPEATED',
      kind: 'invalid',
    });
    expect(existsSync(join(directory, OUTPUT.manifest))).toBe(false);
  });

  test('an account that cannot be proved: the worker’s error keeps its code', async () => {
    const directory = join(root, `run-${folders++}`);
    const given = toBatches([{ id: testKey('too rich'), amounts: [2048n] }]);
    await expect(prove(directory, { accounts: 1 }, given)).rejects.toMatchObject({
      code: 'WITNESS_OUT_OF_RANGE',
      kind: 'invalid',
      details: { row: 0 },
    });
    expect(existsSync(join(directory, OUTPUT.manifest))).toBe(false);
  });
});

test('an output folder that another run holds is refused at once, and left to it', async () => {
  const directory = join(root, `run-${folders++}`);
  const lock = lockFolder(directory, 'solvent prove');
  await expect(prove(directory)).rejects.toMatchObject({ code: 'OUTPUT_IN_USE', kind: 'usage' });
  const running = prove(directory, { lock, workers: 2 });
  await expect(prove(directory, { workers: 2 })).rejects.toMatchObject({ code: 'OUTPUT_IN_USE' });
  await running;
  lock.release();
  expect(contents(directory)).toEqual(contents(reference));
});

describe('a damaged or foreign witness folder of a finished snapshot', () => {
  const output = join(root, 'look-ups');
  const look = (witness: string, ids: Uint8Array[] | 'all' = [accounts[0]!.id]) =>
    proveInclusions({ witness, ids, output, workers: 1 });
  const altered = (name: string, change: (file: string) => void) => {
    const witness = join(root, `witness-${folders++}`);
    cpSync(join(reference, OUTPUT.witness), witness, { recursive: true });
    change(join(witness, name));
    return witness;
  };
  const flip = (at: number) => (file: string) => {
    const bytes = readFileSync(file);
    bytes[at]! ^= 1;
    writeFileSync(file, bytes);
  };
  const cut = (size: number) => (file: string) => truncateSync(file, statSync(file).size + size);
  afterEach(() => expect(existsSync(output)).toBe(false));

  test.each<[string, string, (file: string) => void]>([
    ['batch-00000.bin', 'a bit changed', flip(5000)],
    ['batch-00000.bin', 'cut off', cut(-1)],
    ['leaves.bin', 'a bit changed in an account tree’s root', flip(3)],
    ['leaves.bin', 'a bit changed in a sum', flip(60)],
    ['leaves.bin', 'cut off', cut(-144)],
    ['batches.bin', 'a bit changed', flip(3)],
    ['index.bin', 'cut off', cut(-1)],
    ['index.bin', 'truncate -s 22', (file) => truncateSync(file, 22)],
    ['index.bin', 'truncate -s 0', (file) => truncateSync(file, 0)],
    [
      'index.bin',
      'a bit changed in every entry',
      (file) => {
        const bytes = readFileSync(file);
        for (let at = 0; at < 22 * COUNT; at += 22) bytes[at]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    [
      'manifest.json',
      'a bit changed in a total',
      (file) => {
        const text = readFileSync(file, 'utf8');
        writeFileSync(file, text.replace(/("totals":\["\d+)\d"/, '$10"'));
      },
    ],
  ])('%s, %s: it is named, nobody is said to be missing, nothing is written', async (name, _what, change) => {
    const refusal = { code: 'WITNESS_FILE_DAMAGED', kind: 'invalid' };
    const message = expect.stringMatching(new RegExp(`^${name}`)) as string;
    await expect(look(altered(name, change))).rejects.toMatchObject({ ...refusal, message });
    await expect(look(altered(name, change), [testKey('nobody'), accounts[0]!.id])).rejects.toMatchObject(
      refusal,
    );
  });

  /** Another run of the very same header, as a mistake that was put right would give: other balances. */
  const otherRun = join(root, 'other-run');
  const lastMonth = join(root, 'last-month');
  beforeAll(async () => {
    const first = batches[0]!;
    const amounts = first.amounts.map((word, i) => (i === 0 ? word ^ 1 : word));
    await prove(otherRun, {}, [{ ...first, amounts }, batches[1]!]);
    await prove(lastMonth, { header: lastHeader }, toBatches(lastAccounts));
  });

  test.each([
    ['leaves.bin', 'last month', lastMonth, /belongs to snapshot last-month .*, this is snapshot/],
    ['index.bin', 'last month', lastMonth, /belongs to snapshot last-month .*, this is snapshot/],
    ['batches.bin', 'last month', lastMonth, /belongs to snapshot last-month .*, this is snapshot/],
    ['batch-00000.bin', 'last month', lastMonth, /belongs to snapshot last-month .*, this is snapshot/],
    [
      'manifest.json',
      'last month',
      lastMonth,
      /^manifest.json of the witness belongs to snapshot last-month .*, and index.bin, leaves.bin, batches.bin beside it to another manifest/,
    ],
    ['leaves.bin', 'another run', otherRun, /leaves.bin belongs to another run/],
    ['index.bin', 'another run', otherRun, /index.bin belongs to another run/],
    ['batches.bin', 'another run', otherRun, /batches.bin belongs to another run/],
    ['batch-00000.bin', 'another run', otherRun, /batch-00000.bin belongs to another run/],
  ])('a whole %s of %s is foreign, and nothing is written', async (name, _whose, from, message) => {
    const witness = altered(name, (file) => cpSync(join(from, OUTPUT.witness, name), file));
    const refusal = {
      code: 'WITNESS_FILE_FOREIGN',
      kind: 'invalid',
      message: expect.stringMatching(message) as string,
    };
    await expect(look(witness)).rejects.toMatchObject(refusal);
    const all = { ...refusal, message: expect.any(String) as string };
    // Everybody is found without the index.
    if (name !== 'index.bin') await expect(look(witness, 'all')).rejects.toMatchObject(all);
  });

  test.each(['batch-00000.bin', 'batches.bin', 'leaves.bin', 'index.bin'])(
    '%s gone is said',
    async (name) => {
      await expect(look(altered(name, (file) => rmSync(file)))).rejects.toMatchObject({
        code: 'WITNESS_MISSING',
        details: { file: name },
      });
    },
  );

  test.each(['batch-00000.bin', 'batches.bin', 'leaves.bin', 'index.bin', 'manifest.json'])(
    'a folder in place of %s is said',
    async (name) => {
      const witness = altered(name, (file) => {
        rmSync(file);
        mkdirSync(file);
      });
      await expect(look(witness)).rejects.toMatchObject({
        code: 'WITNESS_MISSING',
        message: expect.stringContaining(`${name} is a folder, and should be a file`) as string,
        details: { file: name },
      });
    },
  );

  test('is not a witness folder at all', async () => {
    await expect(look(root)).rejects.toMatchObject({ code: 'WITNESS_MISSING', kind: 'usage' });
  });
});

describe('a folder of inclusion proofs', () => {
  const witness = join(reference, OUTPUT.witness);
  const nameOf = ({ id }: { readonly id: Uint8Array }) => proofName(id);
  const all = (name: string) => [name, 'index.ndjson', 'manifest.json'].sort();
  const name = nameOf(accounts[0]!);
  const write = (output: string, given = witness, { id } = accounts[0]!) =>
    proveInclusions({ witness: given, ids: [id], output, workers: 1 });

  test('is for its owner alone, whatever the umask', async () => {
    const output = join(root, 'proofs');
    const before = process.umask(0);
    try {
      await write(output);
    } finally {
      process.umask(before);
    }
    expect(statSync(output).mode & 0o777).toBe(0o700);
    expect(statSync(join(output, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(output).sort()).toEqual(all(name));
    const file = readFileSync(join(output, name));
    await write(output);
    expect(readFileSync(join(output, name))).toEqual(file);
  });

  test("with last month's proofs is refused: none is replaced", async () => {
    const output = join(root, 'old-proofs');
    await write(output, join(root, 'last-month', OUTPUT.witness), lastAccounts[0]);
    const old = nameOf(lastAccounts[0]!);
    const file = readFileSync(join(output, old));
    const refusal = {
      code: 'OUTPUT_EXISTS',
      kind: 'usage',
      message: expect.stringMatching(
        /manifest.json is of another snapshot or run, last-month, .*name another output folder/,
      ) as string,
    };
    await expect(write(output)).rejects.toMatchObject(refusal);
    const others = { witness, output, workers: 1 };
    await expect(proveInclusions({ ...others, ids: [accounts[1]!.id] })).rejects.toMatchObject(refusal);
    await expect(proveInclusions({ ...others, ids: 'all' })).rejects.toMatchObject(refusal);
    expect(readdirSync(output).sort()).toEqual(all(old));
    expect(readFileSync(join(output, old))).toEqual(file);
  });

  test("with another run's proofs of the same snapshot is refused: none is replaced", async () => {
    const output = join(root, 'proofs-of-another-run');
    await write(output, join(root, 'other-run', OUTPUT.witness));
    const file = readFileSync(join(output, name));
    const refusal = { code: 'OUTPUT_EXISTS', kind: 'usage' };
    await expect(write(output)).rejects.toMatchObject(refusal);
    expect(readFileSync(join(output, name))).toEqual(file);
    writeFileSync(join(output, name), 'mine');
    await expect(write(output)).rejects.toMatchObject(refusal);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf, parseProofLine, unsummedBytes } from '@solvent-por/verifier';
import { TEST_KEYS, oneLimbAccounts, testAccounts, testHeader, toBatches } from '@solvent-por/dev/proofs';
import { batchFile, OUTPUT } from './files';
import { ProofPool, type ProvedJob } from './proof-pool';
import { proveSnapshot } from './snapshot-prover';
import { WitnessDirectory } from './witness-directory';

/** Threads come from `npm run build`. */
const header = testHeader('spot', 1, 1);
const accounts = oneLimbAccounts(header, 4080 + 3);
const batches = toBatches(accounts);
const root = mkdtempSync(join(tmpdir(), 'solvent-pool-'));
const pool = new ProofPool({ workers: 2, keys: TEST_KEYS });
afterAll(async () => {
  await pool.end();
  rmSync(root, { recursive: true, force: true });
});

async function folderOf(workers: number): Promise<string> {
  const directory = join(root, String(workers));
  async function* stream() {
    yield* batches;
  }
  await proveSnapshot({
    header,
    keys: TEST_KEYS,
    accounts: accounts.length,
    sourceDigest: 'source',
    configDigest: 'config',
    batches: stream(),
    directory,
    workers,
  });
  return directory;
}

// One worker's plan is one proof of both batches, that of two is one each.
test.each([
  [1, [{ first: 0, batches }]],
  [
    2,
    [
      { first: 0, batches: [batches[0]!] },
      { first: 1, batches: [batches[1]!] },
    ],
  ],
])('the same bytes as proveSnapshot writes, for the plan of %d', async (workers, jobs) => {
  const [directory, ...proved] = await Promise.all([
    folderOf(workers),
    ...jobs.map((job) => pool.prove({ header, ...job })),
  ]);
  const lines = readFileSync(join(directory, OUTPUT.globalProof), 'utf8').split('\n').slice(1, -1);
  const unsummed = lines.map((line) => unsummedBytes(parseProofLine(Buffer.from(line), layoutOf(header))));
  expect(proved.map(({ proof }) => Buffer.from(proof))).toEqual(unsummed.map((bytes) => Buffer.from(bytes)));
  expect(proved.map(({ first }) => first)).toEqual(jobs.map(({ first }) => first));

  const witness = await WitnessDirectory.open(join(directory, OUTPUT.witness));
  const all: ProvedJob['batches'][number][] = proved.flatMap((job) => job.batches);
  expect(all.map(({ batch }) => batch)).toEqual([0, 1]);
  for (const { batch, count, ids, witness: bytes } of all) {
    expect(Buffer.from(bytes).equals(readFileSync(batchFile(witness.path, batch)))).toBe(true);
    expect([count, [...ids]]).toEqual([batches[batch]!.count, [...batches[batch]!.ids]]);
  }
  await witness.close();
});

test('one pool serves any header, also while it proves under another', async () => {
  const other = { ...testHeader('margin', 1, 2), snapshot: 'other' };
  const job = { header: other, first: 5, batches: toBatches(testAccounts(other, 2)) };
  const [here, there] = await Promise.all([
    pool.prove(job),
    pool.prove({ header, first: 1, batches: [batches[1]!] }),
  ]);
  expect(there.proof).not.toEqual(here.proof);
  expect((await pool.prove(job)).proof).toEqual(here.proof);
});

test('an account without a proof is refused with its row', async () => {
  const insolvent = testHeader('margin', 1, 2);
  const account = { id: new Uint8Array(32), amounts: [1n, 2n] };
  await expect(
    pool.prove({ header: insolvent, first: 0, batches: toBatches([account]) }),
  ).rejects.toMatchObject({ code: 'WITNESS_OUT_OF_RANGE', kind: 'invalid', details: { row: 0 } });
});

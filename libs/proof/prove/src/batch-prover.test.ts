import { createKernels, nobleVerifier, OpeningChecks } from '@solvent/algebra';
import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import {
  headerDigest,
  layoutOf,
  parseProofLine,
  proofLine,
  proofLineBytes,
  verifyBatches,
  type Header,
  type Mode,
} from '@solvent/proof/verify';
import { TEST_KEYS, testAccounts, testHeader, toBatches } from '@solvent/testing';
import { BatchProver } from './batch-prover';

const kernels = createKernels();
const committer = loadCommitter();

async function prover(header: Header): Promise<BatchProver> {
  return new BatchProver(header, TEST_KEYS, kernels, await committer);
}

function context(header: Header, kzg = nativeVerifier()) {
  return { layout: layoutOf(header), headerDigest: headerDigest(header), kzg };
}

const cases: [Mode, number, number][] = [
  ['aggregate', 5, 1],
  ['aggregate', 10, 3],
  ['aggregate', 0, 1],
  ['spot', 7, 2],
  ['margin', 7, 1],
  ['margin', 9, 2],
];

test.each(cases)('%s: %d accounts in %d batches prove and verify', async (mode, count, k) => {
  const header = testHeader(mode);
  const batches = toBatches(testAccounts(header, count), Math.max(1, Math.ceil(count / k)));
  expect(batches).toHaveLength(k);
  const { proof } = (await prover(header)).prove(3, batches);
  const checks = new OpeningChecks();
  expect(verifyBatches(proof, context(header), checks)).toHaveLength(k);
  expect(checks.holds(nativeVerifier())).toBe(true);

  const line = proofLine(proof);
  expect(line).toHaveLength(proofLineBytes(layoutOf(header), k, 3));
  expect(parseProofLine(line, layoutOf(header))).toEqual(proof);
});

test('pure JavaScript agrees', async () => {
  const header = testHeader('aggregate');
  const { proof } = (await prover(header)).prove(0, toBatches(testAccounts(header, 4)));
  const checks = new OpeningChecks();
  verifyBatches(proof, context(header, nobleVerifier()), checks);
  expect(checks.holds(nobleVerifier())).toBe(true);
  const wrong = { ...proof, evaluations: { ...proof.evaluations, shifted: proof.evaluations.shifted ^ 1n } };
  const refused = new OpeningChecks();
  verifyBatches(wrong, context(header, nobleVerifier()), refused);
  expect(refused.holds(nobleVerifier())).toBe(false);
});

test('proving again gives the same bytes; another witness another blinding', async () => {
  const header = testHeader('aggregate');
  const accounts = testAccounts(header, 4);
  const proving = await prover(header);
  const [a, b, c] = [accounts, accounts, accounts.slice(1)].map(
    (some) => proving.prove(0, toBatches(some)).proof,
  );
  expect(proofLine(a!)).toEqual(proofLine(b!));
  expect(a!.commitments.tags[0]).not.toEqual(c!.commitments.tags[0]);
});

test('an account that cannot be proved is refused by the prover', async () => {
  const header = testHeader('margin');
  const account = { id: new Uint8Array(32), amounts: [1n, 0n, 0n, 5n] };
  const proving = await prover(header);
  expect(() => proving.prove(0, toBatches([account]))).toThrow(
    expect.objectContaining({ code: 'WITNESS_OUT_OF_RANGE' }),
  );
});

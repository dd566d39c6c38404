import { createKernels, nobleVerifier, OpeningChecks, ROWS, type SmallColumn } from '@solvent-por/kzg';
import { loadCommitter, nativeVerifier } from '@solvent-por/kzg/native';
import {
  headerDigest,
  layoutOf,
  parseProofLine,
  parseUnsummed,
  proofLine,
  proofLineBytes,
  unsummedBytes,
  verifyBatches,
  type Header,
  type Mode,
} from '@solvent-por/verifier';
import {
  CheatingProver,
  contextOf,
  haircutHeader,
  summed,
  TEST_KEYS,
  testAccounts,
  testHeader,
  toBatches,
} from '@solvent-por/dev/proofs';
import { BatchProver } from './batch-prover';
import { summedLine } from './summed-line';

const kernels = createKernels();
const committer = loadCommitter();

async function prover(header: Header): Promise<BatchProver> {
  return new BatchProver(header, TEST_KEYS, kernels, await committer);
}

function context(header: Header, kzg = nativeVerifier()) {
  return { layout: layoutOf(header), headerDigest: headerDigest(header), kzg };
}

const cases: [Mode | 'haircuts', number, number][] = [
  ['aggregate', 5, 1],
  ['aggregate', 10, 3],
  ['aggregate', 0, 1],
  ['spot', 7, 2],
  ['margin', 7, 1],
  ['margin', 9, 2],
  ['haircuts', 7, 2],
];

test.each(cases)('%s: %d accounts in %d batches prove and verify', async (mode, count, k) => {
  const header = mode === 'haircuts' ? haircutHeader(2) : testHeader(mode);
  const batches = toBatches(testAccounts(header, count), Math.max(1, Math.ceil(count / k)));
  expect(batches).toHaveLength(k);
  const { proof } = (await prover(header)).prove(3, batches);
  const checks = new OpeningChecks();
  expect(verifyBatches(proof, context(header), checks)).toHaveLength(k);
  expect(checks.holds(nativeVerifier())).toBe(true);

  const whole = summed(proof, contextOf(header));
  const line = proofLine(whole);
  expect(line).toHaveLength(proofLineBytes(layoutOf(header), k, 3));
  expect(parseProofLine(line, layoutOf(header))).toEqual(whole);

  // As the prover keeps it until γ is drawn; the line is then made without reading it.
  const kept = unsummedBytes(proof);
  expect(parseUnsummed(kept, layoutOf(header))).toEqual(proof);
  expect(summedLine(kept, whole.sums)).toEqual(line);
  expect(() => parseUnsummed(line, layoutOf(header))).toThrow(
    expect.objectContaining({ code: 'PROOF_MALFORMED' }),
  );
  expect(() => parseProofLine(kept, layoutOf(header))).toThrow(
    expect.objectContaining({ code: 'PROOF_MALFORMED' }),
  );
});

/**
 * The cheating prover without a cheat sums its groups the plain way, on all four cosets, and commits to its
 * limbs one by one.
 */
test.each<[string, Header, number]>([
  ['aggregate, of which most limbs are 0', testHeader('aggregate'), 2],
  ['haircuts, rooms included', haircutHeader(2), 1],
  ['nobody at all', testHeader('spot', 1, 1), 1],
])('fewer transforms give the same proof: %s', async (_, header, k) => {
  const batches = toBatches(testAccounts(header, header.mode === 'spot' ? 0 : 4 * k), 4);
  const plain = new CheatingProver(header, kernels, await committer, {});
  plain.examines = false;
  expect((await prover(header)).prove(0, batches)).toEqual(plain.prove(0, batches));
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

test('a committer that takes small columns at once gets every limb column, and the proof is the same', async () => {
  const header = haircutHeader(2);
  const batches = toBatches(testAccounts(header, 5), 3);
  const slow = await committer;
  const expected = (await prover(header)).prove(0, batches);
  const column = kernels.allocate(ROWS);
  let seen = 0;
  const commitSmall = (columns: readonly SmallColumn[]) =>
    columns.map(({ rows, reserved }) => {
      seen++;
      kernels.load(column, 0, [...Array.from(rows, BigInt), ...reserved]);
      return slow.commit(kernels.blob(column));
    });
  const fast = new BatchProver(header, TEST_KEYS, kernels, { ...slow, commitSmall });
  expect(fast.prove(0, batches)).toEqual(expected);
  expect(seen).toBe(2 * layoutOf(header).limbs);
});

test('proving again gives the same bytes; another witness another blinding', async () => {
  const header = testHeader('aggregate');
  const accounts = testAccounts(header, 4);
  const proving = await prover(header);
  const [a, b, c] = [accounts, accounts, accounts.slice(1)].map(
    (some) => proving.prove(0, toBatches(some)).proof,
  );
  expect(unsummedBytes(a!)).toEqual(unsummedBytes(b!));
  expect(a!.accounts).not.toEqual(c!.accounts);
  a!.commitments.limbs.forEach((limb, i) => expect(limb).not.toEqual(c!.commitments.limbs[i]));
});

test.each<[string, Header, bigint[], bigint[]]>([
  ['owes more than it has', testHeader('margin'), [1n, 0n, 0n, 5n], [5n, 0n, 0n, 3n]],
  // 700·95 % + 2,300·80 % of an asset at 3, against one more than counts.
  [
    'owes more than counts',
    haircutHeader(2),
    [3000n, 0n, 0n, 0n, 2506n, 0n, 0n],
    [3000n, 0n, 0n, 0n, 2505n, 0n, 0n],
  ],
  [
    'has what counts for nothing',
    haircutHeader(2),
    [0n, 9n, 0n, 0n, 0n, 1n, 0n],
    [0n, 9n, 1n, 0n, 0n, 1n, 0n],
  ],
  [
    'has more than its limbs hold, all pools together',
    haircutHeader(2),
    [0n, 1n << 21n, 1n << 21n, 0n, 0n, 0n, 0n],
    [0n, 1n << 21n, (1n << 21n) - 1n, 0n, 0n, 0n, 0n],
  ],
  ['has 2^64', testHeader('spot', 1, 6), [1n << 64n], [(1n << 64n) - 1n]],
  [
    'has 2^64, net and debt together',
    testHeader('aggregate', 1, 6),
    [1n << 63n, 1n << 63n],
    [1n << 63n, (1n << 63n) - 1n],
  ],
])(
  'an account that %s is refused by the prover, one that does not is proved',
  async (_, header, amounts, fewer) => {
    const proving = await prover(header);
    const batch = (given: bigint[]) => toBatches([{ id: new Uint8Array(32), amounts: given }]);
    const refused = expect.objectContaining({ code: 'WITNESS_OUT_OF_RANGE', kind: 'invalid' }) as Error;
    expect(() => proving.prove(0, batch(amounts))).toThrow(refused);
    const checks = new OpeningChecks();
    verifyBatches(proving.prove(0, batch(fewer)).proof, context(header), checks);
    expect(checks.holds(nativeVerifier())).toBe(true);
  },
);

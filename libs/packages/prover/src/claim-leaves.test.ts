import { BN254_R } from '@solvent-por/claims';
import { createKernels, fromBytes } from '@solvent-por/kzg';
import { loadCommitter } from '@solvent-por/kzg/native';
import { TEST_KEYS, testAccounts, testHeader, toBatches } from '@solvent-por/dev/proofs';
import { BatchProver } from './batch-prover';

test('leaves of unused claim rows are drawn last, so that nothing else depends on them', async () => {
  const header = testHeader('aggregate', 1, 1);
  const prover = new BatchProver(header, TEST_KEYS, createKernels(), await loadCommitter());
  const accounts = testAccounts(header, 5).map((account) => ({ ...account, amounts: [0n, 7n] }));
  const two = toBatches(accounts, 3);
  const [without, withLeaves] = [prover.prove(0, two), prover.prove(0, two, true)];
  expect(without.unusedClaimLeaves).toBeUndefined();
  expect({ ...withLeaves, unusedClaimLeaves: undefined }).toEqual({
    ...without,
    unusedClaimLeaves: undefined,
  });
  const leaves = withLeaves.unusedClaimLeaves!;
  expect(leaves.map(({ length }) => length / 32)).toEqual([4080 - 3, 4080 - 2]);
  const drawn = leaves.flatMap((bytes) =>
    Array.from({ length: bytes.length / 32 }, (_, i) => fromBytes(bytes.subarray(32 * i, 32 * (i + 1)))),
  );
  expect(new Set(drawn).size).toBe(drawn.length);
  expect(drawn.every((leaf) => leaf < BN254_R)).toBe(true);
  // The same witness draws the same; the same accounts elsewhere, others.
  expect(prover.prove(0, two, true).unusedClaimLeaves).toEqual(leaves);
  expect(prover.prove(2, two, true).unusedClaimLeaves).not.toEqual(leaves);
});

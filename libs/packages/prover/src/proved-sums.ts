import type { G1Point, KzgVerifier } from '@solvent-por/kzg';
import { sumWeights, type BatchProof, type Layout } from '@solvent-por/verifier';

/**
 * sum_b of a proof's batches, derived from its commitments as every verifier derives them (section 8).
 * @throws SolventError POINT_MALFORMED
 */
export function provedSums(
  { accounts, commitments }: Pick<BatchProof, 'accounts' | 'commitments'>,
  layout: Layout,
  gamma: bigint,
  kzg: KzgVerifier,
): G1Point[] {
  const points = kzg.decodePoints(commitments.limbs);
  const weights = sumWeights(layout, gamma);
  return accounts.map((_, i) =>
    kzg.multiScalar(points.slice(i * layout.limbs, (i + 1) * layout.limbs), weights),
  );
}

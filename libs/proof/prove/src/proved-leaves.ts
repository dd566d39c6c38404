import type { G1Point, KzgVerifier } from '@solvent/algebra';
import { parseProofLine, publishedSums, type Layout } from '@solvent/proof/verify';

/** What a batch contributes to the sum tree, as its proof's commitments say. */
export interface ProvedLeaf {
  readonly batch: number;
  /** C(tag): 48 bytes. */
  readonly tag: Uint8Array;
  readonly sums: readonly G1Point[];
}

/**
 * The leaves of a proof's batches, derived from its line as every verifier derives them (section 11).
 * @throws SolventError PROOF_MALFORMED | POINT_MALFORMED | DOCUMENT_* (malformed)
 */
export function provedLeaves(line: Uint8Array, layout: Layout, kzg: KzgVerifier): ProvedLeaf[] {
  const { first, commitments } = parseProofLine(line, layout);
  const points = kzg.decodePoints(commitments.limbs);
  return commitments.tags.map((tag, i) => ({
    batch: first + i,
    tag,
    sums: publishedSums(layout, points.slice(i * layout.limbs, (i + 1) * layout.limbs)),
  }));
}

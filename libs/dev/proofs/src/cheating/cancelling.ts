import { encodePoints, G1_BASE, inverse, mod } from '@solvent-por/kzg';
import type { BatchProof, ProofContext } from '@solvent-por/verifier';
import { claimedOpenings } from './claims';
import type { Forgery } from './forger';

/** The proof with scalar·[1]₁ added to one of its openings. */
export function moveOpening(
  proof: BatchProof,
  which: keyof BatchProof['openings'],
  scalar: bigint,
  { kzg }: ProofContext,
): BatchProof {
  const [opening] = kzg.decodePoints([proof.openings[which]]);
  const [encoded] = encodePoints([opening!.add(kzg.multiScalar([G1_BASE], [mod(scalar)]))]);
  return { ...proof, openings: { ...proof.openings, [which]: encoded! } };
}

/**
 * How far to move π_ζ of a proof that claims a wrong value at ζ, and an opening at z the other way, so that
 * the errors cancel where both get the same secret factor. The value is wrong by a known e, so the equation
 * of π_ζ is off by e·[1]₁; moving π_ζ by a and the other by −a brings both together off by a·(ζ − z)·[1]₁
 * more, τ dropping out.
 */
export function cancellingMove(lying: Forgery, z: bigint): bigint {
  const claim = claimedOpenings(lying.proof, lying.context)[0]!;
  return mod((claim.value - lying.opened[0]!) * inverse(claim.point - z));
}

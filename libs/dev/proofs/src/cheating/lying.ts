import { inverse, mod } from '@solvent-por/kzg';
import { layoutOf, type Header } from '@solvent-por/verifier';
import type { Cheat, LimbChange } from './cheating-prover';
import { specifiedPowers } from './powers';
import { constraintsAt } from './reference-verifier';

/**
 * Limbs that don't cancel in their pairs, a quotient of an F without pairs, and a value of W(ωζ) for which
 * F(ζ) is nevertheless that quotient's:
 * of one batch. Only the opening at ωζ is then false.
 */
export function lyingAboutW(header: Header, limbs: readonly LimbChange[]): Cheat {
  const layout = layoutOf(header);
  const powers = specifiedPowers(layout, 1);
  const withoutPairs = { ...powers, pairs: undefined };
  return {
    limbs,
    powers: withoutPairs,
    evaluations: (honest, challenges) => {
      const at = (shifted: bigint, which = powers) =>
        constraintsAt({ evaluations: { ...honest, shifted }, accounts: [0] }, layout, which, challenges);
      // F(ζ) is linear in W(ωζ).
      const [start, slope] = [at(0n), at(1n) - at(0n)];
      return { ...honest, shifted: mod((at(0n, withoutPairs) - start) * inverse(slope)) };
    },
  };
}

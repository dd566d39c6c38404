import { inverse, mod, ROWS, toBytes, type G1Point, type OpeningChecks } from '@solvent/algebra';
import type { SumNode } from './sum-tree';
import { Transcript } from './transcript';

/** β of the totals opening: it depends on the root and on every total (section 8). */
export function totalsChallenge(root: Uint8Array, totals: readonly bigint[]): bigint {
  const transcript = new Transcript('totals');
  transcript.absorb('root', root);
  transcript.absorb('totals', ...totals.map((total) => toBytes(total)));
  return transcript.challenge('beta');
}

/** The value that Σ β^v·(column of sums v) has at 0 when its rows sum to the totals: Σ β^v·total_v / n. */
export function totalsOpeningValue(beta: bigint, totals: readonly bigint[]): bigint {
  const folded = totals.reduceRight((sum, total) => mod(sum * beta + total), 0n);
  return mod(folded * inverse(BigInt(ROWS)));
}

/** Adds the one opening that proves all totals (section 8) to `checks`. `root` must be the root recomputed from `top`. */
export function addTotalsCheck(
  root: Uint8Array,
  top: SumNode,
  totals: readonly bigint[],
  opening: G1Point,
  checks: OpeningChecks,
): void {
  const beta = totalsChallenge(root, totals);
  let power = 1n;
  const weights = totals.map(() => {
    const weight = power;
    power = mod(power * beta);
    return weight;
  });
  checks.add({
    commitment: { points: top.sums, scalars: weights },
    point: 0n,
    value: totalsOpeningValue(beta, totals),
    proof: opening,
  });
}

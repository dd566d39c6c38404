import { mulAddUnsafe, pippenger } from '@noble/curves/abstract/curve.js';
import type { G1Point } from '../kzg';
import { concrete, G1 } from './points';

/** From so many points on, bucketing beats one table a point (measured with @noble/curves 2.4). */
const PIPPENGER_FROM = 400;

/**
 * Σ scalars[i]·points[i]. Scalars in 0…r−1. Not constant time: for public values only.
 * @throws RangeError when the lists' lengths differ
 */
export function multiScalar(points: readonly G1Point[], scalars: readonly bigint[]): G1Point {
  if (points.length !== scalars.length) throw new RangeError('as many scalars as points are needed');
  const used = concrete(points)
    .map((point, i) => ({ point, scalar: scalars[i]! }))
    .filter(({ point, scalar }) => scalar !== 0n && !point.is0());
  const multiply = used.length < PIPPENGER_FROM ? mulAddUnsafe : pippenger;
  return multiply(
    G1,
    used.map(({ point }) => point),
    used.map(({ scalar }) => scalar),
  );
}

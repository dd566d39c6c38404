import { mulAddUnsafe, normalizeZ } from '@noble/curves/abstract/curve.js';
import { R } from '../field';
import type { G1Point } from '../kzg';
import { sums } from './affine-sums';
import { P } from './fp';
import { add, double, INFINITY, type Affine, type Jacobian } from './jacobian';
import { concrete, G1, pointFromJacobian } from './points';

/** Bits of a scalar. */
const SCALAR_BITS = 255;

/** For fewer points @noble/curves' interleaved windows are as fast (measured). */
const BUCKETS_FROM = 16;

/**
 * Σ scalars[i]·points[i]. Scalars in 0…r−1; points and scalars may repeat and be infinity and zero. Not
 * constant time: for public values only.
 *
 * Many points go into Pippenger's buckets with signed digits: the points of each bucket are summed in affine
 * coordinates, all buckets of all windows sharing the inversions. Measured: half the time of @noble/curves'
 * own Pippenger.
 * @throws RangeError when the lists' lengths differ, or a scalar is out of range
 */
export function multiScalar(points: readonly G1Point[], scalars: readonly bigint[]): G1Point {
  if (points.length !== scalars.length) throw new RangeError('as many scalars as points are needed');
  if (scalars.some((scalar) => scalar < 0n || scalar >= R)) throw new RangeError('scalars must be in 0…r−1');
  const used = concrete(points)
    .map((point, i) => ({ point, scalar: scalars[i]! }))
    .filter(({ point, scalar }) => scalar !== 0n && !point.is0());
  const usedPoints = used.map(({ point }) => point);
  const usedScalars = used.map(({ scalar }) => scalar);
  if (used.length < BUCKETS_FROM) return mulAddUnsafe(G1, usedPoints, usedScalars);
  const affine = normalizeZ(G1, usedPoints).map(({ X, Y }) => ({ x: X, y: Y }));
  const width = windowWidth(used.length);
  const windows = buckets(affine, usedScalars, width);
  return pointFromJacobian(combine(windows.map(weightedSum), width));
}

/** Bits of a digit that make the least work for so many points (measured). */
function windowWidth(count: number): number {
  return Math.max(3, Math.min(10, Math.floor(Math.log2(count)) - 2));
}

/**
 * For each window of `width` bits, least significant first, the sum of the points whose digit is ±1, ±2 …
 * ±2^(width−1) there.
 */
function buckets(
  points: readonly Affine[],
  scalars: readonly bigint[],
  width: number,
): (Affine | undefined)[][] {
  const size = 2 ** (width - 1);
  const count = Math.ceil((SCALAR_BITS + 1) / width);
  const lists = Array.from({ length: count * size }, (): Affine[] => []);
  points.forEach((point, i) => {
    const negative = { x: point.x, y: P - point.y };
    digits(scalars[i]!, width, count).forEach((digit, window) => {
      if (digit > 0) lists[window * size + digit - 1]!.push(point);
      if (digit < 0) lists[window * size - digit - 1]!.push(negative);
    });
  });
  const all = sums(lists);
  return Array.from({ length: count }, (_, window) => all.slice(window * size, (window + 1) * size));
}

/**
 * Signed digits −2^(width−1) … 2^(width−1), least significant first: half as many buckets as unsigned ones
 * need.
 */
function digits(scalar: bigint, width: number, count: number): number[] {
  const result: number[] = [];
  const text = scalar.toString(2).padStart(count * width, '0');
  let carry = 0;
  for (let end = text.length; end > 0; end -= width) {
    const digit = parseInt(text.slice(end - width, end), 2) + carry;
    carry = digit > 2 ** (width - 1) ? 1 : 0;
    result.push(digit - carry * 2 ** width);
  }
  return result;
}

/** Σ (j+1)·points[j] by running sums. */
function weightedSum(points: readonly (Affine | undefined)[]): Jacobian {
  let running = INFINITY;
  let total = INFINITY;
  for (let j = points.length - 1; j >= 0; j--) {
    const point = points[j];
    if (point) running = add(running, { X: point.x, Y: point.y, Z: 1n });
    total = add(total, running);
  }
  return total;
}

/** Σ 2^(width·w)·windows[w]. */
function combine(windows: readonly Jacobian[], width: number): Jacobian {
  let sum = INFINITY;
  for (let w = windows.length - 1; w >= 0; w--) {
    if (sum.Z !== 0n) for (let i = 0; i < width; i++) sum = double(sum);
    sum = add(sum, windows[w]!);
  }
  return sum;
}

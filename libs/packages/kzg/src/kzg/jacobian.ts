import { P, reduce } from './fp';

/** A finite point: y² = x³ + 4, coordinates in 0…p−1. */
export interface Affine {
  readonly x: bigint;
  readonly y: bigint;
}

/**
 * A point (X/Z², Y/Z³); Z = 0 is infinity. Coordinates in −p…p, so that a sum needs one reduction.
 * @noble/curves computes with complete formulas in homogeneous coordinates, which cost 11 to 14 field
 *   products and many reductions where these cost 7 to 16; the exceptional cases (equal, opposite, infinity)
 *   are told apart here instead.
 */
export interface Jacobian {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
}

export const INFINITY: Jacobian = { X: 1n, Y: 1n, Z: 0n };

/**
 * 2·a; formulas "dbl-2009-l" of the Explicit-Formulas Database. No point has Y = 0: the curve's order is odd.
 */
export function double({ X, Y, Z }: Jacobian): Jacobian {
  const a = (X * X) % P;
  const b = (Y * Y) % P;
  const d = (4n * X * b) % P;
  const e = 3n * a;
  const x = (e * e - 2n * d) % P;
  return { X: x, Y: (e * (d - x) - 8n * b * b) % P, Z: (2n * Y * Z) % P };
}

/** a + b; formulas "add-1998-cmo-2", every exceptional case included. */
export function add(a: Jacobian, b: Jacobian): Jacobian {
  if (a.Z === 0n) return b;
  if (b.Z === 0n) return a;
  const aa = (a.Z * a.Z) % P;
  const bb = (b.Z * b.Z) % P;
  const u = (a.X * bb) % P;
  const s = (((a.Y * b.Z) % P) * bb) % P;
  const h = (b.X * aa - u) % P;
  const r = (((b.Y * a.Z) % P) * aa - s) % P;
  if (h === 0n) return r === 0n ? double(a) : INFINITY;
  const hh = (h * h) % P;
  const hhh = (h * hh) % P;
  const v = (u * hh) % P;
  const x = (r * r - hhh - 2n * v) % P;
  return { X: x, Y: (r * (v - x) - s * hhh) % P, Z: (((a.Z * b.Z) % P) * h) % P };
}

/**
 * Bits of |x| below the highest, most significant first; x = −0xd201000000010000 is the curve's parameter.
 */
const PARAMETER_BITS: readonly boolean[] = [...0xd201000000010000n.toString(2)]
  .slice(1)
  .map((bit) => bit === '1');

/** A cube root of unity in F_p: (x, y) ↦ (βx, y) multiplies each point of the subgroup by −x². */
export const BETA = 0x5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffen;

/**
 * Whether a point of the curve lies in the subgroup of order r: exactly then (βx, y) = −x²·(x, y)
 * (M. Scott, "A note on group membership tests for G1, G2 and GT on BLS pairing-friendly curves", 2021/1130,
 * section 6).
 */
export function inSubgroup({ x, y }: Affine): boolean {
  const { X, Y, Z } = timesParameter(timesParameter({ X: x, Y: y, Z: 1n }));
  if (Z === 0n) return false;
  const zz = (Z * Z) % P;
  return (BETA * x * zz - X) % P === 0n && (y * Z * zz + Y) % P === 0n;
}

function timesParameter(point: Jacobian): Jacobian {
  let product = point;
  for (const bit of PARAMETER_BITS) {
    product = double(product);
    if (bit) product = add(product, point);
  }
  return product;
}

/** The affine form of a finite point. @param inverse 1/Z */
export function toAffine({ X, Y }: Jacobian, inverse: bigint): Affine {
  const square = (inverse * inverse) % P;
  return { x: reduce(X * square), y: reduce(Y * ((square * inverse) % P)) };
}

import { bn254 } from '@noble/curves/bn254.js';
import { concat, fromBytes, SolventError, toBytes } from '@solvent-por/kzg';

/** Bytes of a point of G1 and of G2: EIP-197's, coordinates of 32 bytes, big-endian, of G2 the imaginary part
 * first. */
export const G1_BYTES = 64;
export const G2_BYTES = 128;

const { G1, G2 } = bn254;
export type PointG1 = InstanceType<typeof G1.Point>;
export type PointG2 = InstanceType<typeof G2.Point>;
const P = bn254.fields.Fp.ORDER;

/**
 * A point of G1. Every point that is neither infinity nor off the curve is in the group: its cofactor is 1.
 * @throws SolventError CLAIM_POINT (kind malformed): a coordinate not below p, off the curve, or infinity
 */
export function decodeG1(bytes: Uint8Array, what: string): PointG1 {
  const [x, y] = coordinates(bytes, G1_BYTES, what) as [bigint, bigint];
  if (x === 0n && y === 0n) refuse(what, 'is the point at infinity');
  return onCurve(() => G1.Point.fromAffine({ x, y }), what);
}

/** A point of G2, in the subgroup. @throws SolventError CLAIM_POINT (kind malformed), as decodeG1 */
export function decodeG2(bytes: Uint8Array, what: string): PointG2 {
  const [x1, x0, y1, y0] = coordinates(bytes, G2_BYTES, what) as [bigint, bigint, bigint, bigint];
  if ([x0, x1, y0, y1].every((coordinate) => coordinate === 0n)) refuse(what, 'is the point at infinity');
  const { Fp2 } = bn254.fields;
  const [x, y] = [Fp2.fromBigTuple([x0, x1]), Fp2.fromBigTuple([y0, y1])];
  const point = onCurve(() => G2.Point.fromAffine({ x, y }), what);
  // Off the subgroup a pairing says nothing: its curve has a cofactor of 254 bits.
  if (
    !point
      .multiplyUnsafe(G2.Point.Fn.ORDER - 1n)
      .add(point)
      .is0()
  )
    refuse(what, 'is not in the subgroup');
  return point;
}

export function encodeG1({ x, y }: { x: bigint; y: bigint }): Uint8Array {
  return concat(toBytes(x), toBytes(y));
}

/** @param x real part first */
export function encodeG2({
  x,
  y,
}: {
  x: readonly [bigint, bigint];
  y: readonly [bigint, bigint];
}): Uint8Array {
  return concat(toBytes(x[1]), toBytes(x[0]), toBytes(y[1]), toBytes(y[0]));
}

function coordinates(bytes: Uint8Array, length: number, what: string): bigint[] {
  if (bytes.length !== length) refuse(what, `must be ${length} bytes`);
  return Array.from({ length: length / 32 }, (_, i) => {
    const coordinate = fromBytes(bytes.subarray(32 * i, 32 * (i + 1)));
    if (coordinate >= P) refuse(what, 'has a coordinate that is not below the order of its field');
    return coordinate;
  });
}

/** @param make throws already where y is 0, which no point has: the order is odd */
function onCurve<P extends { assertValidity(): void }>(make: () => P, what: string): P {
  try {
    const point = make();
    point.assertValidity();
    return point;
  } catch {
    return refuse(what, 'is not on the curve, or not in the subgroup');
  }
}

function refuse(what: string, problem: string): never {
  throw new SolventError('CLAIM_POINT', 'malformed', `${what} ${problem}`, { member: what });
}

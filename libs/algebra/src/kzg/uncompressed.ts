import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { G1Point } from '../kzg';
import { SolventError } from '../errors';

const Point = bls12_381.G1.Point;
type NoblePoint = InstanceType<typeof Point>;

/** Bytes of an uncompressed point. */
const UNCOMPRESSED_BYTES = 96;

/** Points for another thread or a file of our own: 96 bytes each, x ‖ y big-endian (ZCash's form, infinity is `40` and zeros). */
export function encodeUncompressed(points: readonly G1Point[]): Uint8Array[] {
  return Point.normalizeZ([...points] as NoblePoint[]).map((point) => point.toBytes(false));
}

/**
 * Reads points that this process, or one it trusts, encoded: the subgroup is not checked again. Never for points from outside.
 * @throws SolventError POINT_MALFORMED (kind internal) when it is not on the curve
 */
export function decodeUncompressed(encoded: readonly Uint8Array[]): G1Point[] {
  return encoded.map((bytes) => {
    try {
      if (bytes.length !== UNCOMPRESSED_BYTES) throw new RangeError('length');
      return bytes[0] === 0x40 ? Point.ZERO : Point.fromBytes(bytes);
    } catch {
      throw new SolventError('POINT_MALFORMED', 'internal', 'a stored point is damaged');
    }
  });
}

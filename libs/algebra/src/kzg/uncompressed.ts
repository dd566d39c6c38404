import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { SolventError } from '../errors';
import type { G1Point } from '../kzg';
import { concrete, G1 } from './points';

/** Bytes of an uncompressed point. */
const UNCOMPRESSED_BYTES = 96;

/** Points for another thread or a file of our own: 96 bytes each, x ‖ y big-endian (ZCash's form, infinity is `40` and zeros). */
export function encodeUncompressed(points: readonly G1Point[]): Uint8Array[] {
  return normalizeZ(G1, concrete(points)).map((point) => point.toBytes(false));
}

/**
 * Reads points that this process, or one it trusts, encoded: the subgroup is not checked again. Never for points from outside.
 * @throws SolventError POINT_MALFORMED (kind internal) when it is not on the curve
 */
export function decodeUncompressed(encoded: readonly Uint8Array[]): G1Point[] {
  return encoded.map((bytes) => {
    try {
      if (bytes.length !== UNCOMPRESSED_BYTES) throw new RangeError('length');
      return bytes[0] === 0x40 ? G1.ZERO : G1.fromBytes(bytes);
    } catch {
      throw new SolventError('POINT_MALFORMED', 'internal', 'a stored point is damaged');
    }
  });
}

import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { concat } from '../bytes';
import { SolventError } from '../errors';
import { fromBytes } from '../field';
import type { G1Point } from '../kzg';
import { P } from './fp';
import { concrete, FLAG, G1, POINT_BYTES, pointFromAffine } from './points';

/** Bytes of an uncompressed point. */
const UNCOMPRESSED_BYTES = 96;

/**
 * Points for another thread or a file of our own: 96 bytes each, x ‖ y big-endian (ZCash's form, infinity is
 * `40` and zeros).
 */
export function encodeUncompressed(points: readonly G1Point[]): Uint8Array[] {
  return normalizeZ(G1, concrete(points)).map((point) => {
    const { x, y } = point.toAffine();
    const bytes = concat(G1.Fp.toBytes(x), G1.Fp.toBytes(y));
    if (point.is0()) bytes[0]! |= FLAG.infinity;
    return bytes;
  });
}

/**
 * Reads points that this process, or one it trusts, encoded: the subgroup is not checked again. Never for
 * points from outside.
 * @throws SolventError POINT_MALFORMED (kind internal) when it is not on the curve
 */
export function decodeUncompressed(encoded: readonly Uint8Array[]): G1Point[] {
  return encoded.map((bytes) => {
    try {
      if (bytes.length !== UNCOMPRESSED_BYTES) throw new RangeError('length');
      if (bytes[0] === FLAG.infinity) return G1.ZERO;
      const [x, y] = [fromBytes(bytes.subarray(0, POINT_BYTES)), fromBytes(bytes.subarray(POINT_BYTES))];
      if (x >= P || y >= P || (y * y - x * x * x - 4n) % P !== 0n) throw new RangeError('curve');
      return pointFromAffine(x, y);
    } catch {
      throw new SolventError('POINT_MALFORMED', 'internal', 'a stored point is damaged');
    }
  });
}

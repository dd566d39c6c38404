import { SolventError } from '../errors';
import { fromBytes } from '../field';
import type { G1Point } from '../kzg';
import { P, squareRoot } from './fp';
import { inSubgroup } from './jacobian';
import { FLAG, G1_ZERO, POINT_BYTES, pointFromAffine } from './points';

/**
 * What a decoder throws for a point that is refused.
 * @param index its place in the list,
 * @param reason what is wrong with it
 */
export function pointMalformed(index: number, reason: string): SolventError<'POINT_MALFORMED'> {
  return new SolventError(
    'POINT_MALFORMED',
    'malformed',
    `point ${index} is not a valid G1 point: ${reason}`,
    { index },
  );
}

/** Whether these are the 48 bytes of infinity: `c0` and 47 zero bytes. */
export function isInfinity(bytes: Uint8Array): boolean {
  return (
    bytes.length === POINT_BYTES &&
    bytes[0] === (FLAG.compressed | FLAG.infinity) &&
    bytes.every((byte, i) => i === 0 || byte === 0)
  );
}

/**
 * Decodes one compressed point with a library's decoder: canonical encoding, on the curve, in the subgroup;
 * infinity is allowed.
 * The length, the compression flag and infinity are checked here, since libraries differ in them (both known
 * ones also take 96 uncompressed bytes, blst refuses infinity); the decoder must check x < p, the curve and
 * the subgroup, and throw.
 * @throws SolventError POINT_MALFORMED
 */
export function decodePointWith(
  decoder: (bytes: Uint8Array) => G1Point,
  bytes: Uint8Array,
  index: number,
): G1Point {
  if (bytes.length !== POINT_BYTES)
    throw pointMalformed(index, `it has ${bytes.length} bytes instead of ${POINT_BYTES}`);
  if (!(bytes[0]! & FLAG.compressed))
    throw pointMalformed(index, 'the flag for a compressed point is missing');
  if (bytes[0]! & FLAG.infinity) {
    if (!isInfinity(bytes)) throw pointMalformed(index, 'infinity must be c0 and 47 zero bytes');
    return G1_ZERO;
  }
  try {
    return decoder(bytes);
  } catch {
    throw pointMalformed(index, 'it is not canonical, not on the curve, or not in the subgroup');
  }
}

/** decodePointWith in pure JavaScript. */
export function decodePoint(bytes: Uint8Array, index = 0): G1Point {
  return decodePointWith(fromCompressed, bytes, index);
}

/**
 * A finite point from 48 bytes whose flags say "compressed, finite". About twice as fast as @noble/curves'
 * decoder, which takes and refuses the same.
 */
function fromCompressed(bytes: Uint8Array): G1Point {
  // Not bytes.slice(): on a Buffer that would be a view, and change the caller's bytes.
  const unflagged = new Uint8Array(bytes);
  unflagged[0]! &= 0xff ^ (FLAG.compressed | FLAG.infinity | FLAG.largerY);
  const x = fromBytes(unflagged);
  if (x >= P) throw new RangeError('x is not below p');
  const root = squareRoot((x * x * x + 4n) % P);
  if (root === undefined) throw new RangeError('not on the curve');
  // No point has y = 0, so exactly one of the two roots is the larger.
  const y = 2n * root > P === Boolean(bytes[0]! & FLAG.largerY) ? root : P - root;
  if (!inSubgroup({ x, y })) throw new RangeError('not in the subgroup');
  return pointFromAffine(x, y);
}

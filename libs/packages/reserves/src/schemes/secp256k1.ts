import { secp256k1 } from '@noble/curves/secp256k1.js';
import { integerOf } from '../hex';
import { ownershipUntrue } from './evidence';

const { Point } = secp256k1;
const ORDER = Point.Fn.ORDER;
const FIELD = Point.Fp.ORDER;

/**
 * The key that made a signature.
 *
 * @param hash 32 bytes
 * @param rs r ‖ s, 64 bytes big-endian
 * @param recovery 0…3
 * @returns 65 bytes: 04 ‖ x ‖ y
 * @throws SolventError OWNERSHIP_UNTRUE: r or s out of range, s in the upper half, no such R, or the key is
 *   infinity; never a stand-in for a key
 */
export function recoverKey(hash: Uint8Array, rs: Uint8Array, recovery: number): Uint8Array {
  const [r, s] = [integerOf(rs.subarray(0, 32)), integerOf(rs.subarray(32, 64))];
  if (r < 1n || r >= ORDER || s < 1n || s >= ORDER)
    ownershipUntrue('r and s of the signature must be above 0 and below the order of secp256k1');
  if (s > ORDER / 2n)
    ownershipUntrue('s of the signature is in the upper half: anybody could have made it from the right one');
  if (recovery >= 2 && r + ORDER >= FIELD)
    ownershipUntrue('the recovery id of the signature names a point that cannot be');
  try {
    return new secp256k1.Signature(r, s, recovery).recoverPublicKey(hash).toBytes(false);
  } catch {
    return ownershipUntrue('no key could have made this signature');
  }
}

/** A signature in DER, strictly, against a key. @param key 33 bytes */
export function verifyDer(hash: Uint8Array, der: Uint8Array, key: Uint8Array): boolean {
  const rs = strictDer(der);
  if (!rs) return false;
  try {
    return secp256k1.verify(rs, hash, key, { prehash: false, lowS: true });
  } catch {
    return false;
  }
}

/** r ‖ s of a signature as BIP-66 wants it, or undefined. */
function strictDer(der: Uint8Array): Uint8Array | undefined {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const r = derInteger(der, 2);
  const s = r && derInteger(der, 4 + der[3]!);
  if (!s || 6 + der[3]! + der[5 + der[3]!]! !== der.length) return undefined;
  const rs = new Uint8Array(64);
  rs.set(r, 32 - r.length);
  rs.set(s, 64 - s.length);
  return rs;
}

/** Bytes of the integer at `at` without its sign byte: positive, minimal, at most 32. */
function derInteger(der: Uint8Array, at: number): Uint8Array | undefined {
  const length = der[at + 1];
  if (der[at] !== 0x02 || length === undefined || length === 0 || at + 2 + length > der.length)
    return undefined;
  const bytes = der.subarray(at + 2, at + 2 + length);
  if (bytes[0]! >= 0x80) return undefined;
  if (bytes[0] !== 0) return bytes.length <= 32 ? bytes : undefined;
  if (bytes.length === 1 || bytes[1]! < 0x80) return undefined;
  return bytes.length <= 33 ? bytes.subarray(1) : undefined;
}

/** The key as 65 bytes, if its 33 or 65 bytes are a point of the curve; undefined otherwise. */
export function uncompressed(key: Uint8Array): Uint8Array | undefined {
  if (!(key.length === 33 && (key[0] === 2 || key[0] === 3)) && !(key.length === 65 && key[0] === 4))
    return undefined;
  try {
    const point = Point.fromBytes(key);
    point.assertValidity();
    return point.toBytes(false);
  } catch {
    return undefined;
  }
}

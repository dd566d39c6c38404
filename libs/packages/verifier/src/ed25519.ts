import { SolventError, equalBytes, fromHex } from '@solvent-por/kzg';
import { ed25519 } from '@noble/curves/ed25519.js';

/** The order of the base point (RFC 8032, L). */
export const ED25519_ORDER = ed25519.Point.Fn.ORDER;

/**
 * Strict Ed25519 verification (section 10), on which every implementation agrees: S < L; R and the key are
 * canonical encodings and torsion-free, the key is not the identity; then [S]B = R + [k]A.
 *
 * Noble's own `zip215: false` is not that: it refuses non-canonical encodings, S ≥ L and small-order keys,
 * but checks the equation times the cofactor, so it accepts an R or a key with a torsion part which
 * cofactorless verifiers refuse (the vectors of "Taming the many EdDSAs", eprint 2020/1244). Without torsion
 * both equations are the same.
 *
 * @param signature 64 bytes, R ‖ S
 * @param key 32 bytes
 * @returns false for anything but a valid signature, lengths included
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  if (signature.length !== 64 || !isStrictKey(key) || !strictPoint(signature.subarray(0, 32))) return false;
  return ed25519.verify(signature, message, key, { zip215: false });
}

/**
 * An operator's public key as people hand it over.
 * @param text 0x and 64 lower-case hex digits
 * @returns 32 bytes
 * @throws SolventError OPERATOR_KEY_MALFORMED (kind malformed): not such a text, or no key that strict
 *   verification could accept
 */
export function parseOperatorKey(text: unknown): Uint8Array {
  const key = fromHex(text, 32);
  if (key === undefined || !isStrictKey(key)) {
    throw new SolventError(
      'OPERATOR_KEY_MALFORMED',
      'malformed',
      'an operator key must be an Ed25519 public key as 0x and 64 lower-case hex digits',
    );
  }
  return key;
}

/**
 * Whether the 32 bytes are the canonical encoding of a point of the prime-order subgroup other than the
 * identity.
 */
function isStrictKey(bytes: Uint8Array): boolean {
  const point = strictPoint(bytes);
  return point !== undefined && !point.is0();
}

/** The point of the prime-order subgroup whose canonical encoding these are, or undefined. */
function strictPoint(bytes: Uint8Array): InstanceType<typeof ed25519.Point> | undefined {
  if (bytes.length !== 32) return undefined;
  try {
    const point = ed25519.Point.fromBytes(bytes, false);
    // Re-encoding is a second opinion on canonicity: it does not rest on what the decoder refuses.
    return point.isTorsionFree() && equalBytes(point.toBytes(), bytes) ? point : undefined;
  } catch {
    return undefined;
  }
}

import { concat, SolventError, toBytes, utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes of an account key: what a user holds; it stands in no document. */
export const KEY_BYTES = 32;
/** Bytes of an account id: made from the key for one snapshot. */
export const ID_BYTES = 32;
/** Bytes of an account's salt. */
export const SALT_BYTES = 32;
/** Longest plain identifier, in bytes of UTF-8. */
export const MAX_IDENTIFIER_BYTES = 1024;

const KEY_DOMAIN = utf8('solvent/v1/key');
const ID_DOMAIN = utf8('solvent/v1/id');
const CLAIM_ACCESS_DOMAIN = utf8('solvent/v1/claim-access');
const LEAF = Uint8Array.of(3);

/**
 * The account key of a plain identifier: SHA-256("solvent/v1/key" ‖ operator key ‖ UTF-8(NFC(identifier)))
 * (section 5).
 * The identifier is neither trimmed nor case-folded.
 *
 * @param operatorKey 32 raw bytes
 * @returns 32 bytes
 * @throws SolventError IDENTIFIER_MALFORMED (kind invalid): empty, longer than MAX_IDENTIFIER_BYTES, or half
 *   a surrogate pair in it
 *   (which UTF-8 encoders replace, so that two identifiers would get one key)
 */
export function accountKey(operatorKey: Uint8Array, identifier: string): Uint8Array {
  const bytes = utf8(identifier.normalize('NFC'));
  if (bytes.length === 0 || bytes.length > MAX_IDENTIFIER_BYTES || /\p{Surrogate}/u.test(identifier)) {
    throw new SolventError(
      'IDENTIFIER_MALFORMED',
      'invalid',
      `an identifier must be 1 to ${MAX_IDENTIFIER_BYTES} bytes of well-formed Unicode`,
    );
  }
  return sha256(concat(KEY_DOMAIN, operatorKey, bytes));
}

/**
 * The account id of one snapshot: SHA-256("solvent/v1/id" ‖ headerDigest ‖ account key) (section 5). It looks
 * the account up in this snapshot and in no other.
 *
 * @param headerDigest 32 bytes
 * @param key the account key, 32 bytes
 * @returns 32 bytes
 */
export function accountId(headerDigest: Uint8Array, key: Uint8Array): Uint8Array {
  return sha256(concat(ID_DOMAIN, headerDigest, key));
}

/**
 * What an account's owner fetches its claim file of one snapshot with: SHA-256("solvent/v1/claim-access" ‖
 * headerDigest ‖ account key) (private claims, section 2). It does not follow from the id, which whoever is
 * shown an inclusion file has; neither the key nor the access of another snapshot follows from it.
 *
 * @param headerDigest 32 bytes
 * @param key the account key, 32 bytes
 * @returns 32 bytes: secret
 */
export function claimAccess(headerDigest: Uint8Array, key: Uint8Array): Uint8Array {
  return sha256(concat(CLAIM_ACCESS_DOMAIN, headerDigest, key));
}

/**
 * What an operator keeps of a claim access, and compares it by: SHA-256(claimAccess).
 * @param access 32 bytes
 * @returns 32 bytes
 */
export function claimMark(access: Uint8Array): Uint8Array {
  return sha256(access);
}

/**
 * The account's leaf in its batch's account tree: SHA-256(0x03 ‖ id ‖ salt ‖ values, 32 bytes each) (section
 * 5).
 * @param values published values in layout order, 0 ≤ value < 2^256
 */
export function accountLeaf(id: Uint8Array, salt: Uint8Array, values: readonly bigint[]): Uint8Array {
  return sha256(concat(LEAF, id, salt, ...values.map((value) => toBytes(value))));
}

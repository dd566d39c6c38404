import { concat, utf8 } from '@solvent/algebra';
import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes of a hashed account id. */
export const ID_BYTES = 32;
/** Bytes of an account's salt. */
export const SALT_BYTES = 31;
/** Bytes of an account's tag: 31, so that every value is a field element. */
export const TAG_BYTES = 31;

const TAG_DOMAIN = utf8('solvent/v1/tag');

/** The 31 bytes of an account's tag, a big-endian integer below 2^248: SHA-256("solvent/v1/tag" ‖ id ‖ salt) cut off (section 5). */
export function accountTag(id: Uint8Array, salt: Uint8Array): Uint8Array {
  return sha256(concat(TAG_DOMAIN, id, salt)).slice(0, TAG_BYTES);
}

import { SolventError, concat, utf8 } from '@solvent/algebra';
import { sha256 } from '@noble/hashes/sha2.js';

/** Longest plain identifier, in bytes of UTF-8. */
export const MAX_IDENTIFIER_BYTES = 1024;

const DOMAIN = utf8('solvent/v1/id');

/**
 * The account id of a plain identifier: SHA-256("solvent/v1/id" ‖ operator key ‖ UTF-8(NFC(identifier))) (section 5).
 * The identifier is neither trimmed nor case-folded.
 *
 * @param operatorKey 32 raw bytes
 * @returns 32 bytes
 * @throws SolventError IDENTIFIER_MALFORMED (kind invalid): empty, longer than MAX_IDENTIFIER_BYTES, or half a surrogate pair in it
 *   (which UTF-8 encoders replace, so that two identifiers would get one id)
 */
export function hashIdentifier(operatorKey: Uint8Array, identifier: string): Uint8Array {
  const bytes = utf8(identifier.normalize('NFC'));
  if (bytes.length === 0 || bytes.length > MAX_IDENTIFIER_BYTES || /\p{Surrogate}/u.test(identifier)) {
    throw new SolventError(
      'IDENTIFIER_MALFORMED',
      'invalid',
      `an identifier must be 1 to ${MAX_IDENTIFIER_BYTES} bytes of well-formed Unicode`,
    );
  }
  return sha256(concat(DOMAIN, operatorKey, bytes));
}

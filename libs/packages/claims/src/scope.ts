import { concat, SolventError, u32be, utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { SHORT_BYTES } from './field';

/** Longest name of a partner or a purpose, in bytes of UTF-8. */
export const MAX_SCOPE_TEXT_BYTES = 256;

/**
 * The scope of a claim: the first 31 bytes of SHA-256("solvent/v1/claim-scope" ‖ u32be(|partner|) ‖ partner ‖
 * u32be(|purpose|) ‖ purpose), both texts as UTF-8 of their NFC form. An account makes one nullifier a scope:
 * partner and purpose decide what counts as the same claim made twice.
 *
 * @param partner who asks, best by a name that is theirs alone (`lender.example`)
 * @param purpose what for (`loan 2026-12`)
 * @returns 31 bytes
 * @throws SolventError CLAIM_SCOPE_TEXT (kind usage): empty, longer than 256 bytes, or half a surrogate pair
 */
export function claimScope(partner: string, purpose: string): Uint8Array {
  const texts = [named(partner, 'partner'), named(purpose, 'purpose')];
  const parts = texts.flatMap((text) => [u32be(text.length), text]);
  return sha256(concat(utf8('solvent/v1/claim-scope'), ...parts)).slice(0, SHORT_BYTES);
}

function named(text: string, what: string): Uint8Array {
  const bytes = utf8(text.normalize('NFC'));
  if (bytes.length === 0 || bytes.length > MAX_SCOPE_TEXT_BYTES || /\p{Surrogate}/u.test(text))
    throw new SolventError(
      'CLAIM_SCOPE_TEXT',
      'usage',
      `the ${what} of a scope must be 1 to ${MAX_SCOPE_TEXT_BYTES} bytes of well-formed Unicode`,
    );
  return bytes;
}

/** A partner's challenge: 31 random bytes, to be asked once, remembered, and taken once. */
export function newChallenge(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SHORT_BYTES));
}

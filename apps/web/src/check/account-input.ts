import { accountKey, MAX_IDENTIFIER_BYTES, readGivenHex } from '@solvent-por/verifier';

/** What somebody typed or pasted into the one field of the first screen. */
export type AccountInput =
  | { readonly kind: 'key'; readonly key: Uint8Array; readonly tidied: boolean }
  | { readonly kind: 'identifier'; readonly text: string; readonly tidied: boolean }
  | { readonly kind: 'malformed'; readonly problem: InputProblem; readonly digits?: number };

export type InputProblem = 'empty' | 'digits' | 'letters' | 'long';

/** Bytes of an account key. */
const KEY_BYTES = 32;
/** Hex digits that are more probably a key copied badly than somebody's name. */
const KEY_LIKE = /^[0-9a-f]{40,120}$/;

/**
 * Reads an account key as people paste it, or, where the exchange makes keys of identifiers, a plain identifier:
 * whatever is no key and doesn't look like one that was cut. Blanks around either are left out.
 * @param identifiers whether the exchange makes keys of identifiers
 */
export function readAccountInput(text: string, identifiers: boolean): AccountInput {
  const given = readGivenHex(text, KEY_BYTES);
  if (given) return { kind: 'key', key: given.bytes, tidied: given.tidied.length > 0 };
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'malformed', problem: 'empty' };
  const digits = trimmed.replace(/\s+/g, '').replace(/^0x/i, '').toLowerCase();
  if (KEY_LIKE.test(digits)) return { kind: 'malformed', problem: 'digits', digits: digits.length };
  if (!identifiers)
    return /^[0-9a-f]+$/.test(digits)
      ? { kind: 'malformed', problem: 'digits', digits: digits.length }
      : { kind: 'malformed', problem: 'letters' };
  if (new TextEncoder().encode(trimmed.normalize('NFC')).length > MAX_IDENTIFIER_BYTES)
    return { kind: 'malformed', problem: 'long' };
  return { kind: 'identifier', text: trimmed, tidied: trimmed !== text };
}

/** The account key behind what was given; 32 bytes. @param operator the operator's key, 32 bytes */
export function keyOf(input: Exclude<AccountInput, { kind: 'malformed' }>, operator: Uint8Array): Uint8Array {
  return input.kind === 'key' ? input.key : accountKey(operator, input.text);
}

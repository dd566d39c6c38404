import { withoutEndingZeros } from './decimal';

/** What a partner asks for, as a link or the user's own typing gives it; nothing of it is believed. */
export interface ClaimAsked {
  readonly partner: string;
  readonly purpose: string;
  readonly challenge: string;
  readonly asset?: string;
  /** In whole tokens: `1.5`. */
  readonly threshold?: string;
}

/** Either what was read, or the name of what is wrong with it: a text below `claim.wrong.`. */
export type Read<T> = { readonly value: T } | { readonly wrong: string; readonly n?: number };

/** Longest names of partner and purpose in bytes of UTF-8, and digits of a challenge (specification of claims). */
const [MOST_BYTES, CHALLENGE_DIGITS] = [256, 62];
const LONGEST_AMOUNT_CHARACTERS = 80;

/**
 * An amount in whole tokens, as smallest units: exact, and never through a floating-point number. A point is the
 * only separator, for `1,000` is a thousand to some and one to others.
 * @param held what the account has, in smallest units
 */
export function readThreshold(text: string, scale: number, held: bigint): Read<bigint> {
  const tidy = text.trim();
  if (tidy === '') return { wrong: 'amountEmpty' };
  const match = /^(\d+)(?:\.(\d+))?$/.exec(tidy);
  if (!match || tidy.length > LONGEST_AMOUNT_CHARACTERS) return { wrong: 'amountForm' };
  const fraction = withoutEndingZeros(match[2] ?? '');
  if (fraction.length > scale) return { wrong: 'amountDecimals', n: scale };
  const units = BigInt(match[1]! + fraction.padEnd(scale, '0'));
  if (units === 0n) return { wrong: 'amountZero' };
  return units > held ? { wrong: 'amountMore' } : { value: units };
}

/** A partner's challenge: 31 bytes in hex. @returns 0x and 62 digits in lower case */
export function readChallenge(text: string): Read<string> {
  const tidy = text.replace(/\s+/g, '').toLowerCase();
  if (tidy === '') return { wrong: 'challengeEmpty' };
  const digits = tidy.replace(/^0x/, '');
  if (!/^[0-9a-f]*$/.test(digits)) return { wrong: 'challengeLetters' };
  if (digits.length !== CHALLENGE_DIGITS) return { wrong: 'challengeLength', n: digits.length };
  return { value: `0x${digits}` };
}

/** The name of a partner or of a purpose: what both sides must write in the same way. */
export function readScopeText(text: string): Read<string> {
  const tidy = text.trim().normalize('NFC');
  if (tidy === '') return { wrong: 'nameEmpty' };
  if (/\p{Surrogate}/u.test(tidy) || new TextEncoder().encode(tidy).length > MOST_BYTES)
    return { wrong: 'nameLong' };
  return { value: tidy };
}

/**
 * What a link asks for: `#claim&partner=lender.example&purpose=loan&challenge=0x…`, and where the partner says
 * so `&asset=BTC&threshold=1.5`. What it leaves out, the user is asked for.
 */
export function readClaimLink(given: URLSearchParams): ClaimAsked | undefined {
  if (!given.has('claim')) return undefined;
  const text = (name: string) => given.get(name) ?? '';
  const [asset, threshold] = [given.get('asset'), given.get('threshold')];
  return {
    ...{ partner: text('partner'), purpose: text('purpose'), challenge: text('challenge') },
    ...(asset !== null && { asset }),
    ...(threshold !== null && { threshold }),
  };
}

import { withoutOuter } from '@solvent-por/kzg';

/** Bits that only the user and the operator may know of a plain identifier (section 5). */
const NEEDED_BITS = 80;
/** What a word or a name is worth that stands in lists of words and names. */
const WORD_BITS = 14;
/** Longer ones stand in no list. */
const LONGEST_WORD_CHARACTERS = 16;

const EMAIL = /[^\s@<>()[\]:;,"|/]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,24}/gu;

/** Countries of IBANs and their lengths (the registry of ISO 13616). */
const IBANS = new Set(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 ' +
    'GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 ' +
    'PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  ).split(' '),
);

/** What a hand runs along, both ways. */
const RUNS = ['qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'qsdfghjklm', 'zxcvbnm', 'yxcvbnm', 'йцукенгшщзхъ', 'фывапролджэ', 'abcdefghijklmnopqrstuvwxyz', '01234567890']; // prettier-ignore
/** Two neighbours of a run: without such a pair nothing begins there. */
const PAIRS = new Set(RUNS.flatMap((row) => [...row].flatMap((c, i) => [c + row[i + 1], row[i + 1] + c])));
/** Characters of such a run that count as one; shorter ones occur by chance. */
const RUN = 6;

/**
 * Why a plain identifier can be guessed, as far as that shows in it; undefined where it does not. Whoever
 * guesses an identifier has the account's key, from which its id in every snapshot is made, and the id is
 * what its balance is looked up by. What a long text really hides cannot be seen here: words of a language
 * that is not written in words pass.
 *
 * @returns the end of a sentence that begins with "the identifier"; it quotes nothing of it
 */
export function weaknessOf(identifier: string): string | undefined {
  if (identifier !== withoutOuterBlanks(identifier))
    return 'begins or ends with blanks, which nobody types: the user would not find the account';
  const text = identifier.normalize('NFC');
  // A UUID, or a digest in hex, may happen to have no letter in it.
  if (isRandomHex(text)) return undefined;
  if (/^\p{N}+$/u.test(text)) return 'is digits alone: whoever counts meets it';
  if (
    /^(?:(?:tel|sms|callto|phone|mobile|whatsapp):)?[\p{N}\p{P}\p{S}\s]*\p{N}[\p{N}\p{P}\p{S}\s]*$/iu.test(
      text,
    )
  )
    return 'is a telephone number, a date or another number: whoever counts meets it';
  if (isIban(text)) return 'is an IBAN: whoever is paid by it, or counts, has it';
  const beside = text.replace(EMAIL, ' ');
  if (
    beside !== text &&
    (guessableBits(beside) ?? bitsOf(beside.replace(/[\s\p{P}\p{S}]+/gu, ''))) < NEEDED_BITS
  )
    return /^(?:mailto:)?\s*$/i.test(beside)
      ? 'is an e-mail address alone: whoever knows the address, or has a list of them, has it'
      : 'is an e-mail address with little beside it: whoever has a list of addresses finds it by trying';
  if (/^(?:\p{Lu}?\p{Ll}+|\p{Lu}+|\p{Lo}+)[\s_.:#/-]+\p{N}{3,20}$/u.test(text))
    return 'is a word and a number: whoever counts meets it';
  if (bitsOf(text) < NEEDED_BITS)
    return `is too short: it holds less than ${NEEDED_BITS} bits, so it can be found by trying`;
  return (guessableBits(text) ?? NEEDED_BITS) < NEEDED_BITS
    ? 'is made of words and numbers, or of what a hand runs along: it can be found by trying those'
    : undefined;
}

/** Without white space, byte order marks and characters of no width around it. */
export function withoutOuterBlanks(text: string): string {
  return withoutOuter(text, /[\s\u200b-\u200f\u2060\ufeff]/);
}

/** A UUID, or 32, 40 or 64 hex digits, of many different ones: a padded counter has few. */
function isRandomHex(text: string): boolean {
  return (
    /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text) &&
    new Set(text).size > 6 &&
    !/^0{4}|(.)\1{7}/.test(text)
  );
}

/**
 * By country, length and the two check digits; most of it are digits, which sets it apart from random
 * capitals.
 */
function isIban(text: string): boolean {
  // As it is printed, in groups of four, or in one piece.
  const iban = /^(?:\w{4}[ -])+\w{1,4}$/.test(text) ? text.replace(/[ -]/g, '') : text;
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban) || !IBANS.has(iban.slice(0, 2) + iban.length)) return false;
  if (3 * iban.slice(4).replace(/\D/g, '').length < 2 * (iban.length - 4)) return false;
  const digits = [...iban.slice(4), ...iban.slice(0, 4)].map((c) => parseInt(c, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}

/**
 * The bits of a text that is nothing but words, each in one case or capitalised, numbers, and what divides
 * them; undefined for any other. At least one word must be longer than most groups in which codes are
 * printed.
 */
function guessableBits(text: string): number | undefined {
  const pieces = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (pieces.length === 0) return 0;
  // Base64url has both of them, and printed codes groups of one length.
  if (/-.*_|_.*-/s.test(text)) return undefined;
  if (pieces.length > 2 && pieces.every(({ length }) => length === pieces[0]!.length)) return undefined;
  let bits = 0;
  let words = false;
  for (const piece of pieces) {
    if (/^\p{N}+$/u.test(piece)) {
      bits += bitsOf(piece, 10);
      continue;
    }
    if (!/^(?:\p{Lu}?[\p{Ll}\p{M}]+|\p{Lu}+)$/u.test(piece)) return undefined;
    const core = withoutRuns(piece);
    if (!isSpoken(core)) return undefined;
    words ||= piece.length >= 5;
    bits += core.length <= LONGEST_WORD_CHARACTERS ? Math.min(WORD_BITS, bitsOf(core, 26)) : bitsOf(core, 26);
  }
  return words ? bits : undefined;
}

/** Whether a word can be one: a vowel in it, and no six consonants together. */
function isSpoken(word: string): boolean {
  return word.length < 3 || (/[aeiouy]|\P{ASCII}/iu.test(word) && !/[bcdfghjklmnpqrstvwxz]{6}/i.test(word));
}

/** Runs along the keyboard, the alphabet or the digits as one character each. */
function withoutRuns(text: string): string {
  const lower = text.toLowerCase();
  let core = '';
  for (let p = 0; p < text.length; p += Math.max(1, runAt(lower, p))) core += text[p]!;
  return core;
}

/** How long the run is that begins at p; 0 where there is none. */
function runAt(text: string, p: number): number {
  if (!PAIRS.has(text.slice(p, p + 2))) return 0;
  for (const row of RUNS)
    for (const step of [1, -1]) {
      let [length, at] = [0, row.indexOf(text[p]!)];
      for (; at >= 0 && at < row.length && text[p + length] === row[at]; at += step) length++;
      if (length >= RUN) return length;
    }
  return 0;
}

/**
 * At most so many bits: each character as one of its alphabet, runs as a single one.
 * @param alphabet the number of characters in it, where it is known
 */
function bitsOf(text: string, alphabet?: number): number {
  const core = withoutRuns(text.replace(/^0{3,}/, '').replace(/(.)\1{5,}/gsu, '$1'));
  const characters = [...core];
  if (alphabet !== undefined) return characters.length * Math.log2(alphabet);
  if (new Set(characters).size < 5) return 0;
  const hex = /^[0-9a-f-]+$/.test(core) || /^[0-9A-F-]+$/.test(core);
  const size = hex
    ? 16
    : (/[0-9]/.test(core) ? 10 : 0) +
      (/[a-z]/.test(core) ? 26 : 0) +
      (/[A-Z]/.test(core) ? 26 : 0) +
      (/[^0-9A-Za-z]/.test(core) ? 33 : 0);
  return characters.length * Math.log2(size);
}

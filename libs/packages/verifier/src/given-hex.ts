import { asciiLower, fromHex, SolventError, toHex, withoutOuter } from '@solvent-por/kzg';
import { ID_BYTES, KEY_BYTES } from './account';
import { parseOperatorKey } from './ed25519';

/** Hex digits as people hand them over, read. */
export interface GivenHex {
  readonly bytes: Uint8Array;
  /** What was not as it is published, for people: `blanks around it`, … Empty where nothing was. */
  readonly tidied: readonly string[];
}

const QUOTES = /^(?:"(.*)"|'(.*)'|`(.*)`|“(.*)”|„(.*)[“”]|‘(.*)’|«(.*)»)$/su;
/** Blanks of every script, and the marks without width that copying from a page brings along. */
const BLANK = /[\s\u200b-\u200f\u2060\ufeff]/;
/** With the line breaks among them, what a text was broken by; else it stands within. */
const RUN_OF_BLANKS = /[\t \n\r\u2028\u2029]+/gu;
/** A longer text is none, whatever it is made of. */
const MOST_CHARACTERS = 4096;

/**
 * Reads 0x and hex digits as they come out of a mail, a spreadsheet or a terminal: blanks and quotes around
 * them, line breaks within, capital letters, `0X` or no 0x at all. None of these can turn one id or key into
 * another.
 *
 * @param length of the bytes
 * @returns undefined where the text is anything else
 */
export function readGivenHex(text: unknown, length: number): GivenHex | undefined {
  if (typeof text !== 'string' || text.length > MOST_CHARACTERS) return undefined;
  const tidied: string[] = [];
  let rest = text;
  const step = (next: string, what: string) => {
    if (next !== rest && !tidied.includes(what)) tidied.push(what);
    rest = next;
  };
  step(withoutOuter(rest, BLANK), 'blanks around it');
  step(rest.replace(/^(.*["'`”’“»])[,;]$/su, '$1'), 'quotes around it');
  step(unquoted(rest), 'quotes around it');
  step(withoutOuter(rest, BLANK), 'blanks around it');
  step(
    rest.replace(RUN_OF_BLANKS, (run) => (/[\n\r\u2028\u2029]/.test(run) ? '' : run)),
    'line breaks in it',
  );
  step(rest.replace(/^0X/, '0x'), '0X in place of 0x');
  if (!rest.startsWith('0x')) step(`0x${rest}`, 'no 0x before it');
  step(asciiLower(rest), 'capital letters');
  const bytes = fromHex(rest, length);
  return bytes && { bytes, tidied };
}

function unquoted(text: string): string {
  return (
    QUOTES.exec(text)
      ?.slice(1)
      .find((inside) => inside !== undefined) ?? text
  );
}

/**
 * An account id as people hand it over (see `readGivenHex`).
 * @returns 32 bytes
 * @throws SolventError ID_MALFORMED (kind malformed)
 */
export function readAccountId(text: unknown): GivenHex {
  const given = readGivenHex(text, ID_BYTES);
  if (given) return given;
  throw new SolventError(
    'ID_MALFORMED',
    'malformed',
    `an account id must be 64 hex digits, with or without 0x; ${describe(text)}: copy it once more from your account's page`,
  );
}

/**
 * An account key as people hand it over (see `readGivenHex`). The error repeats nothing of it: it is a
 * secret.
 * @returns 32 bytes
 * @throws SolventError KEY_MALFORMED (kind malformed)
 */
export function readAccountKey(text: unknown): GivenHex {
  const given = readGivenHex(text, KEY_BYTES);
  if (given) return given;
  throw new SolventError(
    'KEY_MALFORMED',
    'malformed',
    `an account key must be 64 hex digits, with or without 0x; ${describe(text)}: copy it once more from your account's page`,
  );
}

/** The same where only the 32 bytes are of interest. @throws SolventError ID_MALFORMED (kind malformed) */
export function parseAccountId(text: unknown): Uint8Array {
  return readAccountId(text).bytes;
}

/**
 * An operator's Ed25519 public key as people hand it over (see `readGivenHex`).
 * @returns 32 bytes
 * @throws SolventError OPERATOR_KEY_MALFORMED (kind malformed)
 */
export function readOperatorKey(text: unknown): GivenHex {
  const given = readGivenHex(text, 32);
  if (!given)
    throw new SolventError(
      'OPERATOR_KEY_MALFORMED',
      'malformed',
      `an operator key must be an Ed25519 public key, 0x and 64 hex digits; ${describe(text)}: copy it once more from where the operator publishes it`,
    );
  return { bytes: parseOperatorKey(toHex(given.bytes)), tidied: given.tidied };
}

/** What is wrong, without repeating what may be a secret. */
function describe(text: unknown): string {
  if (typeof text !== 'string') return `this is ${text === null ? 'null' : `of type ${typeof text}`}`;
  const digits = withoutOuter(text, BLANK).replace(/^0x/i, '');
  if (digits === '') return 'this is empty';
  return /^[0-9a-f]*$/i.test(digits)
    ? `this has ${digits.length}`
    : 'this has characters that are no hex digits';
}

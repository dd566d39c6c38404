import { SolventApiError } from './errors';

/** Blanks of every script, and the marks without width that copying from a page brings along. */
const OUTER = /^[\s"'`“”„‘’«»\u200b-\u200f\u2060\ufeff]+|[\s"'`“”„‘’«»,;\u200b-\u200f\u2060\ufeff]+$/gu;

/**
 * An account id as people hand it over, written as the service publishes it: blanks and quotes around it, line breaks in it, capital letters, `0X` or
 * no 0x at all are forgiven, for they cannot turn one id into another.
 * @returns 0x and 64 lower-case hex digits
 * @throws SolventApiError ID_MALFORMED: anything else; undefined and null too, which must not be taken for "none was given"
 */
export function accountIdText(given: unknown): string {
  const text = typeof given === 'string' && given.length <= 4096 ? given : '';
  const digits = text
    .replace(OUTER, '')
    .replace(/[\t ]*[\r\n]+[\t ]*/gu, '')
    .replace(/^0x/i, '');
  if (/^[0-9a-f]{64}$/i.test(digits)) return `0x${digits.toLowerCase()}`;
  const what =
    typeof given === 'string' ? 'this text is not' : `this is ${given === null ? 'null' : typeof given}`;
  throw new SolventApiError(
    'ID_MALFORMED',
    `an account id must be 64 hex digits, with or without 0x; ${what}: copy it once more from the account's page`,
  );
}

import { SolventApiError } from './errors';
import type { RequestOptions } from './transport';

/** Blanks of every script, and the marks without width that copying from a page brings along. */
const BEFORE = /[\s"'`“”„‘’«»\u200b-\u200f\u2060\ufeff]/;
const BEHIND = /[\s"'`“”„‘’«»,;\u200b-\u200f\u2060\ufeff]/;

/**
 * The account id of one snapshot: SHA-256("solvent/v1/id" ‖ SHA-256(header as canonical JSON) ‖ account key).
 * The key stays here.
 * @param key 64 hex digits as people hand them over
 * @param manifest the bytes of the snapshot's manifest.json; called once the key is known to be one
 * @returns 0x and 64 hex digits
 * @throws SolventApiError KEY_MALFORMED, RESPONSE_MALFORMED
 */
export async function accountIdOf(key: unknown, manifest: () => Promise<Uint8Array>): Promise<string> {
  const [id] = await madeOf(key, manifest, 'solvent/v1/id');
  return id!;
}

/**
 * Id and claim access of an account in one snapshot: the latter is SHA-256("solvent/v1/claim-access" ‖
 * SHA-256(header as canonical JSON) ‖ account key), and secret. The key stays here.
 * @param key, manifest, @throws as accountIdOf
 * @returns 0x and 64 hex digits each
 */
export async function ownAccountOf(
  key: unknown,
  manifest: () => Promise<Uint8Array>,
): Promise<{ readonly accountId: string; readonly access: string }> {
  const [accountId, access] = await madeOf(key, manifest, 'solvent/v1/id', 'solvent/v1/claim-access');
  return { accountId: accountId!, access: access! };
}

/** What is made of a key for one snapshot, under each of some labels. */
async function madeOf(
  key: unknown,
  manifest: () => Promise<Uint8Array>,
  ...labels: readonly string[]
): Promise<string[]> {
  const digits = digitsOf(key, 'KEY_MALFORMED', 'an account key');
  const bytes = Uint8Array.from(digits.match(/../g)!, (byte) => parseInt(byte, 16));
  // Member for member as it came: of a document in canonical form that is the header's canonical form.
  const digest = await sha256(utf8(JSON.stringify(headerIn(await manifest()))));
  return Promise.all(
    labels.map(async (label) => `0x${hex(await sha256(concat(utf8(label), digest, bytes)))}`),
  );
}

function headerIn(manifest: Uint8Array): object {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(manifest));
  } catch {
    // Refused below.
  }
  const header = (document as { readonly header?: unknown } | undefined)?.header;
  if (typeof header === 'object' && header !== null) return header;
  throw new SolventApiError('RESPONSE_MALFORMED', 'the service sent something that is no manifest');
}

/**
 * An account id as people hand it over, written as the service publishes it: blanks and quotes around it,
 * line breaks in it, capital letters, `0X` or no 0x at all are forgiven, for they cannot turn one id into
 * another.
 * @returns 0x and 64 lower-case hex digits
 * @throws SolventApiError ID_MALFORMED: anything else; undefined and null too, which must not be taken for
 *   "none was given"
 */
export function accountIdText(given: unknown): string {
  return `0x${digitsOf(given, 'ID_MALFORMED', 'an account id')}`;
}

/** The same of a claim access. @throws SolventApiError ACCESS_MALFORMED */
export function claimAccessText(given: unknown): string {
  return `0x${digitsOf(given, 'ACCESS_MALFORMED', 'a claim access')}`;
}

/** 64 lower-case hex digits. The error repeats nothing of what was given. */
function digitsOf(
  given: unknown,
  code: 'ID_MALFORMED' | 'KEY_MALFORMED' | 'ACCESS_MALFORMED',
  name: string,
): string {
  const text = typeof given === 'string' && given.length <= 4096 ? given : '';
  let [start, end] = [0, text.length];
  while (start < end && BEFORE.test(text[start]!)) start++;
  while (end > start && BEHIND.test(text[end - 1]!)) end--;
  const digits = text
    .slice(start, end)
    .replace(/[\t \r\n]+/g, (run) => (/[\r\n]/.test(run) ? '' : run))
    .replace(/^0x/i, '');
  if (/^[0-9a-f]{64}$/i.test(digits)) return digits.toLowerCase();
  const what =
    typeof given === 'string' ? 'this text is not' : `this is ${given === null ? 'null' : typeof given}`;
  throw new SolventApiError(
    code,
    `${name} must be 64 hex digits, with or without 0x; ${what}: copy it once more from the account's page`,
  );
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The id that a proof must be of, where somebody names one, and options. */
export type TrustedAccount =
  readonly [] | readonly [options: RequestOptions] | readonly [accountId: string, options?: RequestOptions];

/** @throws SolventApiError ID_MALFORMED: one is given that is none, undefined say; OPTIONS_UNKNOWN */
export function trustedAccount(more: TrustedAccount): {
  readonly accountId?: string;
  readonly options: RequestOptions;
} {
  const [first, second = {}] = more;
  const alone = more.length === 0 || (typeof first === 'object' && first !== null);
  const options: RequestOptions = typeof first === 'object' ? (first ?? {}) : second;
  const unknown = Object.keys(options).find((name) => name !== 'signal');
  if (unknown !== undefined)
    throw new SolventApiError(
      'OPTIONS_UNKNOWN',
      `verifyInclusion has no option ${JSON.stringify(unknown)}: the account id is its second argument, { signal } the third`,
    );
  return alone ? { options } : { accountId: accountIdText(first), options };
}

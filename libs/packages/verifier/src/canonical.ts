import { SolventError } from '@solvent-por/kzg';
import canonicalize from 'canonicalize';
import { explainDocument } from './recognise';
import { hasLoneSurrogate } from './restorable';

/** No document of the protocol nests deeper than 5; a bound keeps hostile ones from exhausting the stack. */
const MAX_DEPTH = 32;

/**
 * The JSON Canonicalization Scheme (RFC 8785) of a value.
 * @throws SolventError JSON_UNSUPPORTED (kind internal) for what JSON cannot hold: undefined, bigint, NaN,
 *   half a surrogate pair
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalForm(value);
  if (text === undefined)
    throw new SolventError('JSON_UNSUPPORTED', 'internal', 'the value has no canonical JSON form');
  return text;
}

/**
 * Parses a document that must be its own JCS form, byte for byte (section 4). This alone refuses doubled
 * members, members out of order, spaces, a final LF, numbers such as 1.0 or 1e3, and needless escapes.
 *
 * @param bytes the whole document
 * @param maxBytes longest document accepted; checked before anything is read
 * @param what names the document in messages, e.g. "manifest"
 * @param check reads the value's members: of a text in another form, what it throws is said, for then more
 *   than the form is wrong
 * @param maxDepth most objects and arrays in one another
 * @returns the parsed value, of any JSON type; `__proto__` is an ordinary own member of it
 * @throws SolventError DOCUMENT_TOO_LARGE | DOCUMENT_MALFORMED | DOCUMENT_NOT_CANONICAL, kind malformed
 */
export function parseCanonical(
  bytes: Uint8Array,
  maxBytes: number,
  what: string,
  check?: (value: unknown) => unknown,
  maxDepth = MAX_DEPTH,
): unknown {
  if (bytes.length > maxBytes) {
    throw new SolventError(
      'DOCUMENT_TOO_LARGE',
      'malformed',
      `the ${what} is longer than ${maxBytes} bytes`,
      { maxBytes },
    );
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) malformed(what, explainDocument(bytes, what));
  if (!depthWithin(text, maxDepth)) malformed(what, `nests deeper than ${maxDepth}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    malformed(what, explainDocument(bytes, what));
  }
  // UTF-8 decoding is injective, so equal text is equal bytes.
  if (canonicalForm(value) !== text) {
    throw new SolventError(
      'DOCUMENT_NOT_CANONICAL',
      'malformed',
      `the ${what} ${explainDocument(bytes, what, check)} (RFC 8785: sorted members without duplicates, no blanks, no final line break)`,
    );
  }
  return value;
}

/**
 * Undefined when there is none; JSON.parse does return such values: 1e999 is Infinity, "\\ud800" half a pair.
 */
function canonicalForm(value: unknown): string | undefined {
  try {
    const text = canonicalize(value);
    return text === undefined || hasLoneSurrogate(text) ? undefined : text;
  } catch {
    return undefined; // canonicalize throws plain errors for NaN, infinities and bigint
  }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    // ignoreBOM keeps a byte order mark in the text, where JSON.parse then refuses it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function malformed(what: string, problem: string): never {
  throw new SolventError('DOCUMENT_MALFORMED', 'malformed', `the ${what} ${problem}`);
}

/**
 * Whether brackets outside of strings nest at most `limit` deep; says nothing about whether the text is JSON.
 */
function depthWithin(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x5b || c === 0x7b) {
      if (++depth > limit) return false;
    } else if (c === 0x5d || c === 0x7d) depth--;
  }
  return true;
}

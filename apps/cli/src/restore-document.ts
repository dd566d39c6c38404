import { SolventError, utf8 } from '@solvent/algebra';
import {
  canonicalJson,
  documentKind,
  explainDocument,
  looseText,
  parseInclusion,
  parseManifest,
  type Inclusion,
  type Manifest,
} from '@solvent/proof/verify';
import { parseStrictJson } from '@solvent/snapshot';

/** A document in the form in which it was published. */
export type Restored =
  | { readonly kind: 'manifest'; readonly bytes: Uint8Array; readonly manifest: Manifest }
  | { readonly kind: 'inclusion'; readonly bytes: Uint8Array; readonly inclusion: Inclusion };

/**
 * Restores the canonical form (RFC 8785) of a manifest or an inclusion proof that an editor or a browser saved in its own way. Only what carries no
 * meaning is changed: encoding, byte order mark, blanks, line breaks, escapes, the order of members.
 *
 * @throws SolventError FILE_UNKNOWN: none of ours; NORMALISE_REFUSED: a member stands twice, or a number isn't a whole one below 2^53, so that nobody can
 *   say what was published; MANIFEST_MALFORMED, INCLUSION_MALFORMED, …: more than its form is wrong; all kind malformed
 */
export function restoreDocument(bytes: Uint8Array): Restored {
  const text = looseText(bytes)?.text;
  if (text === undefined) throw unknown(bytes);
  const { value, canonical } = restoreText(text, bytes);
  const kind = documentKind(value);
  if (kind === 'manifest') return { kind, bytes: canonical, manifest: parseManifest(canonical) };
  if (kind === 'inclusion') return { kind, bytes: canonical, inclusion: parseInclusion(canonical) };
  throw unknown(bytes);
}

/** One line of a global proof. @param line without its line end or byte order mark @throws as restoreDocument */
export function restoreLine(line: string): Uint8Array {
  return restoreText(line, utf8(line)).canonical;
}

function restoreText(
  text: string,
  bytes: Uint8Array,
): { readonly value: unknown; readonly canonical: Uint8Array } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unknown(bytes);
  }
  if (documentKind(value) === undefined) throw unknown(bytes);
  try {
    parseStrictJson(text);
  } catch (error) {
    throw refused(`${(error as Error).message}: which of the two was published cannot be told`);
  }
  refuseNumbers(text);
  return { value, canonical: utf8(canonicalJson(value)) };
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?[0-9][-+.0-9eE]*/g;

/** Every number of our documents is a whole one; writing 9007199254740993 or 0.1 anew could change what it says. */
function refuseNumbers(text: string): void {
  for (const [token] of text.matchAll(STRING_OR_NUMBER)) {
    if (token.startsWith('"')) continue;
    if (!/^-?[0-9]+(?:\.0+)?$/.test(token) || !Number.isSafeInteger(Number(token)))
      throw refused(`it has the number ${token.slice(0, 40)}, which is no whole number below 2^53`);
  }
}

function refused(why: string): SolventError<'NORMALISE_REFUSED'> {
  return new SolventError('NORMALISE_REFUSED', 'malformed', `${why}; download the file again`);
}

function unknown(bytes: Uint8Array): SolventError<'FILE_UNKNOWN'> {
  return new SolventError('FILE_UNKNOWN', 'malformed', `this ${explainDocument(bytes, 'document of ours')}`);
}

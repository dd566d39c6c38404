import { SolventError, utf8 } from '@solvent-por/kzg';
import {
  canonicalJson,
  documentKind,
  explainDocument,
  looseText,
  parseInclusion,
  parseManifest,
  unrestorable,
  type Inclusion,
  type Manifest,
} from '@solvent-por/verifier';

/** A document in the form in which it was published. */
export type Restored =
  | { readonly kind: 'manifest'; readonly bytes: Uint8Array; readonly manifest: Manifest }
  | { readonly kind: 'inclusion'; readonly bytes: Uint8Array; readonly inclusion: Inclusion };

/**
 * Restores the canonical form (RFC 8785) of a manifest or an inclusion proof that an editor or a browser
 * saved in its own way. Only what carries no meaning is changed: encoding, byte order mark, blanks, line
 * breaks, escapes, the order of members.
 *
 * @throws SolventError FILE_UNKNOWN: none of ours; NORMALISE_REFUSED: as `unrestorable` says, nobody can say
 *   what was published; MANIFEST_MALFORMED, INCLUSION_MALFORMED, …: more than its form is wrong; all kind
 *   malformed
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

/**
 * A manifest or a proof within a global proof.
 * @param text one JSON document, without a byte order mark
 * @throws as restoreDocument
 */
export function restoreLine(text: string): Uint8Array {
  return restoreText(text, utf8(text)).canonical;
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
  const loss = unrestorable(text, value);
  if (loss !== undefined)
    throw new SolventError('NORMALISE_REFUSED', 'malformed', `${loss}; download the file again`);
  return { value, canonical: utf8(canonicalJson(value)) };
}

function unknown(bytes: Uint8Array): SolventError<'FILE_UNKNOWN'> {
  return new SolventError('FILE_UNKNOWN', 'malformed', `this ${explainDocument(bytes, 'document of ours')}`);
}

import { SolventError, utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { fitsInto } from './json-size';

/**
 * The bytes of a document as clients send it: its text, or its JSON value.
 * @param what names it in messages: `inclusion proof`
 * @throws SolventError DOCUMENT_TOO_LARGE, DOCUMENT_MALFORMED (kind malformed)
 */
export function documentBytes(given: unknown, what: string, maxBytes: number): Uint8Array {
  if (typeof given !== 'string' && (typeof given !== 'object' || given === null))
    throw malformed(`the ${what} must be the text of its document, or its JSON value`);
  let text;
  try {
    // A value is measured first: bringing one of megabytes into its form would keep everybody waiting.
    if (typeof given === 'string') text = given;
    else if (fitsInto(given, maxBytes)) text = canonicalJson(given);
  } catch {
    throw malformed(`the ${what} holds what no canonical JSON document can`);
  }
  // Its UTF-8 form is never shorter than its UTF-16 form has units.
  const bytes = text !== undefined && text.length <= maxBytes ? utf8(text) : undefined;
  if (bytes && bytes.length <= maxBytes) return bytes;
  throw new SolventError('DOCUMENT_TOO_LARGE', 'malformed', `a ${what} has at most ${maxBytes} bytes`, {
    maxBytes,
  });
}

function malformed(message: string): SolventError<'DOCUMENT_MALFORMED'> {
  return new SolventError('DOCUMENT_MALFORMED', 'malformed', message);
}

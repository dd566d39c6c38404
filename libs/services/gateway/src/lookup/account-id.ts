import { createHash } from 'node:crypto';
import { utf8 } from '@solvent-por/kzg';
import { lookupKey } from '@solvent-por/services/database';
import { ID_BYTES, readGivenHex } from '@solvent-por/verifier';

/** So much of a malformed id is hashed. */
const MOST_HASHED = 256;

/** An account id of a snapshot as it came, and the key it is looked up by. */
export interface GivenAccountId {
  /** 32 bytes; undefined when the text is no account id. */
  readonly id: Uint8Array | undefined;
  readonly key: Buffer;
}

/**
 * The 32 bytes of 64 hex digits as people hand them over (see `readGivenHex`); undefined for anything else.
 */
export function parseAccountId(text: string): Uint8Array | undefined {
  return readGivenHex(text, ID_BYTES)?.bytes;
}

/**
 * Never throws: what is no account id gets a key under which nothing can stand, and is then looked up like
 * any other, so that neither the answer nor its time tells a malformed id from an unknown one.
 */
export function givenAccountId(text: string): GivenAccountId {
  const id = parseAccountId(text);
  if (id) return { id, key: lookupKey(id) };
  const malformed = utf8(text.slice(0, MOST_HASHED));
  return {
    id: undefined,
    key: createHash('sha256').update('solvent/v1/lookup-malformed').update(malformed).digest(),
  };
}

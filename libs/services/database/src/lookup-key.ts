import { hash } from 'node:crypto';
import { concat, utf8 } from '@solvent-por/kzg';

export const LOOKUP_KEY_BYTES = 32;
const DOMAIN = utf8('solvent/v1/lookup');

/**
 * What the database knows an account of a snapshot by: SHA-256("solvent/v1/lookup" ‖ id), 32 bytes. The id
 * itself is a capability and stands only in the sealed witness, so that whoever reads the tables cannot look
 * anyone up.
 */
export function lookupKey(id: Uint8Array): Buffer {
  return hash('sha256', concat(DOMAIN, id), 'buffer');
}

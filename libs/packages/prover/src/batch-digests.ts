import { concat } from '@solvent-por/kzg';
import { decodeLabelled, digestsIn, encodeLabelled, type Origin } from '@solvent-por/snapshot/files';

/**
 * Beside the witness: which batch files belong to the manifest. They are written before there is one, and
 * another run of the same header has files that look alike.
 */
export const BATCHES_FILE = 'batches.bin';

const KIND = 'digests of batches';

/** @param digests `labelDigest` of each batch's file */
export function encodeBatchDigests(digests: readonly Uint8Array[], origin: Origin): Uint8Array {
  return encodeLabelled(concat(...digests), { kind: KIND, origin, count: digests.length });
}

/** @throws SolventError WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (kind invalid) */
export function decodeBatchDigests(file: Uint8Array, origin: Origin): Uint8Array[] {
  const expected = { kind: KIND, origin, name: BATCHES_FILE };
  const { content, count } = decodeLabelled(file, expected);
  return digestsIn(content, count, expected);
}

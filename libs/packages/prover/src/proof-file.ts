import { concat, SolventError } from '@solvent-por/kzg';
import {
  decodeLabelled,
  DIGEST_BYTES,
  digestsIn,
  encodeLabelled,
  type Origin,
} from '@solvent-por/snapshot/files';

const REMEDY = 'run the same command again, it is then proved again';

/** A proof while a snapshot is being proved. */
export interface KeptProof {
  /** Its bytes without sums, which are made when the snapshot is finalised (see `unsummedBytes`). */
  readonly proof: Uint8Array;
  /** `labelDigest` of each of its batches' files: the witness that it was made with. */
  readonly batches: readonly Uint8Array[];
}

/**
 * The file of one proof while a snapshot is being proved: digests of its batches' files ‖ its bytes without
 * sums, labelled.
 * @param run what a run that goes on must have in common with this one
 */
export function encodeProofFile({ proof, batches }: KeptProof, run: Origin, first: number): Uint8Array {
  return encodeLabelled(concat(...batches, proof), {
    kind: kindOf(first),
    origin: run,
    count: batches.length,
  });
}

/**
 * What is in such a file.
 * @param first index of the proof's first batch
 * @throws SolventError PROOF_FILE_DAMAGED (invalid): other bytes, or of another run
 */
export function decodeProofFile(file: Uint8Array, run: Origin, first: number): KeptProof {
  try {
    const name = `the file of the proof from batch ${first} on`;
    const expected = { kind: kindOf(first), origin: run, name, remedy: REMEDY };
    const { content, count } = decodeLabelled(file, expected);
    const batches = digestsIn(content, count, expected);
    return { proof: content.subarray(DIGEST_BYTES * count), batches };
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw new SolventError('PROOF_FILE_DAMAGED', 'invalid', error.message, { first });
  }
}

function kindOf(first: number): string {
  return `proof from batch ${first} on`;
}

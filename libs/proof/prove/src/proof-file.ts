import { createHash } from 'node:crypto';
import { concat, SolventError } from '@solvent/algebra';

/** Bytes after the proof in its file. */
export const PROOF_DIGEST_BYTES = 32;

/** The file of one proof while a snapshot is being proved: its bytes without sums ‖ SHA-256 of them, so that a run which goes on can tell a whole one. */
export function encodeProofFile(proof: Uint8Array): Uint8Array {
  return concat(proof, createHash('sha256').update(proof).digest());
}

/**
 * The bytes of the proof in such a file (see `unsummedBytes`).
 * @param first index of the proof's first batch
 * @throws SolventError PROOF_FILE_DAMAGED
 */
export function decodeProofFile(file: Uint8Array, first: number): Uint8Array {
  const proof = file.subarray(0, Math.max(0, file.length - PROOF_DIGEST_BYTES));
  const digest = createHash('sha256').update(proof).digest();
  if (proof.length === 0 || Buffer.compare(digest, file.subarray(proof.length)) !== 0)
    throw new SolventError(
      'PROOF_FILE_DAMAGED',
      'invalid',
      `the proof from batch ${first} on is damaged on disk: run the same command again, it is then proved again`,
      { first },
    );
  return proof;
}

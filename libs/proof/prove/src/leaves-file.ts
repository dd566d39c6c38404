import { createHash } from 'node:crypto';
import { concat, decodeUncompressed, encodeUncompressed, SolventError, type G1Point } from '@solvent/algebra';
import { HASH_BYTES } from '@solvent/proof/verify';

/** Beside the witness: what every batch contributes to the sum tree, for the paths of inclusion proofs. */
export const LEAVES_FILE = 'leaves.bin';

const SUM_POINT = 96;

export interface StoredLeaf {
  /** Root of the batch's account tree. */
  readonly accounts: Uint8Array;
  /** sum_b */
  readonly sum: G1Point;
}

/** Batch by batch: the account tree's root, 32 bytes, then the sum, 96 bytes uncompressed; at the end SHA-256 of all before it. */
export function encodeLeaves(leaves: readonly StoredLeaf[]): Uint8Array {
  const sums = encodeUncompressed(leaves.map(({ sum }) => sum));
  const body = concat(...leaves.flatMap(({ accounts }, batch) => [accounts, sums[batch]!]));
  return concat(body, createHash('sha256').update(body).digest());
}

/** @throws SolventError WITNESS_FILE_DAMAGED */
export function decodeLeaves(file: Uint8Array, batchCount: number): StoredLeaf[] {
  const leaf = HASH_BYTES + SUM_POINT;
  const body = file.subarray(0, leaf * batchCount);
  // Without the digest a damaged leaf would go into inclusion proofs that nobody can verify.
  const digest = createHash('sha256').update(body).digest();
  if (Buffer.compare(digest, file.subarray(body.length)) !== 0)
    throw new SolventError('WITNESS_FILE_DAMAGED', 'invalid', `${LEAVES_FILE} of the witness is damaged`);
  const sums = decodeUncompressed(
    Array.from({ length: batchCount }, (_, b) => file.slice(leaf * b + HASH_BYTES, leaf * (b + 1))),
  );
  return sums.map((sum, b) => ({ accounts: file.slice(leaf * b, leaf * b + HASH_BYTES), sum }));
}

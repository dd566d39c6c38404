import { createHash } from 'node:crypto';
import { concat, decodeUncompressed, encodeUncompressed, SolventError, type G1Point } from '@solvent/algebra';

/** Beside the witness: what every batch contributes to the sum tree, for the paths of inclusion proofs. */
export const LEAVES_FILE = 'leaves.bin';

const TAG_POINT = 48;
const SUM_POINT = 96;

export interface StoredLeaf {
  readonly tag: Uint8Array;
  readonly sums: readonly G1Point[];
}

/** Batch by batch: C(tag), 48 bytes compressed, then each sum's commitment, 96 bytes uncompressed; at the end SHA-256 of all before it. */
export function encodeLeaves(leaves: readonly StoredLeaf[]): Uint8Array {
  const body = concat(...leaves.flatMap(({ tag, sums }) => [tag, ...encodeUncompressed(sums)]));
  return concat(body, createHash('sha256').update(body).digest());
}

/** @throws SolventError WITNESS_FILE_DAMAGED */
export function decodeLeaves(file: Uint8Array, batchCount: number, width: number): StoredLeaf[] {
  const leaf = TAG_POINT + SUM_POINT * width;
  const body = file.subarray(0, leaf * batchCount);
  // Without the digest a damaged leaf would go into inclusion proofs that nobody can verify.
  const digest = createHash('sha256').update(body).digest();
  if (Buffer.compare(digest, file.subarray(body.length)) !== 0)
    throw new SolventError('WITNESS_FILE_DAMAGED', 'invalid', `${LEAVES_FILE} of the witness is damaged`);
  return Array.from({ length: batchCount }, (_, batch) => {
    const at = leaf * batch;
    const sums = Array.from({ length: width }, (__, v) => {
      const start = at + TAG_POINT + SUM_POINT * v;
      return file.slice(start, start + SUM_POINT);
    });
    return { tag: file.slice(at, at + TAG_POINT), sums: decodeUncompressed(sums) };
  });
}

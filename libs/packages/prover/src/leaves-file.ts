import { concat, decodeUncompressed, encodeUncompressed, SolventError, type G1Point } from '@solvent-por/kzg';
import { decodeLabelled, encodeLabelled, type Origin } from '@solvent-por/snapshot/files';
import { HASH_BYTES } from '@solvent-por/verifier';

/** Beside the witness: what every batch contributes to the sum tree, for the paths of inclusion proofs. */
export const LEAVES_FILE = 'leaves.bin';

const KIND = 'leaves';
const SUM_POINT = 96;
const LEAF = HASH_BYTES + SUM_POINT;

export interface BatchLeaf {
  /** Root of the batch's account tree. */
  readonly accounts: Uint8Array;
  /** sum_b */
  readonly sum: G1Point;
}

/** The account tree's root, 32 bytes, then the sum, 96 bytes uncompressed. */
export function packLeaf({ accounts, sum }: BatchLeaf): Uint8Array {
  return concat(accounts, ...encodeUncompressed([sum]));
}

/**
 * The file of a snapshot's leaves, labelled.
 * @param packed as `packLeaf` gives them, batch by batch
 * @param origin of the manifest
 */
export function encodeLeaves(packed: Uint8Array, origin: Origin): Uint8Array {
  return encodeLabelled(packed, { kind: KIND, origin, count: packed.length / LEAF });
}

/**
 * Unchecked, a damaged leaf, or last month's, would go into inclusion proofs that nobody can verify.
 * @throws SolventError WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (kind invalid)
 */
export function decodeLeaves(file: Uint8Array, origin: Origin): BatchLeaf[] {
  const { content, count } = decodeLabelled(file, { kind: KIND, origin, name: LEAVES_FILE });
  if (content.length !== LEAF * count)
    throw new SolventError(
      'WITNESS_FILE_DAMAGED',
      'invalid',
      `${LEAVES_FILE} is damaged: it does not hold ${count} leaves`,
      { file: LEAVES_FILE },
    );
  const leaf = (batch: number) => content.slice(LEAF * batch, LEAF * (batch + 1));
  const leaves = Array.from({ length: count }, (_, batch) => leaf(batch));
  const sums = decodeUncompressed(leaves.map((bytes) => bytes.subarray(HASH_BYTES)));
  return leaves.map((bytes, batch) => ({ accounts: bytes.slice(0, HASH_BYTES), sum: sums[batch]! }));
}

import { concat, decodeUncompressed, encodeUncompressed, SolventError, type G1Point } from '@solvent/algebra';
import { decodeLabelled, encodeLabelled, type Origin } from '@solvent/files';

/** Beside the witness: what every batch contributes to the sum tree, for the paths of inclusion proofs. */
export const LEAVES_FILE = 'leaves.bin';

const KIND = 'leaves';
const TAG_POINT = 48;
const SUM_POINT = 96;

export interface StoredLeaf {
  readonly tag: Uint8Array;
  readonly sums: readonly G1Point[];
}

/**
 * Batch by batch: C(tag), 48 bytes compressed, then each sum's commitment, 96 bytes uncompressed; labelled.
 * @param origin of the manifest
 */
export function encodeLeaves(leaves: readonly StoredLeaf[], origin: Origin): Uint8Array {
  const content = concat(...leaves.flatMap(({ tag, sums }) => [tag, ...encodeUncompressed(sums)]));
  return encodeLabelled(content, { kind: KIND, origin, count: leaves.length });
}

/**
 * Unchecked, a damaged leaf, or last month's, would go into inclusion proofs that nobody can verify.
 * @param width published values of the layout
 * @throws SolventError WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (kind invalid)
 */
export function decodeLeaves(file: Uint8Array, origin: Origin, width: number): StoredLeaf[] {
  const { content, count } = decodeLabelled(file, { kind: KIND, origin, name: LEAVES_FILE });
  const leaf = TAG_POINT + SUM_POINT * width;
  if (content.length !== leaf * count)
    throw new SolventError(
      'WITNESS_FILE_DAMAGED',
      'invalid',
      `${LEAVES_FILE} is damaged: it does not hold ${count} leaves of ${width} sums`,
      { file: LEAVES_FILE },
    );
  return Array.from({ length: count }, (_, batch) => {
    const at = leaf * batch;
    const sums = Array.from({ length: width }, (__, v) => {
      const start = at + TAG_POINT + SUM_POINT * v;
      return content.slice(start, start + SUM_POINT);
    });
    return { tag: content.slice(at, at + TAG_POINT), sums: decodeUncompressed(sums) };
  });
}

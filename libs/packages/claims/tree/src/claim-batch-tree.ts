import { BATCH_DEPTH } from '@solvent-por/claims';
import { fromBytes, ROWS } from '@solvent-por/kzg';

const BYTES = 32;

/** One batch's claim tree: 4,096 leaves, row 0 leftmost, and what stands above them. */
export class ClaimBatchTree {
  /** @param nodes 8,191 elements of 32 bytes, big-endian: level by level, leaves first */
  constructor(readonly nodes: Uint8Array) {
    if (nodes.length !== BYTES * (2 * ROWS - 1)) throw new RangeError('a claim tree has 8,191 nodes');
  }

  get root(): bigint {
    return this.#node(2 * ROWS - 2);
  }

  /** Siblings of a row, from the leaf's up to the child of the root: 12. */
  path(row: number): bigint[] {
    let first = 0;
    return Array.from({ length: BATCH_DEPTH }, (_, j) => {
      const sibling = this.#node(first + ((row >> j) ^ 1));
      first += ROWS >> j;
      return sibling;
    });
  }

  leaf(row: number): bigint {
    return this.#node(row);
  }

  #node(index: number): bigint {
    return fromBytes(this.nodes.subarray(BYTES * index, BYTES * (index + 1)));
  }
}

import { concat, ROWS } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';

/** Levels of a batch's account tree: 2^12 rows (section 5). */
export const ACCOUNT_TREE_DEPTH = 12;

/** Bytes of a hash. */
export const HASH_BYTES = 32;

const NODE = Uint8Array.of(4);

/** A node above two: SHA-256(0x04 ‖ left ‖ right). */
export function accountNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(NODE, left, right));
}

/**
 * A batch's account tree (section 5): the perfect binary tree over its 4,096 rows, row 0 leftmost.
 * Level by level, leaves first, each level's hashes in one piece.
 */
export class AccountTree {
  readonly #levels: Uint8Array[];

  /**
   * @param leaves 4,096 × 32 bytes; of a reserved row 32 zero bytes
   * @param node of two siblings, 64 bytes in one piece: a faster SHA-256(0x04 ‖ …) where there is one
   * @throws RangeError for any other number of bytes
   */
  constructor(
    leaves: Uint8Array,
    node = (siblings: Uint8Array): Uint8Array => sha256(concat(NODE, siblings)),
  ) {
    if (leaves.length !== HASH_BYTES * ROWS) throw new RangeError('an account tree has 4,096 leaves');
    this.#levels = [leaves];
    for (let level = leaves; level.length > HASH_BYTES;) {
      const above = new Uint8Array(level.length / 2);
      for (let at = 0; at < above.length; at += HASH_BYTES)
        above.set(node(level.subarray(2 * at, 2 * (at + HASH_BYTES))), at);
      this.#levels.push((level = above));
    }
  }

  /** What stands in proofs as `accounts`. */
  get root(): Uint8Array {
    return this.#levels.at(-1)!.slice();
  }

  /** Siblings of a row, from the leaf's up to the child of the root: 12 hashes. */
  path(row: number): Uint8Array[] {
    return this.#levels.slice(0, -1).map((level, j) => {
      const sibling = HASH_BYTES * ((row >> j) ^ 1);
      return level.slice(sibling, sibling + HASH_BYTES);
    });
  }
}

/**
 * The root that a leaf and its siblings lead to; bit j of the row, from the least significant, says whether
 * we are the right child at level j.
 * @param path 12 hashes from the leaf's sibling upwards
 */
export function climbAccounts(leaf: Uint8Array, path: readonly Uint8Array[], row: number): Uint8Array {
  return path.reduce(
    (node, sibling, j) => ((row >> j) & 1 ? accountNode(sibling, node) : accountNode(node, sibling)),
    leaf,
  );
}

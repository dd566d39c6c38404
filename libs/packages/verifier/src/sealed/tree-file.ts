import { HASH_BYTES } from '../account-tree';
import type { PathNode } from '../inclusion';
import type { LeafRange } from '../sum-tree';

/** Bytes of a node: hash ‖ sum. */
const NODE_BYTES = HASH_BYTES + 48;

/** Nodes of each level of a tree, from the leaves to the children of the top; of one batch, its leaf. */
function levels(batchCount: number): number[] {
  const sizes = [batchCount];
  for (let size = batchCount; size > 2;) sizes.push((size = Math.ceil(size / 2)));
  return sizes;
}

/** Bytes of tree.bin. */
export function treeFileBytes(batchCount: number): number {
  return NODE_BYTES * levels(batchCount).reduce((sum, size) => sum + size, 0);
}

/**
 * Which nodes of section 8's tree stand in tree.bin, in this order: level by level; a level of odd size hands
 * its last node up unchanged, so that it stands in the next level again (section 15).
 */
export function* treeFileRanges(batchCount: number): Generator<LeafRange> {
  let width = 1;
  for (const size of levels(batchCount)) {
    for (let i = 0; i < size; i++) yield { start: i * width, size: Math.min(width, batchCount - i * width) };
    width *= 2;
  }
}

/**
 * What of a tree an inclusion of a batch shows: its sum, and the path from its sibling up to the child of the
 * top.
 * @param file `treeFileBytes(batchCount)` bytes
 * @param batch below batchCount
 */
export function placeInTree(
  file: Uint8Array,
  batch: number,
  batchCount: number,
): { readonly sum: Uint8Array; readonly path: readonly PathNode[] } {
  const path: PathNode[] = [];
  let [at, index] = [0, batch];
  for (const size of levels(batchCount)) {
    if ((index ^ 1) < size) path.push(nodeAt(file, at + (index ^ 1)));
    at += size;
    index >>= 1;
  }
  return { sum: nodeAt(file, batch).sum, path };
}

function nodeAt(file: Uint8Array, i: number): PathNode {
  const node = file.subarray(NODE_BYTES * i, NODE_BYTES * (i + 1));
  return { hash: node.slice(0, HASH_BYTES), sum: node.slice(HASH_BYTES) };
}

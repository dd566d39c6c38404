import { concat, encodePoints, u32be, type G1Point } from '@solvent/algebra';
import { sha256 } from '@noble/hashes/sha2.js';

/** A node of the Merkle sum tree: a hash, and commitments to the sums of all accounts below it (section 8). */
export interface SumNode {
  readonly hash: Uint8Array;
  readonly sums: readonly G1Point[];
}

const [LEAF, NODE, ROOT] = [0, 1, 2].map((byte) => Uint8Array.of(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/** Leaf of batch b: SHA-256(0x00 ‖ headerDigest ‖ u32be(b) ‖ C(tag) ‖ sums). */
export function leafNode(
  headerDigest: Uint8Array,
  batch: number,
  tag: Uint8Array,
  sums: readonly G1Point[],
): SumNode {
  return { hash: sha256(concat(LEAF, headerDigest, u32be(batch), tag, ...encodePoints(sums))), sums };
}

/** Node above two: SHA-256(0x01 ‖ left.hash ‖ left.sums ‖ right.hash ‖ right.sums), sums added. */
export function parentNode(left: SumNode, right: SumNode): SumNode {
  return {
    hash: sha256(
      concat(NODE, left.hash, ...encodePoints(left.sums), right.hash, ...encodePoints(right.sums)),
    ),
    sums: left.sums.map((sum, v) => sum.add(right.sums[v]!)),
  };
}

/** What the manifest publishes: SHA-256(0x02 ‖ headerDigest ‖ u32be(batchCount) ‖ top.hash ‖ top.sums). */
export function treeRoot(headerDigest: Uint8Array, batchCount: number, top: SumNode): Uint8Array {
  return sha256(concat(ROOT, headerDigest, u32be(batchCount), top.hash, ...encodePoints(top.sums)));
}

/** The top of a tree whose leaves arrive one by one, in memory logarithmic in their number. RFC 6962's shape: no padding leaves. */
export class SumTreeBuilder {
  readonly #perfect: { node: SumNode; size: number }[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(leaf: SumNode): void {
    this.#count++;
    let [node, size] = [leaf, 1];
    while (this.#perfect.at(-1)?.size === size) {
      node = parentNode(this.#perfect.pop()!.node, node);
      size *= 2;
    }
    this.#perfect.push({ node, size });
  }

  /** @throws RangeError when there is no leaf */
  top(): SumNode {
    if (this.#count === 0) throw new RangeError('a sum tree has at least one leaf');
    return this.#perfect.map(({ node }) => node).reduceRight((right, left) => parentNode(left, right));
  }
}

/** Whole tree in memory, for its paths; leaves.length ≥ 1. */
export class SumTree {
  readonly top: SumNode;
  readonly #left?: SumTree;
  readonly #right?: SumTree;
  readonly #split: number;

  constructor(leaves: readonly SumNode[]) {
    this.#split = leftSize(leaves.length);
    if (leaves.length === 1) {
      this.top = leaves[0]!;
    } else {
      this.#left = new SumTree(leaves.slice(0, this.#split));
      this.#right = new SumTree(leaves.slice(this.#split));
      this.top = parentNode(this.#left.top, this.#right.top);
    }
  }

  /** Siblings from the leaf's up to the child of the top. */
  path(batch: number): SumNode[] {
    if (!this.#left || !this.#right) return [];
    return batch < this.#split
      ? [...this.#left.path(batch), this.#right.top]
      : [...this.#right.path(batch - this.#split), this.#left.top];
  }
}

/** On which side the siblings of a leaf stand, from the leaf upwards: the one path RFC 6962 gives for (batch, batchCount). */
export function siblingSides(batch: number, batchCount: number): ('left' | 'right')[] {
  const sides: ('left' | 'right')[] = [];
  for (let [index, count] = [batch, batchCount]; count > 1;) {
    const split = leftSize(count);
    if (index < split) {
      sides.unshift('right');
      count = split;
    } else {
      sides.unshift('left');
      index -= split;
      count -= split;
    }
  }
  return sides;
}

/** The node that a leaf and its path lead to. @throws RangeError when the path hasn't the one right length */
export function climb(leaf: SumNode, path: readonly SumNode[], batch: number, batchCount: number): SumNode {
  const sides = siblingSides(batch, batchCount);
  if (sides.length !== path.length) throw new RangeError(`the path must have ${sides.length} siblings`);
  return path.reduce(
    (node, sibling, i) => (sides[i] === 'left' ? parentNode(sibling, node) : parentNode(node, sibling)),
    leaf,
  );
}

/** The largest power of two below a size (1 for 1). */
function leftSize(size: number): number {
  let split = 1;
  while (2 * split < size) split *= 2;
  return split;
}

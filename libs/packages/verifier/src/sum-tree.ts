import { concat, encodePoints, u32be, type G1Point } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * A node of the Merkle sum tree: a hash, and a commitment to the folded sums of all accounts below it
 * (section 8).
 */
export interface SumNode {
  readonly hash: Uint8Array;
  readonly sum: G1Point;
}

const [LEAF, NODE, ROOT] = [0, 1, 2].map((byte) => Uint8Array.of(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

const encoded = new WeakMap<SumNode, Uint8Array>();

/**
 * A node's sum, 48 bytes. Encoding takes an inversion: each node's is encoded once, though it is hashed,
 * shown and stored.
 */
export function encodedSum(node: SumNode): Uint8Array {
  let bytes = encoded.get(node);
  if (!bytes) encoded.set(node, (bytes = encodePoints([node.sum])[0]!));
  return bytes;
}

/**
 * Leaf of batch b: SHA-256(0x00 ‖ headerDigest ‖ u32be(b) ‖ accounts ‖ sum).
 * @param accounts root of the batch's account tree
 * @param encoding the sum's 48 bytes, where they are known to be its own
 */
export function leafNode(
  headerDigest: Uint8Array,
  batch: number,
  accounts: Uint8Array,
  sum: G1Point,
  encoding = encodePoints([sum])[0]!,
): SumNode {
  const node = { hash: sha256(concat(LEAF, headerDigest, u32be(batch), accounts, encoding)), sum };
  encoded.set(node, encoding);
  return node;
}

/**
 * A node that somebody else hashed, as a path shows it.
 * @param encoding the sum's 48 bytes, from which it was decoded
 */
export function shownNode(hash: Uint8Array, sum: G1Point, encoding: Uint8Array): SumNode {
  const node = { hash, sum };
  encoded.set(node, encoding);
  return node;
}

/** Node above two: SHA-256(0x01 ‖ left.hash ‖ left.sum ‖ right.hash ‖ right.sum), sums added. */
export function parentNode(left: SumNode, right: SumNode): SumNode {
  return {
    hash: sha256(concat(NODE, left.hash, encodedSum(left), right.hash, encodedSum(right))),
    sum: left.sum.add(right.sum),
  };
}

/**
 * What the manifest publishes: SHA-256(0x02 ‖ headerDigest ‖ u32be(batchCount) ‖ columns ‖ top.hash ‖
 * top.sum).
 */
export function treeRoot(
  headerDigest: Uint8Array,
  batchCount: number,
  columns: Uint8Array,
  top: SumNode,
): Uint8Array {
  return sha256(concat(ROOT, headerDigest, u32be(batchCount), columns, top.hash, encodedSum(top)));
}

/** Leaves below a node of a tree: the first one, and how many. They name the node. */
export interface LeafRange {
  readonly start: number;
  readonly size: number;
}

interface Subtree extends LeafRange {
  readonly node: SumNode;
}

/**
 * The top of a tree whose leaves arrive one by one, in memory logarithmic in their number. RFC 6962's shape:
 * no padding leaves.
 */
export class SumTreeBuilder {
  readonly #perfect: Subtree[] = [];
  #count = 0;

  /**
   * @param onNode gets every node of the tree, leaves included, once: those of perfect subtrees as they are
   * complete, the others from `top`
   */
  constructor(private readonly onNode?: (node: SumNode, range: LeafRange) => void) {}

  get count(): number {
    return this.#count;
  }

  push(leaf: SumNode): void {
    let subtree = this.#report({ node: leaf, start: this.#count++, size: 1 });
    while (this.#perfect.at(-1)?.size === subtree.size)
      subtree = this.#report(join(this.#perfect.pop()!, subtree));
    this.#perfect.push(subtree);
  }

  /** To be asked for once, when every leaf is there. @throws RangeError when there is no leaf */
  top(): SumNode {
    if (this.#count === 0) throw new RangeError('a sum tree has at least one leaf');
    return this.#perfect.reduceRight((right, left) => this.#report(join(left, right))).node;
  }

  #report(subtree: Subtree): Subtree {
    this.onNode?.(subtree.node, { start: subtree.start, size: subtree.size });
    return subtree;
  }
}

function join(left: Subtree, right: Subtree): Subtree {
  return { node: parentNode(left.node, right.node), start: left.start, size: left.size + right.size };
}

/** Whole tree in memory, for its paths; leaves.length ≥ 1. */
export class SumTree {
  readonly top: SumNode;
  readonly #left?: SumTree;
  readonly #right?: SumTree;
  readonly #split: number;
  readonly #size: number;

  constructor(leaves: readonly SumNode[]) {
    this.#size = leaves.length;
    this.#split = leftSize(leaves.length);
    if (leaves.length === 1) {
      this.top = leaves[0]!;
    } else {
      this.#left = new SumTree(leaves.slice(0, this.#split));
      this.#right = new SumTree(leaves.slice(this.#split));
      this.top = parentNode(this.#left.top, this.#right.top);
    }
  }

  /** The node above these leaves. @throws RangeError when the tree has no such node */
  node({ start, size }: LeafRange): SumNode {
    if (start === 0 && size === this.#size) return this.top;
    const child = start < this.#split ? this.#left : this.#right;
    if (!child) throw new RangeError('the tree has no such node');
    return child.node({ start: start < this.#split ? start : start - this.#split, size });
  }

  /** Siblings from the leaf's up to the child of the top. */
  path(batch: number): SumNode[] {
    if (!this.#left || !this.#right) return [];
    return batch < this.#split
      ? [...this.#left.path(batch), this.#right.top]
      : [...this.#right.path(batch - this.#split), this.#left.top];
  }
}

/**
 * Which nodes the siblings of a leaf are, from the leaf upwards: the one path RFC 6962 gives for (batch,
 * batchCount).
 */
export function siblingRanges(batch: number, batchCount: number): LeafRange[] {
  const siblings: LeafRange[] = [];
  for (let [start, size] = [0, batchCount]; size > 1;) {
    const split = leftSize(size);
    if (batch < start + split) {
      siblings.unshift({ start: start + split, size: size - split });
      size = split;
    } else {
      siblings.unshift({ start, size: split });
      start += split;
      size -= split;
    }
  }
  return siblings;
}

/** On which side the siblings of a leaf stand, from the leaf upwards. */
export function siblingSides(batch: number, batchCount: number): ('left' | 'right')[] {
  return siblingRanges(batch, batchCount).map(({ start }) => (start > batch ? 'right' : 'left'));
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

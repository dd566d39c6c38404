import { keccak_256 } from '@noble/hashes/sha3.js';
import { equalBytes } from '@solvent-por/kzg';
import { malformed, untrue } from '../failure';
import { listItems, readRlp, stringBytes, type RlpItem } from './rlp';

/** Nibbles of a path: every key is a hash of 32 bytes. */
const PATH = 64;
export const MOST_NODES = 64;

type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'branch'; readonly children: readonly RlpItem[] }
  | { readonly kind: 'extension'; readonly path: readonly number[]; readonly child: RlpItem }
  | { readonly kind: 'leaf'; readonly path: readonly number[]; readonly value: Uint8Array };

/**
 * What a Merkle Patricia trie holds under a key, by the nodes from its root downwards: each hashes to the
 * reference above it, none is missing and none to spare; nodes below 32 bytes stand inside their parent.
 *
 * @param root 32 bytes
 * @param key 32 bytes: already hashed
 * @param nodes 1 to 64, encoded
 * @returns the value's bytes, or undefined where the nodes show that there is none
 * @throws SolventError STATE_PROOF_MALFORMED, RLP_MALFORMED (kind malformed), STATE_PROOF_UNTRUE (kind invalid)
 */
export function provedValue(
  root: Uint8Array,
  key: Uint8Array,
  nodes: readonly Uint8Array[],
): Uint8Array | undefined {
  if (nodes.length < 1 || nodes.length > MOST_NODES) refuse(`it must have 1 to ${MOST_NODES} nodes`);
  const path = nibbles(key);
  let [used, depth] = [0, 0];
  const next = (reference: Uint8Array): Node => {
    const encoded = nodes[used++];
    if (!encoded) return falsify('a node is missing');
    if (!equalBytes(keccak_256(encoded), reference))
      falsify(`node ${used} does not hash to the reference to it`);
    if (used > 1 && encoded.length < 32) refuse('a node below 32 bytes must stand inside its parent');
    return readNode(readRlp(encoded), used === 1);
  };
  let node = next(root);
  for (;;) {
    const step = follow(node, path, depth);
    if (!('child' in step)) {
      if (used < nodes.length) falsify('a node is to spare');
      return step.value;
    }
    depth = step.depth;
    node = step.child.list ? readEmbedded(step.child) : next(reference(step.child));
  }
}

/** Reads each node by itself: what is left to judge where no rule says what they should show. */
export function readNodes(nodes: readonly Uint8Array[]): void {
  if (nodes.length < 1 || nodes.length > MOST_NODES) refuse(`it must have 1 to ${MOST_NODES} nodes`);
  nodes.forEach((encoded, i) => readNode(readRlp(encoded), i === 0));
}

type Step = { readonly child: RlpItem; readonly depth: number } | { readonly value: Uint8Array | undefined };

function follow(node: Node, path: readonly number[], depth: number): Step {
  switch (node.kind) {
    case 'empty':
      return { value: undefined };
    case 'branch': {
      if (depth >= PATH) return refuse('a branch stands below the end of the path');
      const child = node.children[path[depth]!]!;
      return isEmpty(child) ? { value: undefined } : { child, depth: depth + 1 };
    }
    case 'extension': {
      const end = depth + node.path.length;
      if (end >= PATH) refuse('an extension goes to the end of the path');
      if (!node.path.every((nibble, i) => path[depth + i] === nibble)) return { value: undefined };
      return { child: node.child, depth: end };
    }
    case 'leaf':
      if (depth + node.path.length !== PATH) refuse('the path of a leaf does not end at nibble 64');
      return { value: node.path.every((nibble, i) => path[depth + i] === nibble) ? node.value : undefined };
  }
}

/** 0x80 alone is the empty trie; 17 items a branch; 2 a leaf or an extension. */
function readNode(item: RlpItem, first: boolean): Node {
  if (!item.list) {
    if (first && item.payload.length === 0) return { kind: 'empty' };
    return refuse('a node is no list');
  }
  const items = listItems(item);
  if (items.length === 17) {
    if (stringBytes(items[16]!).length > 0)
      refuse('a branch has a value, which no path of 64 nibbles ends at');
    items.slice(0, 16).forEach(refuseOtherReference);
    return { kind: 'branch', children: items };
  }
  if (items.length !== 2) refuse('a node has neither 17 nor 2 items');
  const [prefix, rest] = items as [RlpItem, RlpItem];
  const { leaf, path } = readPath(stringBytes(prefix));
  if (leaf) {
    const value = stringBytes(rest);
    if (value.length === 0) refuse('the value of a leaf is empty');
    return { kind: 'leaf', path, value };
  }
  if (path.length === 0) refuse('the path of an extension is empty');
  refuseOtherReference(rest);
  if (isEmpty(rest)) refuse('an extension leads nowhere');
  return { kind: 'extension', path, child: rest };
}

function readEmbedded(item: RlpItem): Node {
  return readNode(item, false);
}

/** Hex prefix: flag 0 to 3 (odd, leaf), a padding nibble 0 where the number of nibbles is even. */
function readPath(bytes: Uint8Array): { readonly leaf: boolean; readonly path: readonly number[] } {
  const [flag, ...rest] = nibbles(bytes);
  if (flag === undefined || flag > 3) return refuse('the prefix of a path is none of 0 to 3');
  const odd = (flag & 1) === 1;
  if (!odd && rest[0] !== 0) refuse('the padding of a path is not 0');
  return { leaf: flag >= 2, path: odd ? rest : rest.slice(1) };
}

function refuseOtherReference(item: RlpItem): void {
  if (item.list ? item.encoded.length >= 32 : ![0, 32].includes(item.payload.length))
    refuse('a reference is neither a hash nor a node below 32 bytes');
}

function reference(item: RlpItem): Uint8Array {
  return item.payload;
}

function isEmpty(item: RlpItem): boolean {
  return !item.list && item.payload.length === 0;
}

function nibbles(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}

function refuse(problem: string): never {
  return malformed('STATE_PROOF_MALFORMED', `the proof of a balance cannot be read: ${problem}`);
}

function falsify(problem: string): never {
  return untrue('STATE_PROOF_UNTRUE', `the proof of a balance is false: ${problem}`);
}

import { keccak_256 } from '@noble/hashes/sha3.js';
import { rlpList, rlpString } from '../src/proofs/write-rlp';

/** A whole Merkle Patricia trie of 32-byte keys, and the nodes from its root to a key. */
export interface Trie {
  readonly root: Uint8Array;
  readonly proof: (key: Uint8Array) => readonly Uint8Array[];
}

interface Leaf {
  readonly path: readonly number[];
  readonly value: Uint8Array;
}

/** @param entries keys that are hashed already, and their values */
export function buildTrie(entries: readonly (readonly [Uint8Array, Uint8Array])[]): Trie {
  const leaves = entries.map(([key, value]) => ({ path: nibbles(key), value }));
  const root = encode(leaves, 0);
  return { root: keccak_256(root), proof: (key) => walk(leaves, nibbles(key), 0, true) };
}

function encode(leaves: readonly Leaf[], depth: number): Uint8Array {
  if (leaves.length === 0) return Uint8Array.of(0x80);
  if (leaves.length === 1)
    return rlpList([rlpString(hexPrefix(leaves[0]!.path.slice(depth), true)), rlpString(leaves[0]!.value)]);
  const shared = sharedLength(leaves, depth);
  if (shared > 0)
    return rlpList([
      rlpString(hexPrefix(leaves[0]!.path.slice(depth, depth + shared), false)),
      reference(encode(leaves, depth + shared)),
    ]);
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = leaves.filter(({ path }) => path[depth] === nibble);
    return below.length === 0 ? Uint8Array.of(0x80) : reference(encode(below, depth + 1));
  });
  return rlpList([...children, Uint8Array.of(0x80)]);
}

function walk(leaves: readonly Leaf[], path: readonly number[], depth: number, root: boolean): Uint8Array[] {
  const node = encode(leaves, depth);
  const own = root || node.length >= 32 ? [node] : [];
  if (leaves.length <= 1) return own;
  const shared = sharedLength(leaves, depth);
  if (shared > 0) {
    const along = leaves[0]!.path
      .slice(depth, depth + shared)
      .every((nibble, i) => nibble === path[depth + i]);
    return along ? [...own, ...walk(leaves, path, depth + shared, false)] : own;
  }
  const below = leaves.filter((leaf) => leaf.path[depth] === path[depth]);
  return below.length === 0 ? own : [...own, ...walk(below, path, depth + 1, false)];
}

function sharedLength(leaves: readonly Leaf[], depth: number): number {
  let length = 0;
  while (leaves.every(({ path }) => path[depth + length] === leaves[0]!.path[depth + length])) length++;
  return length;
}

function reference(encoded: Uint8Array): Uint8Array {
  return encoded.length < 32 ? encoded : rlpString(keccak_256(encoded));
}

function hexPrefix(path: readonly number[], leaf: boolean): Uint8Array {
  const odd = path.length % 2 === 1;
  const flag = (leaf ? 2 : 0) + (odd ? 1 : 0);
  const all = odd ? [flag, ...path] : [flag, 0, ...path];
  return Uint8Array.from({ length: all.length / 2 }, (_, i) => all[2 * i]! * 16 + all[2 * i + 1]!);
}

function nibbles(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}

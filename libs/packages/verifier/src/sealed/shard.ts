import { concat, equalBytes, u32be } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { climbAccounts, HASH_BYTES } from '../account-tree';
import { entryBytes, TAG_BYTES, type ShardShape } from './shape';

const LEAF = Uint8Array.of(7);

/**
 * A shard's leaf in the tree of shards: SHA-256(0x07 ‖ manifest digest ‖ u32be(number) ‖ all entries)
 * (section 15).
 */
export function shardLeaf(manifestDigest: Uint8Array, number: number, entries: Uint8Array): Uint8Array {
  return sha256(concat(LEAF, manifestDigest, u32be(number), entries));
}

/** Where a shard stands in a bundle: `shards/<four hex digits>.bin`. */
export function shardFile(number: number): string {
  return `shards/${number.toString(16).padStart(4, '0')}.bin`;
}

/** A shard that was fetched whole, of the length that its shape says. */
export class Shard {
  readonly #entries: Uint8Array;
  readonly #path: Uint8Array[];
  readonly #each: number;

  /** @param file `shardBytes(shape, published)` bytes */
  constructor(
    private readonly number: number,
    file: Uint8Array,
    { bits, entries }: ShardShape,
    published: number,
  ) {
    this.#each = entryBytes(published);
    this.#entries = file.subarray(0, entries * this.#each);
    const path = file.subarray(this.#entries.length);
    this.#path = Array.from({ length: bits }, (_, j) => path.slice(HASH_BYTES * j, HASH_BYTES * (j + 1)));
  }

  /** Whether its path leads to the root of the tree of shards. */
  leadsTo(root: Uint8Array, manifestDigest: Uint8Array): boolean {
    const leaf = shardLeaf(manifestDigest, this.number, this.#entries);
    return equalBytes(climbAccounts(leaf, this.#path, this.number), root);
  }

  /** Whether its tags ascend, none twice. */
  ascends(): boolean {
    for (let at = this.#each; at < this.#entries.length; at += this.#each)
      if (compareTags(this.#entry(at - this.#each), this.#entry(at)) >= 0) return false;
    return true;
  }

  /** The entry under a tag. */
  find(tag: Uint8Array): Uint8Array | undefined {
    for (let at = 0; at < this.#entries.length; at += this.#each)
      if (compareTags(this.#entry(at), tag) === 0) return this.#entry(at);
    return undefined;
  }

  #entry(at: number): Uint8Array {
    return this.#entries.subarray(at, at + this.#each);
  }
}

/**
 * Below, at or above 0 as the tag of the first entry comes before, is, or comes after that of the second, as
 * byte strings.
 */
export function compareTags(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < TAG_BYTES; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

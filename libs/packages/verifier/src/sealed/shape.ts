import { ACCOUNT_ROWS } from '../account-batch';
import { ACCOUNT_TREE_DEPTH, HASH_BYTES } from '../account-tree';

/** Bytes of a tag, with which an entry begins. */
export const TAG_BYTES = 16;
/** Most shards of a bundle: 2^16. */
export const MAX_SHARD_BITS = 16;

const MOST_EXPECTED = 512;
/** Poly1305's. */
const MAC_BYTES = 16;
/** Batch and row, salt, account path and three openings of an entry's plaintext. */
const FIXED_PLAIN_BYTES = 4 + 2 + 32 + HASH_BYTES * ACCOUNT_TREE_DEPTH + 3 * 48;
/** Bytes of a published value in an entry. */
export const ENTRY_VALUE_BYTES = 9;

/** How many shards a bundle has, 2^bits, and how many entries each of them. */
export interface ShardShape {
  readonly bits: number;
  readonly entries: number;
}

/**
 * Bits of a shard number by the rule of section 15: the least ≤ 16 with 4080·batchCount / 2^bits ≤ 512, or
 * 16. It follows from the number of batches alone:
 * bits that depended on the accounts would say something about them, and bits chosen by a host would tell it
 * who asks.
 */
export function shardBits(batchCount: number): number {
  let bits = 0;
  while (bits < MAX_SHARD_BITS && ACCOUNT_ROWS * batchCount > MOST_EXPECTED * 2 ** bits) bits++;
  return bits;
}

/**
 * Entries of each shard: with μ = 4080·batchCount / 2^bits rows expected, the least integer e ≥ μ with (e −
 * μ)² ≥ 49·μ, seven standard deviations above.
 * Exact: both sides times 2^(2·bits).
 */
export function shardEntries(batchCount: number, bits: number): number {
  const [rows, shards] = [BigInt(ACCOUNT_ROWS * batchCount), 1n << BigInt(bits)];
  const enough = (entries: bigint) => (entries * shards - rows) ** 2n >= 49n * rows * shards;
  let entries = rows / shards;
  while (!enough(entries)) entries++;
  return Number(entries);
}

/**
 * The shapes a bundle may have: the rule's, and the one with a bit less, where one of its shards would
 * overflow.
 */
export function shardShapes(batchCount: number): readonly [ShardShape, ShardShape] {
  const shape = (bits: number): ShardShape => ({ bits, entries: shardEntries(batchCount, bits) });
  const bits = shardBits(batchCount);
  return [shape(bits), shape(bits - 1)];
}

/** Bytes of what an entry seals, of an account with so many published values. */
export function plainBytes(published: number): number {
  return FIXED_PLAIN_BYTES + ENTRY_VALUE_BYTES * published;
}

/** Bytes of an entry, tag and ciphertext: 598 + 9·V. */
export function entryBytes(published: number): number {
  return TAG_BYTES + plainBytes(published) + MAC_BYTES;
}

/** Bytes of a shard's file: its entries, then its path. */
export function shardBytes({ bits, entries }: ShardShape, published: number): number {
  return entries * entryBytes(published) + bits * HASH_BYTES;
}

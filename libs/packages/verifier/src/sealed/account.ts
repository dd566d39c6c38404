import { concat, utf8 } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { MAX_SHARD_BITS, TAG_BYTES } from './shape';

const [SHARD, TAG, KEY] = ['shard', 'tag', 'key'].map((name) => utf8(`solvent/v1/sealed-${name}`)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/**
 * What an account's shard numbers begin with, the same in every snapshot: the first 16 bits of
 * SHA-256("solvent/v1/sealed-shard" ‖ operator key ‖ account key), as an integer (section 15).
 *
 * @param operatorKey 32 raw bytes
 * @param key the account key, 32 bytes
 */
export function shardPrefix(operatorKey: Uint8Array, key: Uint8Array): number {
  const hash = sha256(concat(SHARD, operatorKey, key));
  return (hash[0]! << 8) | hash[1]!;
}

/** The number of a shard: the first `bits` bits of the prefix. */
export function shardNumber(prefix: number, bits: number): number {
  return prefix >> (MAX_SHARD_BITS - bits);
}

/**
 * What an account's entry is found by: the first 16 bytes of SHA-256("solvent/v1/sealed-tag" ‖ manifest
 * digest ‖ id).
 */
export function entryTag(manifestDigest: Uint8Array, id: Uint8Array): Uint8Array {
  return sha256(concat(TAG, manifestDigest, id)).slice(0, TAG_BYTES);
}

/**
 * What an account's entry is sealed with: SHA-256("solvent/v1/sealed-key" ‖ manifest digest ‖ id), 32 bytes.
 */
export function entryKey(manifestDigest: Uint8Array, id: Uint8Array): Uint8Array {
  return sha256(concat(KEY, manifestDigest, id));
}

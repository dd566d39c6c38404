import { concat, fromBytes, toBytes, u32be } from '@solvent-por/kzg';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { SALT_BYTES } from '../account';
import { ACCOUNT_TREE_DEPTH, HASH_BYTES } from '../account-tree';
import type { Inclusion } from '../inclusion';
import { ENTRY_VALUE_BYTES, TAG_BYTES } from './shape';

/** What an entry seals: all of an inclusion that belongs to its account alone. */
export type SealedAccount = Pick<Inclusion, 'batch' | 'row' | 'salt' | 'values' | 'accountPath' | 'openings'>;

/** RFC 8439's; a key meets one plaintext only. */
const ZERO_NONCE = new Uint8Array(12);

/**
 * u32be(batch) ‖ u16be(row) ‖ salt ‖ values (9 bytes each) ‖ accountPath ‖ π64 ‖ π8 ‖ π1 (section 15).
 * @returns `plainBytes(values.length)` bytes
 */
export function encodeEntry({ batch, row, salt, values, accountPath, openings }: SealedAccount): Uint8Array {
  const head = concat(u32be(batch), Uint8Array.of(row >> 8, row & 255), salt);
  const numbers = values.map((value) => toBytes(value, ENTRY_VALUE_BYTES));
  return concat(head, ...numbers, ...accountPath, ...openings);
}

/**
 * The same read back; nothing is in bounds yet but by its width.
 * @param plain `plainBytes(published)` bytes
 */
export function decodeEntry(plain: Uint8Array, published: number): SealedAccount {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  let at = 6;
  const take = (length: number) => plain.slice(at, (at += length));
  const several = (count: number, length: number) => Array.from({ length: count }, () => take(length));
  return {
    batch: view.getUint32(0),
    row: view.getUint16(4),
    salt: take(SALT_BYTES),
    values: several(published, ENTRY_VALUE_BYTES).map(fromBytes),
    accountPath: several(ACCOUNT_TREE_DEPTH, HASH_BYTES),
    openings: several(3, 48) as [Uint8Array, Uint8Array, Uint8Array],
  };
}

/**
 * What an entry seals, or undefined where this key doesn't open it.
 * @param entry tag ‖ ciphertext, at least 32 bytes
 */
export function openEntry(entry: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const cipher = chacha20poly1305(key, ZERO_NONCE, entry.subarray(0, TAG_BYTES));
  try {
    return cipher.decrypt(entry.subarray(TAG_BYTES));
  } catch {
    return undefined; // the only thing that can be wrong with these lengths is the MAC
  }
}

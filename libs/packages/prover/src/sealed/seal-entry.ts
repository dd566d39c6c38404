import { createCipheriv } from 'node:crypto';
import { concat } from '@solvent-por/kzg';
import { encodeEntry, entryBytes, entryKey, entryTag, type Inclusion } from '@solvent-por/verifier';
import { encodePrefixes, PREFIX_BYTES } from './prefixes';

/** RFC 8439's; a key meets one plaintext only, as everything that is sealed follows from the manifest. */
const ZERO_NONCE = new Uint8Array(12);

/** An account's entry: tag ‖ ChaCha20-Poly1305 of what of its inclusion belongs to it alone (section 15). */
export function sealEntry(inclusion: Inclusion): Uint8Array {
  const { manifest, id } = inclusion;
  const tag = entryTag(manifest, id);
  const cipher = createCipheriv('chacha20-poly1305', entryKey(manifest, id), ZERO_NONCE, {
    authTagLength: 16,
  });
  const plain = encodeEntry(inclusion);
  cipher.setAAD(tag, { plaintextLength: plain.length });
  return concat(tag, cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

/**
 * The entries of a batch as they lie on disk until all are there: prefixes of their shards, ascending, u16be
 * each, then the entries in the same order.
 * @param prefixes of the accounts, row by row
 */
export function packEntries(
  entries: readonly Uint8Array[],
  prefixes: Uint16Array,
  published: number,
): Uint8Array {
  const each = entryBytes(published);
  const count = entries.length;
  const packed = new Uint8Array((PREFIX_BYTES + each) * count);
  packed.set(encodePrefixes(prefixes.slice().sort()));
  byPrefix(entries, prefixes).forEach((entry, i) => packed.set(entry, PREFIX_BYTES * count + each * i));
  return packed;
}

/** Entries in the ascending order of their prefixes. @param prefixes of the accounts, row by row */
export function byPrefix(entries: readonly Uint8Array[], prefixes: Uint16Array): Uint8Array[] {
  const order = Array.from(prefixes.keys()).sort((a, b) => prefixes[a]! - prefixes[b]!);
  return order.map((row) => entries[row]!);
}

import { createCipheriv, createHmac } from 'node:crypto';
import { concat, u32be, utf8 } from '@solvent-por/kzg';
import { compareTags, entryBytes, TAG_BYTES, type ShardShape } from '@solvent-por/verifier';

/** What the filling of a shard depends on beside its accounts. */
export interface Filling {
  /** 32 secret bytes. */
  readonly blindingKey: Uint8Array;
  readonly manifestDigest: Uint8Array;
  readonly shape: ShardShape;
  readonly published: number;
}

/**
 * A shard's entries in the order of their tags, filled up with what looks like entries (section 15): the same
 * in every run, as two with different filling would show by comparison how many accounts there are.
 *
 * @param entries of its accounts, at most shape.entries, tags all different
 * @throws RangeError for more
 */
export function fillShard(number: number, entries: readonly Uint8Array[], filling: Filling): Uint8Array {
  const { blindingKey, manifestDigest, shape, published } = filling;
  if (entries.length > shape.entries) throw new RangeError(`shard ${number} overflows`);
  const key = createHmac('sha256', blindingKey)
    .update(concat(utf8('solvent/v1/sealed-fill'), manifestDigest, u32be(number)))
    .digest();
  // OpenSSL's IV is the 32-bit counter and the 96-bit nonce of RFC 8439, both zero here.
  const stream = createCipheriv('chacha20', key, new Uint8Array(16));
  const zeros = new Uint8Array(entryBytes(published));
  const all = [...entries];
  const taken = new Set(all.map(tagOf));
  while (all.length < shape.entries) {
    const entry = stream.update(zeros);
    if (taken.has(tagOf(entry))) continue;
    taken.add(tagOf(entry));
    all.push(entry);
  }
  return concat(...all.sort(compareTags));
}

/** As a key of a set. */
function tagOf(entry: Uint8Array): string {
  return Buffer.from(entry.buffer, entry.byteOffset, TAG_BYTES).toString('latin1');
}

import { createHash } from 'node:crypto';
import { entryKey, entryTag, shardNumber, shardPrefix } from './account';

/**
 * Section 15's formulas, beside node's SHA-256; vectors have a few shards only, and so the first bits of a
 * prefix.
 */
const bytes = (seed: number) => new Uint8Array(32).fill(seed);
const hash = (name: string, ...parts: Uint8Array[]) => {
  const sha256 = createHash('sha256').update(`solvent/v1/sealed-${name}`);
  for (const part of parts) sha256.update(part);
  return sha256.digest();
};

test('a prefix is the first 16 bits of its hash, and a shard number the first of those', () => {
  for (let seed = 0; seed < 50; seed++) {
    const expected = hash('shard', bytes(200), bytes(seed)).readUInt16BE(0);
    const prefix = shardPrefix(bytes(200), bytes(seed));
    expect(prefix).toBe(expected);
    for (let bits = 0; bits <= 16; bits++)
      expect(shardNumber(prefix, bits)).toBe(Math.floor(expected / 2 ** (16 - bits)));
  }
});

test('a tag is 16 bytes of its hash, a key all 32', () => {
  expect([...entryTag(bytes(1), bytes(2))]).toEqual([...hash('tag', bytes(1), bytes(2)).subarray(0, 16)]);
  expect([...entryKey(bytes(1), bytes(2))]).toEqual([...hash('key', bytes(1), bytes(2))]);
});

import { entryBytes, shardBits, shardBytes, shardShapes } from './shape';

/** Section 15's rule for bits and entries, beside a second calculation of it. */
test('one batch has 8 shards of 669 entries, or 4 of 1244', () => {
  expect(shardShapes(1)).toEqual([
    { bits: 3, entries: 669 },
    { bits: 2, entries: 1244 },
  ]);
  expect(entryBytes(1)).toBe(607);
  expect(shardBytes({ bits: 3, entries: 669 }, 1)).toBe(669 * 607 + 96);
});

test.each([
  [1, 3],
  [2, 4],
  [4, 5],
  [8, 6],
  [8224, 16],
  [8225, 16],
  [65536, 16],
])('%i batches have %i bits', (batchCount, bits) => {
  expect(shardBits(batchCount)).toBe(bits);
});

test('bits are the least with at most 512 rows a shard, 16 where there are none', () => {
  for (let batchCount = 1; batchCount <= 65_536; batchCount += batchCount < 300 ? 1 : 977) {
    const bits = shardBits(batchCount);
    const rows = (b: number) => (4080 * batchCount) / 2 ** b;
    expect(bits === 16 || rows(bits) <= 512).toBe(true);
    expect(rows(bits - 1)).toBeGreaterThan(512);
  }
});

test('entries are the least e ≥ μ with (e − μ)² ≥ 49·μ, in whole numbers', () => {
  for (let batchCount = 1; batchCount <= 65_536; batchCount += batchCount < 300 ? 1 : 977)
    for (const { bits, entries } of shardShapes(batchCount)) {
      // μ = rows / 2^bits in lowest terms a / b: (b·e − a)² ≥ 49·a·b.
      const [a, b] = [BigInt(4080 * batchCount), 2n ** BigInt(bits)];
      const enough = (e: bigint) => b * e >= a && (b * e - a) ** 2n >= 49n * a * b;
      expect(enough(BigInt(entries))).toBe(true);
      expect(enough(BigInt(entries) - 1n)).toBe(false);
    }
});

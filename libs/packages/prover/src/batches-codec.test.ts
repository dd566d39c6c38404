import fc from 'fast-check';
import { ACCOUNT_ROWS, layoutOf, type AccountBatch } from '@solvent-por/verifier';
import { testAccounts, testHeader, toBatches } from '@solvent-por/dev/proofs';
import { decodeBatches, encodeBatches, maxEncodedBatches } from './batches-codec';

const MOST = 16;
const malformed = expect.objectContaining({ code: 'BATCHES_MALFORMED', kind: 'malformed' }) as Error;

const batch = (values: number, withPrefixes: boolean, withMarks: boolean) =>
  fc.integer({ min: 0, max: 5 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      ...(withPrefixes && { shardPrefixes: fc.uint16Array({ minLength: count, maxLength: count }) }),
      ...(withMarks && { claimMarks: fc.uint8Array({ minLength: 32 * count, maxLength: 32 * count }) }),
      ids: fc.uint8Array({ minLength: 32 * count, maxLength: 32 * count }),
      amounts: fc.uint32Array({ minLength: 3 * values * count, maxLength: 3 * values * count }),
    }),
  );
const job = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.boolean(), fc.boolean())
  .chain(([values, withPrefixes, withMarks]) =>
    fc.record({
      values: fc.constant(values),
      batches: fc.array(batch(values, withPrefixes, withMarks), { minLength: 1, maxLength: MOST }),
    }),
  );

/** Comparable whatever realm the arrays are of. */
const plain = (batches: readonly AccountBatch[]) =>
  batches.map(({ count, ids, amounts, shardPrefixes, claimMarks }) => ({
    ...{ count, ids: [...ids], amounts: [...amounts] },
    ...(shardPrefixes && { shardPrefixes: [...shardPrefixes] }),
    ...(claimMarks && { claimMarks: [...claimMarks] }),
  }));

test('batches come back as they were, also from the middle of a larger buffer', () => {
  fc.assert(
    fc.property(job, fc.nat(9), ({ values, batches }, offset) => {
      const encoded = encodeBatches(batches, values);
      const larger = new Uint8Array(encoded.length + 2 * offset);
      larger.set(encoded, offset);
      const read = decodeBatches(larger.subarray(offset, offset + encoded.length), values, MOST);
      expect(plain(read)).toEqual(plain(batches));
    }),
  );
});

test('any other length is refused', () => {
  fc.assert(
    fc.property(job, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 40 }), (given, cut, tail) => {
      const encoded = encodeBatches(given.batches, given.values);
      const short = encoded.subarray(0, cut % encoded.length);
      expect(() => decodeBatches(short, given.values, MOST)).toThrow(malformed);
      const long = Uint8Array.from([...encoded, ...tail]);
      expect(() => decodeBatches(long, given.values, MOST)).toThrow(malformed);
    }),
  );
});

test('whatever the bytes are, the result is batches within the bounds or a refusal', () => {
  const words = fc.array(fc.oneof(fc.nat(6), fc.nat(5000), fc.constant(0xffffffff)), { maxLength: 60 });
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 3 }), (numbers, values) => {
      const bytes = Uint8Array.from(numbers.flatMap((x) => [x >>> 24, x >>> 16, x >>> 8, x]));
      try {
        for (const { count, ids, amounts } of decodeBatches(bytes, values, MOST)) {
          expect(count).toBeLessThanOrEqual(ACCOUNT_ROWS);
          expect([ids.length, amounts.length]).toEqual([32 * count, 3 * values * count]);
        }
      } catch (error) {
        expect(error).toEqual(malformed);
      }
    }),
  );
});

test.each([
  ['more batches than the layout allows', [3, 1, 0, 0, 0, 0], 2],
  ['no batch', [0, 1, 0], 2],
  ['other values', [1, 2, 0, 0], 2],
  ['shard prefixes of one byte', [1, 1, 1, 0], 2],
  ['claim marks of another length', [1, 1, 31, 0], 2],
  ['more of an account key than prefix and mark', [1, 1, 66, 0], 2],
  ['more accounts than a batch has rows', [1, 1, 0, 4081, ...new Array<number>(4081 * 11).fill(0)], 2],
])('%s: refused', (_, words, most) => {
  const bytes = Uint8Array.from(words.flatMap((x) => [x >>> 24, x >>> 16, x >>> 8, x]));
  expect(() => decodeBatches(bytes, 1, most)).toThrow(malformed);
});

test('the largest job of a layout has the length that is allowed for', () => {
  const header = testHeader('spot', 1, 6);
  const layout = layoutOf(header);
  const [accounts] = toBatches(testAccounts(header, ACCOUNT_ROWS));
  const full = {
    ...accounts!,
    shardPrefixes: new Uint16Array(ACCOUNT_ROWS),
    claimMarks: new Uint8Array(32 * ACCOUNT_ROWS),
  };
  const largest = encodeBatches(new Array<AccountBatch>(layout.maxBatches).fill(full), layout.inputs.length);
  expect(largest.length).toBe(maxEncodedBatches(layout));
  expect(decodeBatches(largest, layout.inputs.length, layout.maxBatches)).toHaveLength(layout.maxBatches);
});

test('a batch whose arrays do not fit its count is not encoded', () => {
  const whole = { count: 1, ids: new Uint8Array(32), amounts: new Uint32Array(3) };
  const prefixed = { ...whole, shardPrefixes: new Uint16Array(1) };
  for (const broken of [
    [{ ...whole, count: 2 }],
    [{ ...prefixed, shardPrefixes: new Uint16Array(2) }],
    [prefixed, whole],
    [{ ...whole, claimMarks: new Uint8Array(31) }],
    [{ ...whole, claimMarks: new Uint8Array(32) }, whole],
  ])
    expect(() => encodeBatches(broken, 1)).toThrow(
      expect.objectContaining({ code: 'BATCHES_MALFORMED', kind: 'internal' }),
    );
});

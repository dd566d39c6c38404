import fc from 'fast-check';
import { Arena } from './arena';
import { bucketSums } from './bucket-sums';
import { buildFixedBases, Recoder, windowsOf } from './fixed-bases';
import { G1Instance, memoryForTables, POINT, RECODED } from './instance';
import { multiplyAll, MULTIPLY_BYTES } from './multiples';
import { littleEndian } from './scalars';
import { PointSums } from './sums';
import { anyScalar, G1, hexAt, hexOf, place, times, type Reference } from '../../testing/points';

const instance = new G1Instance();
const sums = new PointSums(instance);
/** Few enough that equal and opposite points meet in one batch often. */
const KNOWN = [G1.ZERO, ...[1n, 2n, 3n, 5n, 0x1234567890abcdefn].map((k) => times(k))];
const known = place(instance, KNOWN);
const index = fc.nat(KNOWN.length - 1);
const fresh = (count: number): number[] => {
  const at = instance.allocate(count * POINT + 16);
  return Array.from({ length: count }, (_, i) => at + i * POINT);
};

describe('additions side by side', () => {
  const anyAddition = fc.record({ first: index, second: index, negative: fc.boolean() });

  it('are those of the reference, with infinity, equal and opposite points among them', () => {
    fc.assert(
      fc.property(fc.array(anyAddition, { minLength: 1, maxLength: 40 }), (list) => {
        const out = fresh(list.length);
        sums.add(
          list.map(({ first, second, negative }, i) => [
            out[i]!,
            known[first]!,
            known[second]! | Number(negative),
          ]),
        );
        const expected = list.map(({ first, second, negative }) =>
          hexOf(negative ? KNOWN[first]!.subtract(KNOWN[second]!) : KNOWN[first]!.add(KNOWN[second]!)),
        );
        expect(hexAt(sums, out)).toEqual(expected);
      }),
    );
  });

  it('every pair of known points, in one batch: P + P, P − P, infinity on either side', () => {
    const list = KNOWN.flatMap((_, a) =>
      KNOWN.flatMap((__, b) => [0, 1].map((negative) => ({ a, b, negative }))),
    );
    const out = fresh(list.length);
    sums.add(list.map(({ a, b, negative }, i) => [out[i]!, known[a]!, known[b]! | negative]));
    expect(hexAt(sums, out)).toEqual(
      list.map(({ a, b, negative }) =>
        hexOf(negative ? KNOWN[a]!.subtract(KNOWN[b]!) : KNOWN[a]!.add(KNOWN[b]!)),
      ),
    );
  });

  it('a sum may take the place of its own summand', () => {
    const [a, b] = place(instance, [KNOWN[3]!, KNOWN[4]!]) as [number, number];
    sums.add([[a, a, b]]);
    sums.add([[b, a, b | 1]]);
    expect(hexAt(sums, [a, b])).toEqual([hexOf(times(8n)), hexOf(times(3n))]);
  });

  it('doublings, infinity among them', () => {
    const out = fresh(KNOWN.length);
    sums.double(KNOWN.map((_, i) => [out[i]!, known[i]!]));
    expect(hexAt(sums, out)).toEqual(KNOWN.map((point) => hexOf(point.double())));
  });

  it('more than one inversion takes', () => {
    const count = 2 * instance.capacity + 3;
    const out = fresh(count);
    sums.add(out.map((sum, i) => [sum, known[1 + (i % 5)]!, known[1 + (i % 3)]!]));
    const hexes = Array.from({ length: 15 }, (_, i) => hexOf(KNOWN[1 + (i % 5)]!.add(KNOWN[1 + (i % 3)]!)));
    expect(hexAt(sums, out)).toEqual(out.map((_, i) => hexes[i % 15]));
  });

  it('the endomorphism multiplies by the square of the parameter, negated', () => {
    const out = fresh(KNOWN.length);
    sums.endomorphism(out[0]!, known[0]!, KNOWN.length);
    const square = 0xd201000000010000n ** 2n;
    expect(hexAt(sums, out)).toEqual(KNOWN.map((point) => hexOf(times(square, point).negate())));
  });

  it('a negative address is compressed as the negative', () => {
    expect(
      hexAt(
        sums,
        known.map((point) => point | 1),
      ),
    ).toEqual(KNOWN.map((point) => hexOf(point.negate())));
  });
});

describe('random points', () => {
  const anyPoints = fc.array(anyScalar, { minLength: 2, maxLength: 16 });

  it('are read and compressed as the reference does, edges among them', () => {
    fc.assert(
      fc.property(anyPoints, (scalars) => {
        const points = scalars.map((k) => times(k));
        expect(hexAt(sums, place(instance, points))).toEqual(points.map(hexOf));
      }),
      { numRuns: 25 },
    );
  });

  it('are added, subtracted and doubled in one batch with their equals and opposites', () => {
    fc.assert(
      fc.property(anyPoints, (scalars) => {
        const points = scalars.map((k) => times(k));
        const at = place(instance, points);
        // Each with its neighbour, with itself and with infinity, both signs.
        const second = [...points.slice(1), points[0]!, ...points, ...points.map(() => G1.ZERO)];
        const seconds = [...at.slice(1), at[0]!, ...at, ...at.map(() => known[0]!)];
        const list = seconds.flatMap((address, i) =>
          [0, 1].map((negative) => ({ i: i % at.length, address, point: second[i]!, negative })),
        );
        const out = fresh(list.length);
        sums.add(list.map(({ i, address, negative }, j) => [out[j]!, at[i]!, address | negative]));
        expect(hexAt(sums, out)).toEqual(
          list.map(({ i, point, negative }) =>
            hexOf(negative ? points[i]!.subtract(point) : points[i]!.add(point)),
          ),
        );
        sums.double(at.map((address, i) => [out[i]!, address]));
        expect(hexAt(sums, out.slice(0, at.length))).toEqual(points.map((point) => hexOf(point.double())));
      }),
      { numRuns: 25 },
    );
  });

  it('are multiplied by random scalars and those at the edges', () => {
    const arena = new Arena(instance, MULTIPLY_BYTES + 2 ** 20);
    fc.assert(
      fc.property(fc.array(fc.tuple(anyScalar, anyScalar), { minLength: 1, maxLength: 8 }), (list) => {
        arena.reset();
        const points = place(
          instance,
          list.map(([k]) => times(k)),
        );
        multiplyAll(
          sums,
          arena,
          points,
          list.map(([, scalar]) => scalar),
        );
        expect(hexAt(sums, points)).toEqual(list.map(([k, scalar]) => hexOf(times(k * scalar))));
      }),
      { numRuns: 25 },
    );
  });
});

describe('lists of signed points', () => {
  const anyList = fc.array(fc.record({ point: index, negative: fc.boolean() }), { maxLength: 30 });

  it('are summed, empty ones and those that cancel too', () => {
    fc.assert(
      fc.property(fc.array(anyList, { minLength: 1, maxLength: 6 }), (lists) => {
        const entries = lists.flat().map(({ point, negative }) => known[point]! | Number(negative));
        const bounds = [0];
        for (const list of lists) bounds.push(bounds.at(-1)! + list.length);
        const at = instance.allocate(4 * entries.length + 16);
        instance.words(at, entries.length).set(entries);
        const places = instance.allocate((entries.length + lists.length + 4) * POINT + 8 * lists.length);
        expect(hexAt(sums, sums.totals(at, bounds, places))).toEqual(lists.map((list) => hexOf(sumOf(list))));
      }),
    );
  });

  function sumOf(list: readonly { readonly point: number; readonly negative: boolean }[]): Reference {
    return list.reduce(
      (sum, { point, negative }) => (negative ? sum.subtract(KNOWN[point]!) : sum.add(KNOWN[point]!)),
      G1.ZERO,
    );
  }
});

describe('multiples', () => {
  const arena = new Arena(instance, MULTIPLY_BYTES + 2 ** 20);
  const recoder = new Recoder(instance);

  it('of many points by scalars of their own', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(index, anyScalar), { minLength: 1, maxLength: 8 }), (list) => {
        arena.reset();
        const points = place(
          instance,
          list.map(([point]) => KNOWN[point]!),
        );
        multiplyAll(
          sums,
          arena,
          points,
          list.map(([, scalar]) => scalar),
        );
        expect(hexAt(sums, points)).toEqual(
          list.map(([point, scalar]) => hexOf(times(scalar, KNOWN[point]!))),
        );
      }),
      { numRuns: 20 },
    );
  });

  it.each([3, 4, 5, 8])('from tables of windows of %i bits', (width) => {
    const bases = buildFixedBases(sums, known.slice(1, 4), width);
    fc.assert(
      fc.property(fc.tuple(anyScalar, anyScalar, anyScalar), (scalars) => {
        arena.reset();
        const recoded = arena.take(3 * RECODED);
        const entries = arena.take(4 * 3 * windowsOf(width));
        recoder.recode(recoded, littleEndian(scalars), width, arena.take(96));
        const count = instance.exports.tableEntries(
          entries,
          recoded,
          3,
          width,
          windowsOf(width),
          bases.address,
        );
        const expected = scalars.reduce((sum, scalar, i) => sum.add(times(scalar, KNOWN[1 + i]!)), G1.ZERO);
        const [total] = sums.totals(entries, [0, count], arena.take((count + 4) * POINT));
        expect(hexAt(sums, [total!])).toEqual([hexOf(expected)]);
      }),
      { numRuns: 30 },
    );
  });

  it('by buckets, the same point and opposite ones in one bucket', () => {
    // Without a table: all multiples are the point itself times 2^(12k), so the scalars stay below 2^11.
    const anyTerm = fc.tuple(index, fc.integer({ min: 0, max: 2047 }));
    fc.assert(
      fc.property(
        fc.constantFrom(12, 6, 4, 3),
        fc.array(anyTerm, { maxLength: 60 }),
        fc.nat(2047),
        (width, terms, common) => {
          arena.reset();
          const points = arena.take((terms.length + 1) * POINT);
          terms.forEach(([point], i) =>
            instance.bytes(points + i * POINT, POINT).set(instance.bytes(known[point]!, POINT)),
          );
          const values = arena.take(2 * terms.length + 2);
          terms.forEach(([, value], i) => instance.bytes(values + 2 * i, 2).set([value & 255, value >> 8]));
          const [sum] = bucketSums(sums, arena, 1, width, (_, entries, slots) =>
            instance.exports.smallDigits(
              entries,
              slots,
              values,
              common,
              terms.length,
              width,
              12 / width,
              points,
            ),
          );
          const expected = terms.reduce(
            (total, [point, value]) => total.add(times(BigInt(value - common), KNOWN[point]!)),
            G1.ZERO,
          );
          expect(hexAt(sums, [sum!])).toEqual([hexOf(expected)]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('instances on one shared memory see each other’s points, and not each other’s work', () => {
  const memory = memoryForTables();
  const [first, second] = [new PointSums(new G1Instance(memory)), new PointSums(new G1Instance(memory))];
  const [a, b] = place(first.instance, [KNOWN[3]!, KNOWN[4]!]) as [number, number];
  const [c, d] = place(second.instance, [KNOWN[1]!, KNOWN[2]!]) as [number, number];
  second.add([[c, c, a]]);
  first.add([[b, b, a]]);
  second.double([[d, d]]);
  expect(hexAt(first, [a, b, c, d])).toEqual([3n, 8n, 4n, 4n].map((k) => hexOf(times(k))));
});

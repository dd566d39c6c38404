import fc from 'fast-check';
import { fitsInto } from './json-size';

test('what has more characters than it may is said not to fit, without all of it being looked at', () => {
  let looked = 0;
  const members = Array.from({ length: 100_000 }, () => ({
    get a() {
      looked++;
      return 'x';
    },
  }));
  expect(fitsInto(members, 10_000)).toBe(false);
  expect(looked).toBeLessThan(2000);
  expect(fitsInto({ a: 'x'.repeat(10_000) }, 10_000)).toBe(false);
  expect(fitsInto({ ['x'.repeat(10_000)]: 1 }, 10_000)).toBe(false);
});

test('what nests deeper than any document does not fit', () => {
  const nested = (depth: number): unknown => (depth === 1 ? [] : [nested(depth - 1)]);
  expect([fitsInto(nested(32), 1000), fitsInto(nested(33), 1000)]).toEqual([true, false]);
});

test('every value fits into the length of its own text', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => fitsInto(value, JSON.stringify(value).length)),
  );
});

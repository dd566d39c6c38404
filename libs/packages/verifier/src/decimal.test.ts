import fc from 'fast-check';
import { TOTAL_BOUND, VALUE_BOUND, parseDecimal } from './decimal';

test('reads every integer below the bound, and none from it on', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 1n << 100n }),
      fc.constantFrom(1n, 10n, 100n, VALUE_BOUND, TOTAL_BOUND),
      (x, bound) => {
        expect(parseDecimal(x.toString(), bound)).toBe(x < bound ? x : undefined);
      },
    ),
  );
  expect(parseDecimal((TOTAL_BOUND - 1n).toString(), TOTAL_BOUND)).toBe(TOTAL_BOUND - 1n);
  expect(parseDecimal(TOTAL_BOUND.toString(), TOTAL_BOUND)).toBeUndefined();
});

test.each([
  ['-5'],
  [''],
  ['0x10'],
  [' 12'],
  ['12 '],
  ['12\n'],
  ['+1'],
  ['01'],
  ['00'],
  ['-0'],
  ['1.0'],
  ['1e3'],
  ['1_0'],
  ['١'],
  ['９'],
])('refuses %p', (text) => {
  expect(parseDecimal(text, TOTAL_BOUND)).toBeUndefined();
});

test.each([[12], [12n], [null], [undefined], [['1']], [{ toString: () => '1', length: 1 }]])(
  'refuses what is not text: %p',
  (value) => {
    expect(parseDecimal(value, TOTAL_BOUND)).toBeUndefined();
  },
);

test('refuses a megabyte of digits without converting them', () => {
  expect(parseDecimal('9'.repeat(1_000_000), TOTAL_BOUND)).toBeUndefined();
});

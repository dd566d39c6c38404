import fc from 'fast-check';
import { utf8 } from '@solvent-por/kzg';
import { exactJson, smallestUnits } from './exact-json';

const read = (text: string) => exactJson(utf8(text));

test('numbers stay as they were written, strings as well', () => {
  expect(read('{"a":0.10,"b":[1e-08,-0],"c":"1.50","d\\"1":true,"e":20999999.97690000}')).toEqual({
    ...{ a: '0.10', b: ['1e-08', '-0'], c: '1.50', 'd"1': true, e: '20999999.97690000' },
  });
});

test('every amount that a node can write is exact, where a float is not', () => {
  expect(smallestUnits('0.1', 8)).toBe(10_000_000n);
  expect(smallestUnits('90071992.54740993', 8)).toBe(9_007_199_254_740_993n);
  fc.assert(
    fc.property(fc.bigInt(0n, 21_000_000n * 10n ** 8n), (amount) => {
      const digits = amount.toString().padStart(9, '0');
      expect(smallestUnits(`${digits.slice(0, -8)}.${digits.slice(-8)}`, 8)).toBe(amount);
      // As Go's and JavaScript's encoders write it.
      expect(smallestUnits(JSON.stringify(Number(amount) / 1e8), 8)).toBe(amount);
    }),
  );
});

test.each([
  '-1',
  '0.000000001',
  '1e-09',
  '1e100',
  '1e999',
  '01',
  '.5',
  '1.',
  'NaN',
  '',
  '0x1',
  5,
  null,
  `1${'0'.repeat(40)}`,
])('%s is no amount', (value) => {
  expect(() => smallestUnits(value, 8)).toThrow(expect.objectContaining({ code: 'NODE_ANSWER_MALFORMED' }));
});

test.each([
  ['cut off', '{"a":1'],
  ['doubled', '{"a":1,"a":2}'],
  ['nested 100 deep', `${'['.repeat(100)}${']'.repeat(100)}`],
  ['no number', '{"a":1.2.3}'],
  ['a number with a leading zero', '{"a":01}'],
  ['a string that never ends', '"1'],
  ['HTML', '<html></html>'],
  ['nothing', ''],
])('JSON that is %s is no answer', (_, text) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'NODE_ANSWER_MALFORMED' }));
});

test('bytes that are no UTF-8 are no answer', () => {
  expect(() => exactJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(/UTF-8/);
});

test('a string longer than the engine can look through is no answer, and no crash', () => {
  expect(() => read(`"${'a'.repeat(13_000_000)}"`)).toThrow(
    expect.objectContaining({ code: 'NODE_ANSWER_MALFORMED' }),
  );
});

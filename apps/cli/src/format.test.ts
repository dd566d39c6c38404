import fc from 'fast-check';
import { decimalAmount, duration, plural, printable, rate, readableAmount, shortId, size } from './format';

describe('amounts', () => {
  it('places the point by the scale', () => {
    expect(decimalAmount(0n, 0)).toBe('0');
    expect(decimalAmount(123456n, 4)).toBe('12.3456');
    expect(decimalAmount(5n, 8)).toBe('0.00000005');
    expect(readableAmount(1234567890n, 2)).toBe('12,345,678.90');
    expect(readableAmount(999n, 0)).toBe('999');
    expect(readableAmount(1000n, 0)).toBe('1,000');
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 96n), fc.integer({ min: 0, max: 36 }), (units, scale) => {
        const text = decimalAmount(units, scale);
        const [whole, fraction = ''] = text.split('.');
        expect(fraction).toHaveLength(scale);
        expect(whole).toMatch(/^(?:0|[1-9]\d*)$/);
        expect(BigInt(whole! + fraction)).toBe(units);
        expect(readableAmount(units, scale).replaceAll(',', '')).toBe(text);
      }),
    );
  });
});

it('shows durations', () => {
  const cases: [number, string][] = [
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [9_994, '9.99 s'],
    [9_996, '10.0 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [123_000, '2 min 03 s'],
    [3_599_600, '1 h 00 min'],
    [3_725_000, '1 h 02 min'],
  ];
  for (const [milliseconds, text] of cases) expect(duration(milliseconds)).toBe(text);
});

it('shows rates, sizes and counts', () => {
  expect(rate(10_000, 3_310, 'accounts')).toBe('3,021 accounts/s');
  expect(rate(5, 2_000, 'MB')).toBe('2.5 MB/s');
  expect(rate(5, 0, 'accounts')).toBe('5,000 accounts/s');
  expect([size(931), size(51_241), size(999_600), size(1.25e9)]).toEqual([
    '931 bytes',
    '51.2 kB',
    '1.00 MB',
    '1.25 GB',
  ]);
  expect([plural(1, 'file'), plural(2_000, 'file')]).toEqual(['1 file', '2,000 files']);
});

it('shows eight digits of an id and no more', () => {
  expect(shortId(`0x${'ab'.repeat(32)}`)).toBe('0xabababab…');
});

it('takes characters out of names that could steer a terminal', () => {
  expect(printable('a\u001b[2Jb\u202ec\nd')).toBe('a?[2Jb?c?d');
});

import fc from 'fast-check';
import { check, folderOf, keyOf, margin, refusal, removeFolders, spot } from '../testing/input';
import { AmountReader } from './amount-reader';
import { readNumber } from './number-forms';

afterAll(removeFolders);

const row = (cell: string) => ({ 'a.csv': `id,btc,eth,usdt\n${keyOf(1)},${cell},0,0\n` });

test.each([
  ['-0.0', 0n],
  ['-0', 0n],
  ['+1.5', 150_000_000n],
  ['1.500000000000000000', 150_000_000n],
  ['0.000000010000000000000', 1n],
  ['1e-05', 1000n],
  ['2E+3', 200_000_000_000n],
  ['1.5e-7', 15n],
  ['12.5e1', 12_500_000_000n],
  ['0E-18', 0n],
  ['0e+99', 0n],
  ['"+1.5"', 150_000_000n],
  ['"1e-05"', 1000n],
  ['184467440737.0955161500000', (1n << 64n) - 1n],
  ['1.8446744073709551615e11', (1n << 64n) - 1n],
])('the CSV number %s is read exactly', async (cell, units) => {
  expect((await check(folderOf(row(cell)), spot)).totals).toEqual([units, 0n, 0n]);
});

test('a point is never grouping: -3.000 is a debt of three', async () => {
  const files = { 'a.csv': `id,btc,eth,usdt\n${keyOf(1)},-3.000,0,1000000.000000\n` };
  expect((await check(folderOf(files), margin)).totals).toEqual([0n, 0n, 1_000_000_000_000n, 300_000_000n, 0n, 0n]);
}); // prettier-ignore

test('-0.0 is no negative amount in a debt column, decimals of 0 are none at scale 0', async () => {
  const files = { 'a.csv': `id,e_btc,d_btc,eth,usdt\n${keyOf(1)},1,-0.0,0,0\n` };
  expect((await check(folderOf(files), margin)).totals[3]).toBe(0n);
  expect(
    (await check(folderOf({ 'a.csv': `id,btc,eth,usdt\n${keyOf(1)},0,0,7.000\n` }), spot)).totals[2],
  ).toBe(7n);
});

const REFUSED: ReadonlyArray<readonly [string, RegExp]> = [
  ['', /empty/],
  [' ', /blank/],
  ['NaN', /NaN, null/],
  ['null', /NaN, null/],
  ['#N/A', /NaN, null/],
  ['inf', /infinite/],
  ['-Infinity', /infinite/],
  ['0x1F', /hexadecimal/],
  ['$5', /currency/],
  ['5 €', /currency/],
  ['5%', /percentage/],
  ['(5.00)', /parentheses/],
  ['"1,234"', /between thousands/],
  ['"1,234,567.5"', /between thousands/],
  ['"1,5"', /decimal comma/],
  ['"1.234,56"', /decimal comma/],
  ['1 234', /separators between its digits/],
  ["1'234", /separators between its digits/],
  ['1_000', /separators between its digits/],
  ['1.234.567', /more than one point/],
  [' 5', /blanks before or behind/],
  ['5 ', /blanks before or behind/],
  ['\u22125', /minus sign/],
  ['\u0665', /other digits/],
  ['007', /leading zeros/],
  ['-00.5', /leading zeros/],
  ['.5', /both sides of its point/],
  ['5.', /both sides of its point/],
  ['1.23456789123', /more than 8 decimals/],
  ['1e-9', /more than 8 decimals/],
  ['1e100', /exponent beyond 99/],
  ['1e999999999999', /exponent beyond 99/],
  ['1e-999999999999', /exponent beyond 99/],
  ['5 BTC', /letters/],
  ['BTC5', /letters/],
  ['--5', /not a decimal number/],
  ['true', /not a decimal number/],
  ['"5', /opening quote/],
  ['1' + '0'.repeat(300) + 'e1', /longer than 256/],
];

test.each(REFUSED)('the CSV number %j is refused with its own reason', async (cell, reason) => {
  const error = await refusal(check(folderOf(row(cell)), spot));
  expect(error).toMatchObject({ code: 'ROW_AMOUNT_MALFORMED', row: 1, line: 2, token: 'BTC' });
  expect(error.reason).toMatch(reason);
});

test('each reason is another one', () => {
  const reasons = REFUSED.map(([, reason]) => reason.source);
  expect(new Set(reasons).size).toBeGreaterThan(20);
});

test('2^64 and more is out of range in every form', async () => {
  for (const cell of ['184467440737.09551616', '1.8446744073709551616e11', '1e90', '"2E+99"', '184467440737.095516160'])
    expect(await refusal(check(folderOf(row(cell)), spot))).toMatchObject({ code: 'ROW_AMOUNT_OUT_OF_RANGE', token: 'BTC' });
}); // prettier-ignore

test('in JSON a sign and an exponent are read, a point is not: amounts are smallest units', async () => {
  const record = (text: string) => ({ 'a.ndjson': `{"id":"${keyOf(1)}","assets":{"BTC":"${text}"}}\n` });
  for (const [text, units] of [['-0', 0n], ['+1', 1n], ['2E+3', 2000n], ['1e0', 1n], ['100e-2', 1n]] as const)
    expect((await check(folderOf(record(text)), spot)).totals[0]).toBe(units);
  for (const [text, reason] of [['1.0', /decimal point/], ['1.5e3', /decimal point/], ['1e-3', /whole number of smallest units/], ['1e100', /exponent/], ['1,000', /thousands/], ['', /empty/]] as const) {
    const error = await refusal(check(folderOf(record(text)), spot));
    expect(error).toMatchObject({ code: 'ROW_AMOUNT_MALFORMED', token: 'BTC' });
    expect(error.reason).toMatch(reason);
  }
}); // prettier-ignore

test('both ways of reading give the exact number, or none, for any digits, scale and exponent', () => {
  const digits = fc.stringMatching(/^(?:0|[1-9]\d{0,21})$/);
  const decimals = fc.option(fc.stringMatching(/^\d{1,24}0{0,4}$/), { nil: undefined });
  fc.assert(
    fc.property(digits, decimals, fc.integer({ min: -30, max: 30 }), fc.nat(36), fc.constantFrom('', '-', '+'), (whole, fraction, exponent, scale, sign) => {
      const mantissa = `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`;
      // value·10^60 as an integer; exact where 10^(60−scale) divides it.
      const places = fraction?.length ?? 0;
      const exact = (e: number) => {
        const wide = BigInt(whole + (fraction ?? '')) * 10n ** BigInt(60 + e - places);
        const unit = 10n ** BigInt(60 - scale);
        return wide % unit === 0n ? wide / unit : undefined;
      };
      const number = readNumber(`${mantissa}e${exponent}`, scale, true);
      expect('units' in number ? number.units : undefined).toBe(exact(exponent));
      const reader = new AmountReader(true);
      reader.read(Buffer.from(`${mantissa},`), 0, scale);
      const units = exact(0);
      expect(reader.wellFormed).toBe(units !== undefined);
      if (units === undefined) return;
      expect(reader.overflow).toBe(units >= 1n << 64n);
      if (!reader.overflow) expect((BigInt(reader.hi) << 32n) | BigInt(reader.lo)).toBe(units);
      expect(reader.negative).toBe(sign === '-' && units !== 0n);
    }),
    { numRuns: 2000 },
  );
}); // prettier-ignore

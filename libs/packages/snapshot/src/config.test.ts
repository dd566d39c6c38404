import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { parseHeader } from '@solvent-por/verifier';
import { aggregate, margin, spot } from '../readers/testing/input';
import { claimKeysOf, configJsonSchema, headerOf, headerPrice, parseConfig, tokensOf } from './index';

const SCHEMA = join(__dirname, '..', 'snapshot-config.schema.json');

function refused(value: unknown): { code: string; kind: string; message: string } {
  try {
    parseConfig(value);
  } catch (error) {
    if (error instanceof SolventError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('the header of each mode is what section 4 allows, defaults filled in', () => {
  for (const input of [aggregate, spot, margin]) {
    const header = headerOf(parseConfig(input));
    expect(parseHeader(JSON.parse(JSON.stringify(header)))).toEqual(header);
  }
  expect(headerOf(parseConfig(margin)).assets.map(({ price }) => price)).toEqual([
    '6510022',
    '362056',
    '10000',
  ]);
  expect(headerOf(parseConfig(spot)).assets.map(({ limbs }) => limbs)).toEqual([6, 4, 6]);
  expect(tokensOf(parseConfig(aggregate))).toEqual(['BTC', 'ETH', 'USDT']);
  expect(tokensOf(parseConfig(spot))).toEqual(['BTC', 'ETH', 'USDT']);
});

const asset = (changes: object) => ({ ...margin, assets: [{ ...margin.assets[0], ...changes }] });

test.each<[string, unknown, RegExp]>([
  ['null', null, /configuration/],
  ['no mode', { ...spot, mode: undefined }, /mode: must be aggregate, spot or margin/],
  ['an unknown member', { ...spot, secret: 'x' }, /secret/],
  ['an unknown member of an asset', asset({ weight: 1 }), /assets\[0\].*weight/],
  ['a key in the configuration', { ...spot, keys: { master: '0x00' } }, /keys: must be/],
  ['an upper-case snapshot', { ...spot, snapshot: 'March' }, /snapshot: must be/],
  ['a date without time', { ...spot, takenAt: '2026-01-01' }, /takenAt: must be/],
  ['30 February', { ...spot, takenAt: '2026-02-30T00:00:00Z' }, /takenAt must be a real date/],
  ['an operator of 31 bytes', { ...spot, operator: `0x${'1'.repeat(62)}` }, /operator: must be/],
  ['an operator that is no key', { ...spot, operator: `0x01${'0'.repeat(62)}` }, /operator: is not an Ed25519/],
  ['a lower-case symbol', asset({ symbol: 'btc' }), /assets\[0\]\.symbol: must be/],
  ['scale 37', asset({ scale: 37 }), /assets\[0\]\.scale/],
  ['scale 1.5', asset({ scale: 1.5 }), /assets\[0\]\.scale/],
  ['7 limbs', asset({ limbs: 7 }), /assets\[0\]\.limbs/],
  ['a missing price', asset({ price: undefined }), /assets\[0\]\.price/],
  ['a price that is a number', asset({ price: 5 }), /assets\[0\]\.price/],
  ['a negative price', asset({ price: '-5' }), /assets\[0\]\.price/],
  ['a price with an exponent', asset({ price: '5e3' }), /assets\[0\]\.price/],
  ['a price in spot', { ...margin, mode: 'spot', unit: undefined, priceScale: undefined }, /price/],
  ['no priceScale', { ...margin, priceScale: undefined }, /priceScale/],
  ['doubled symbols', { ...spot, assets: [spot.assets[0], spot.assets[0]] }, /repeats BTC/],
  ['no assets', { ...spot, assets: [] }, /assets/],
  ['two assets in aggregate', { ...aggregate, assets: spot.assets }, /assets/],
  ['another unit in aggregate', { ...aggregate, unit: 'EUR' }, /unit must be the symbol/],
  ['no tokens', { ...aggregate, tokens: [] }, /tokens/],
  ['claims without keys', { ...spot, claims: { keys: [] } }, /claims\.keys/],
  ['claims of nine keys', { ...spot, claims: { keys: Array(9).fill('k.json') } }, /claims\.keys/],
  ['a claims key twice', { ...spot, claims: { keys: ['k.json', 'k.json'] } }, /k\.json is repeated/],
  ['doubled tokens', { ...aggregate, tokens: ['BTC', 'ETH', 'BTC'] }, /tokens: BTC is repeated/],
])('refuses %s', (_name, value, message) => {
  const error = refused(value);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', kind: 'usage' });
  expect(error.message).toMatch(message);
}); // prettier-ignore

test('a member that is missing is said to be, and where it comes from', () => {
  const { operator: _operator, ...rest } = spot as Record<string, unknown>;
  expect(refused(rest).message).toContain(
    'operator: is missing: add it, the public key that `solvent keys new` prints',
  );
  expect(refused({ ...spot, assets: [{ symbol: 'BTC' }] }).message).toContain(
    'assets[0].scale: is missing: add it',
  );
});

const numbered = (count: number) => Array.from({ length: count }, (_, i) => ({ symbol: `T${i}`, scale: 0 }));

test('513 assets: the message says the limit and who counts those that nobody holds; leaving one out is enough', () => {
  const error = refused({ ...spot, assets: numbered(513) });
  expect(error).toMatchObject({ code: 'CONFIG_ASSETS', kind: 'usage' });
  expect(error.message).toMatch(
    /lists 513 assets; a snapshot holds 512 at most.*solvent check.*unheldAssets/s,
  );
  const config = parseConfig({ ...spot, assets: numbered(513), unheldAssets: ['T512'] });
  expect(headerOf(config).assets).toHaveLength(512);
  expect(parseConfig(config)).toEqual(config);
});

test('a configuration says nothing of claims, or names their keys by digest where no file can be read', () => {
  const digest = `0x${'ab'.repeat(32)}`;
  expect(claimKeysOf(parseConfig(spot))).toBeUndefined();
  expect(claimKeysOf(parseConfig({ ...spot, claims: { keys: [digest] } }))).toEqual([digest]);
  const named = parseConfig({ ...spot, claims: { keys: [digest, 'claim-key.json'] } });
  expect(() => claimKeysOf(named)).toThrow(/claims\.keys\[1\]: must be the SHA-256 digest/);
});

test.each<[string, object, RegExp]>([
  [
    'to an asset that is not there',
    { columns: { 'DOT.S': 'DOT' } },
    /columns\["DOT.S"\]: DOT is not in the config/,
  ],
  ['to no symbol', { columns: { x: 'B T C' } }, /columns.x: must be a symbol/],
  ['an asset', { columns: { ETH: 'BTC' } }, /columns\["ETH"\]: is the name of an asset itself/],
  ['the id', { columns: { Id: 'BTC' } }, /columns\["Id"\]: is the column of the accounts/],
  ['one twice', { columns: { 'x.s': 'BTC', 'X.S': 'ETH' } }, /columns\["X.S"\]: stands twice/],
  [
    'one that is ignored',
    { columns: { 'x.s': 'BTC' }, ignoreColumns: ['X.S'] },
    /is listed in ignoreColumns too/,
  ],
])('refuses to rename %s', (_name, more, message) => {
  expect(refused({ ...spot, ...more })).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(message) as string,
  });
});

test('refuses unheldAssets that leave nothing or repeat, and a convertScale that does not make coarser', () => {
  for (const [more, message] of [
    [{ unheldAssets: ['BTC', 'ETH', 'USDT'] }, /leaves nothing to prove/],
    [{ unheldAssets: ['BTC', 'BTC'] }, /BTC is repeated/],
    [
      { assets: [{ symbol: 'ETH', scale: 9, convertScale: { from: 9 } }] },
      /from 9 must be above the published scale 9/,
    ],
  ] as const)
    expect(refused({ ...spot, ...more }).message).toMatch(message);
});

test.each([
  ['0', /must not be zero/],
  ['0.00', /must not be zero/],
  ['65100.223', /priceScale of 11 or more/],
  ['0.0000000001', /priceScale of 18 or more/],
  ['184467440737095517', /below 2\^64/],
])('refuses the price %s', (price, message) => {
  const error = refused(asset({ price }));
  expect(error).toMatchObject({ code: 'CONFIG_PRICE', kind: 'usage' });
  expect(error.message).toMatch(message);
});

test('prices of the header are exact', () => {
  expect(headerPrice('65100.22000000', 8, 10)).toBe(6510022n);
  expect(headerPrice('1', 0, 0)).toBe(1n);
  expect(headerPrice('100', 2, 0)).toBe(1n);
  expect(headerPrice('18446744073709551615', 0, 0)).toBe((1n << 64n) - 1n);
  expect(headerPrice('18446744073709551616', 0, 0)).toHaveProperty('reason');
  expect(headerPrice('10', 2, 0)).toEqual({ reason: 'needs a priceScale of 1 or more' });
});

test('snapshot-config.schema.json is up to date (UPDATE_SCHEMA=1 writes it)', () => {
  const schema = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE_SCHEMA) writeFileSync(SCHEMA, schema);
  expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(JSON.parse(schema));
});

import { parseWideConfig, type SnapshotConfigInput } from '@solvent-por/snapshot';
import {
  accountsOf,
  batchesOf,
  check,
  folderOf,
  keyOf,
  margin,
  refusal,
  removeFolders,
  spot,
} from '../testing/input';
import { surveyInput } from './index';

/** What the configuration says of columns, assets and scales, in files of other forms than the usual one. */
afterAll(removeFolders);

const ETH = { symbol: 'ETH', scale: 9, convertScale: { from: 18 } };
const staked = {
  ...spot,
  assets: [spot.assets[0]!, ETH, spot.assets[2]!],
  idColumn: 'main_uid_hashed',
  columns: { 'ETH.S': 'ETH' },
  unheldAssets: ['DOGE'],
  ignoreColumns: [''],
} as SnapshotConfigInput;
const file = (...amounts: string[]) => ({
  'a.csv': `;Main_UID_hashed;btc;eth;eth.s;usdt;doge\n0;${keyOf(1)};${amounts.join(';')}\n`,
});

test('a renamed column, idColumn, exponents and convertScale: exact, and each told', async () => {
  const folder = folderOf(file('1e-05', '2.5E+1', '+0.000000007000000000', '"3.000000"', '-0.0'));
  const { totals, names, notes, notRead } = await check(folder, staked);
  expect(totals).toEqual([1000n, 25_000_000_007n, 3n]);
  expect(names).toEqual({ ignored: [''], added: [{ symbol: 'ETH', names: ['eth', 'eth.s'] }] });
  expect([notes, notRead]).toEqual([['a.csv: cells are divided by semicolons'], []]);
  expect([...accountsOf(await batchesOf(folder, staked)).values()]).toEqual([totals]);
});

test.each<[string, string, string, RegExp]>([
  ['finer than what is published', '1e-18', 'ROW_AMOUNT_INEXACT', /more than the 9 decimals.*"rounding": "up"/],
  ['finer than the input', '1e-19', 'ROW_AMOUNT_MALFORMED', /more than 18 decimals.*convertScale/],
  ['2^64 published units with an exponent', '18446744073709551616e-9', 'ROW_AMOUNT_OUT_OF_RANGE', /This amount fits at scale 8 or lower/],
  ['the same written out', '18446744073.709551616000000000', 'ROW_AMOUNT_OUT_OF_RANGE', /This amount fits at scale 8 or lower/],
  ['1e90', '1e90', 'ROW_AMOUNT_OUT_OF_RANGE', /fits at no scale/],
])('an amount that is %s is refused with what to do, and its line', async (_, eth, code, reason) => {
  const error = await refusal(check(folderOf(file('0', eth, '0', '0', '0')), staked));
  expect(error).toMatchObject({ code, token: 'ETH', row: 1, line: 2 });
  expect(error.reason).toMatch(reason);
}); // prettier-ignore

test('an exponent in an asset that nobody holds is 0, or refused', async () => {
  expect((await check(folderOf(file('0', '0', '0', '0', '0e-30')), staked)).totals).toEqual([0n, 0n, 0n]);
  expect(await refusal(check(folderOf(file('0', '0', '0', '0', '1e-9')), staked))).toMatchObject({
    code: 'ROW_ASSET_UNHELD',
  });
});

test('25 ETH with an exponent at scale 18: the scale that fits is told, in JSON as in CSV', async () => {
  const wei = { ...spot, assets: [{ symbol: 'ETH', scale: 18 }] } as SnapshotConfigInput;
  for (const files of [
    { 'a.csv': `id,eth\n${keyOf(1)},2.5e1\n` },
    { 'a.json': `[{"id":"${keyOf(1)}","assets":{"ETH":"25E+18"}}]` },
  ]) {
    const error = await refusal(check(folderOf(files), wei));
    expect(error).toMatchObject({ code: 'ROW_AMOUNT_OUT_OF_RANGE', token: 'ETH' });
    expect(error.reason).toContain('"scale": 9, "convertScale": { "from": 18 }');
    const { assets } = await surveyInput({ input: folderOf(files), config: parseWideConfig(wei) });
    expect(assets[0]).toMatchObject({ largest: 25n * 10n ** 18n, decimals: 0 });
  }
});

test('a survey tells the line too', async () => {
  const input = folderOf({ 'a.csv': `id,btc,eth,usdt\n\n${keyOf(1)},1,?,0\n` });
  expect(await refusal(surveyInput({ input, config: parseWideConfig(spot) }))).toMatchObject({ line: 3 });
});

test('all unknown columns are proposed at once, the nameless ones too, with those that are listed already', async () => {
  const files = { 'a.csv': `,id,btc,eth,usdt,rn,note,\n0,${keyOf(1)},1,1,1,7,x,\n` };
  const error = await refusal(check(folderOf(files), { ...spot, ignoreColumns: ['note'] }));
  expect(error).toMatchObject({ code: 'CSV_COLUMN_UNKNOWN' });
  const { ignoreColumns } = JSON.parse(
    `{${/"ignoreColumns": \[[^\]]*\]/.exec(error.reason as string)![0]}}`,
  ) as {
    ignoreColumns: string[];
  };
  expect(ignoreColumns).toEqual(['note', '', 'rn']);
  const { names } = await check(folderOf(files), { ...spot, ignoreColumns });
  expect(names.ignored).toEqual(['', 'rn', 'note']);
});

test('columns are renamed by ASCII alone: ſ is no s', async () => {
  const config = { ...spot, columns: { 'btc.s': 'BTC' } } as SnapshotConfigInput;
  expect(await refusal(check(folderOf({ 'a.csv': `id,btc,eth,usdt,btc.ſ\n` }), config))).toMatchObject({
    code: 'CSV_COLUMN_MISSING',
    column: 'BTC.S',
  });
});

test('what is expected is told by its names in the input; what nobody holds is not asked for', async () => {
  const { reason } = await refusal(check(folderOf({ 'a.csv': 'main_uid_hashed,btc\n' }), staked));
  expect(reason).toContain('Expected: MAIN_UID_HASHED, BTC, USDT, ETH.S, or');
});

test('a token called ID beside the ids, its net column ignored, and joined by another column', async () => {
  const asset = (symbol: string) => ({ symbol, scale: 0, price: '1' });
  const config = { ...margin, priceScale: 0, assets: [asset('BTC'), asset('ID')], columns: { 'id.s': 'ID' } } as SnapshotConfigInput;
  const files = { 'a.csv': `id,btc,e_id,d_id,id,id.s\n${keyOf(1)},5,7,4,3,2e1\n` };
  const { totals, names } = await check(folderOf(files), config);
  expect(totals).toEqual([5n, 27n, 0n, 4n]);
  expect(names).toEqual({ ignored: ['id'], added: [{ symbol: 'ID', names: ['e_id', 'd_id', 'id.s'] }] });
  expect(() => parseWideConfig({ ...config, idColumn: 'uid', columns: { uid: 'ID' } })).toThrow(/is the column of the accounts/);
}); // prettier-ignore

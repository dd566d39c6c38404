import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { headerOf } from '@solvent/snapshot';
import { OPERATOR, check, folderOf, keyOf, refusal, removeFolders } from '../fixtures/input';
import { importAssets, loadConfig, writeConfig, type ImportOptions } from './index';

afterAll(removeFolders);

const HEADER = 'symbol,usdt_price,loan_tiers_ratio,margin_tiers_ratio,portfolio_tiers_ratio';
const TEN = `[${Array.from({ length: 10 }, (_, i) => `${10_000 * i}-${10_000 * (i + 1)}:${100 - 10 * i}`).join(',')}]`;
const LINES = [
  `btc,65100.22000000,"${TEN}","${TEN}","[0-5000:95]"`,
  `eth,3620.56,"","${TEN}",""`,
  'shib,0.00001797,"","",""',
];
const listOf = (...lines: string[]) => join(folderOf({ 'cex_assets_info.csv': [HEADER, ...lines, ''].join('\r\n') }), 'cex_assets_info.csv'); // prettier-ignore
const imported = (list: string, more: Partial<ImportOptions> = {}) =>
  importAssets({ list, snapshot: 'nov', takenAt: '2026-11-30T00:00:00Z', operator: OPERATOR, ...more });

test('assets, prices and lists become a configuration: pools of what counts, the rest free, limits in value', async () => {
  const { config, input, uncounted } = await imported(listOf(...LINES));
  expect(uncounted).toEqual(['SHIB']);
  const { assets, priceScale } = headerOf(config);
  expect(priceScale).toBe(10);
  expect(assets.map(({ symbol, scale, price }) => [symbol, scale, price])).toEqual([
    ['BTC', 8, '6510022'],
    ['ETH', 8, '362056'],
    ['SHIB', 2, '1797'],
  ]);
  expect(assets[0]!.pools!.map(({ name, tiers }) => [name, tiers.length])).toEqual([['free', 1], ['loan', 11], ['margin', 11], ['portfolio', 2]]); // prettier-ignore
  // 10000 and 5000 at 65,100.22, rounded down; nothing above the last.
  expect(assets[0]!.pools![1]!.tiers[0]).toEqual({ percent: 100, upTo: '15360931' });
  expect(assets[0]!.pools![3]!.tiers).toEqual([{ percent: 95, upTo: '7680465' }, { percent: 0 }]);
  expect(assets[1]!.pools!.map(({ name }) => name)).toEqual(['free', 'margin']);
  expect(assets[2]!.tiers).toEqual([{ percent: 0 }]);
  expect(input.ignoreFiles).toEqual(['cex_assets_info.csv']);
  expect(input.ignoreColumns).toEqual(['rn', 'total_net_balance_usdt', 'vl_eth', 'pm_eth', 'vl_shib', 'm_shib', 'pm_shib']);
}); // prettier-ignore

test('balance files beside the list are read as they come', async () => {
  const columns = ['btc', 'eth', 'shib'].map((x) => `e_${x},d_${x},${x},vl_${x},m_${x},pm_${x}`).join(',');
  const users = (...rows: string[]) => [`rn,id,${columns},total_net_balance_usdt`, ...rows, ''].join('\r\n');
  const row = (n: number, btc: string, eth: string) => `${n},${keyOf(n)},${btc},${eth},5.25,0,5.25,1,1,1,0.0`;
  const { config } = await imported(listOf(...LINES));
  const both = (text: string) =>
    folderOf({ 'cex_assets_info.csv': [HEADER, ...LINES, ''].join('\r\n'), 'users.csv': text });
  // 0.1 BTC as collateral counts for 6,510 and 1.7 ETH are owed, worth 6,155; 1.8 would be too much.
  const sound = await check(both(users(row(1, '0.2,0,0.2,0.1,0,0', '0,1.7,-1.7,0,0,0'))), config);
  expect(sound.totals).toEqual([
    20000000n,
    0n,
    525n,
    0n,
    170000000n,
    0n,
    10000000n,
    10000000n,
    0n,
    0n,
    0n,
    0n,
  ]);
  const attempt = check(both(users(row(1, '0.2,0,0.2,0.1,0,0', '0,1.8,-1.8,0,0,0'), row(2, '1,0,1,0.5,0.5,0.5', '0,0,0,0,0,0'))), config); // prettier-ignore
  expect(await refusal(attempt)).toMatchObject({ code: 'ROW_NET_NEGATIVE', refused: 2 });
});

test('lists made coarser lie below the true ones; assets that are not named count nothing', async () => {
  const list = listOf(...LINES);
  const coarse = await imported(list, { tiers: 3 });
  expect(coarse.coarser).toBe(3);
  const loan = headerOf(coarse.config).assets[0]!.pools![1]!.tiers;
  expect(loan).toHaveLength(3);
  expect(loan[0]!.percent).toBeLessThan(100);
  const some = await imported(list, { collateral: ['eth'] });
  expect(some.uncounted).toEqual(['BTC', 'SHIB']);
  expect(headerOf(some.config).assets[0]).toMatchObject({ tiers: [{ percent: 0 }] });
  expect(await refusal(imported(list, { collateral: ['XMR'] }))).toMatchObject({ code: 'ASSETS_UNKNOWN' });
});

test('limits beyond what an account can hold are left out, with the tiers above them', async () => {
  // 2^64 smallest units at scale 2 are worth 3.3 million here.
  const tiers = '[0-1000000:80,1000000-5000000:60,5000000-9000000:40]';
  const { config } = await imported(listOf(`shib,0.00000000001797,"${tiers}","",""`));
  expect(headerOf(config).assets[0]!.pools![1]!.tiers).toMatchObject([{ percent: 80 }, { percent: 60 }]);
});

test('all that is wrong with a list is told at once, with asset, list and tier', async () => {
  const lines = ['btc,1,"[0-10:50,10-20:60]","","[0-10:x]"', 'eth,0.0,"","",""', 'bnb,1,"",""', 'b t,1,"","",""', 'xrp,-1,"","",""'];
  const error = await imported(listOf(...lines)).catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'ASSETS_MALFORMED', kind: 'malformed', details: { problems: 6 } });
  const { message } = error as Error;
  for (const problem of [
    'line 2: BTC, loan_tiers_ratio: tier 2 (10-20:60) counts 60 %, more than the 50 %',
    'line 2: BTC, portfolio_tiers_ratio: tier 1 (0-10:x) is not of the form',
    'line 3: ETH has no price above 0',
    'line 4: must have 5 cells',
    'line 5: the symbol must be',
    'line 6: XRP has no price above 0',
  ])
    expect(message).toContain(problem);
  expect(await refusal(imported(join(folderOf({ 'a.csv': 'symbol,price\nbtc,1\n' }), 'a.csv')))).toMatchObject({ code: 'ASSETS_MALFORMED' });
  expect(await refusal(imported(listOf()))).toMatchObject({ code: 'ASSETS_MALFORMED' });
  expect(await refusal(imported(join(folderOf({}), 'a.csv')))).toMatchObject({ code: 'ASSETS_UNREADABLE' });
}); // prettier-ignore

test('483 assets with three lists of ten tiers: what they take, and which options make them fit', async () => {
  const many = listOf(...Array.from({ length: 483 }, (_, i) => `t${i},1.5,"${TEN}","${TEN}","${TEN}"`));
  const error = await imported(many).catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'CONFIG_SIZE', kind: 'usage', details: { published: 2898, limbs: 130424 } });
  expect((error as Error).message).toMatch(/2,898 values, and 1,024 are the most.*1,932 pools of 483 assets/);
  expect((error as Error).message).toMatch(/limbs an account, and 8,192 are the most[^]*T0, T1, T2, T3 and 479 more: \d+ each \(6 for one tier of free, \d+ for 11 tiers of loan/);
  const [, symbols, tiers] = /These options fit: --collateral (\S+) --tiers (\d+)\n/.exec((error as Error).message)!;
  const collateral = symbols!.split(',');
  expect(collateral).toHaveLength(14);
  const { config, uncounted } = await imported(many, { tiers: Number(tiers), collateral });
  // One tier more, or one asset more, is too much.
  expect(await refusal(imported(many, { tiers: Number(tiers) + 1, collateral }))).toMatchObject({ code: 'CONFIG_SIZE' });
  expect(await refusal(imported(many, { tiers: 3, collateral: [...collateral, 'T400'] }))).toMatchObject({ code: 'CONFIG_SIZE' });
  expect(uncounted).toHaveLength(469);
  expect(headerOf(config).assets).toHaveLength(483);
}); // prettier-ignore

test('the options that fit keep the lists of which most can count, and all assets where coarser lists do', async () => {
  const few = '[0-5:10]';
  const lines = Array.from(
    { length: 483 },
    (_, i) => `t${i},1.5,"${i % 40 === 7 ? TEN : few}","${few}","${few}"`,
  );
  const error = (await imported(listOf(...lines)).catch((one: unknown) => one)) as Error;
  expect(error.message).toMatch(/--collateral T7,T47,T87,T127,T167,T207,T247,T287,T327,T367,T407,T447,T0,T1/);
  const ninety = listOf(...Array.from({ length: 90 }, (_, i) => `t${i},1.5,"${TEN}","${TEN}","${TEN}"`));
  const { message } = (await imported(ninety).catch((one: unknown) => one)) as Error;
  const tiers = Number(/These options fit: --tiers (\d+)\n/.exec(message)![1]);
  expect((await imported(ninety, { tiers })).uncounted).toEqual([]);
  // Nothing is to be pasted into a configuration that does not exist.
  expect(message).not.toContain('"symbol"');
});

test('a configuration is written whole, and never over another file', async () => {
  const folder = folderOf({});
  const { input, config } = await imported(listOf(...LINES));
  const file = join(folder, 'snapshot.json');
  await writeConfig(file, input);
  expect((await loadConfig(file)).config).toEqual(config);
  const before = [readFileSync(file, 'utf8'), statSync(file).ino];
  expect(await refusal(writeConfig(file, input))).toMatchObject({ code: 'CONFIG_EXISTS', kind: 'usage' });
  expect([readFileSync(file, 'utf8'), statSync(file).ino]).toEqual(before);
});

import fc from 'fast-check';
import type { SnapshotConfigInput } from '@solvent/snapshot';
import {
  accountsOf,
  batchesOf,
  check,
  folderOf,
  idIn,
  keyOf,
  margin,
  refusal,
  removeFolders,
} from '../fixtures/input';

afterAll(removeFolders);

const LIST = [{ percent: 100, upToValue: '10000' }, { percent: 50, upToValue: '20000' }, { percent: 0 }];
const POOLS = [
  { name: 'free', rest: true as const, tiers: [{ percent: 0 }] },
  { name: 'loan', tiers: LIST },
  { name: 'margin', tiers: LIST },
  { name: 'portfolio', tiers: LIST },
];
const [BTC, , USDT] = (margin as Extract<SnapshotConfigInput, { mode: 'margin' }>).assets;

/** BTC in pools, ETH with tiers, USDT as ever; prices 10, 1 and 1 at scale 2. */
const POOLED = {
  ...margin, mode: 'margin', priceScale: 2, ignoreColumns: ['rn'],
  assets: [
    { symbol: 'BTC', scale: 2, price: '10', pools: POOLS },
    { symbol: 'ETH', scale: 2, price: '1', tiers: [{ percent: 80, upTo: '100' }, { percent: 20 }] },
    { symbol: 'USDT', scale: 2, price: '1' },
  ],
} as SnapshotConfigInput; // prettier-ignore

const HEADER = 'rn,id,e_btc,d_btc,btc,vl_btc,m_btc,pm_btc,e_eth,d_eth,eth,usdt';
const csv = (...rows: string[]) => folderOf({ 'a.csv': [HEADER, ...rows, ''].join('\r\n') });
const row = (n: number, cells: string) => `${n},${keyOf(n)},${cells}`;
const ndjson = (...assets: object[]) =>
  folderOf({
    'a.ndjson': assets.map((one, n) => `${JSON.stringify({ id: keyOf(n), assets: one })}\n`).join(''),
  });

test('pools by columns as Binance writes them, and the rest of the equity, as amounts of a batch', async () => {
  const input = csv(row(0, '10,1,9,2,3.5,0,5,0,5,-2'), row(1, '0.5,0,0.5,0,0,0,0,0,0,7'));
  const { totals, unheld } = await check(input, POOLED);
  // Equities, debts, then what lies in the pools of BTC: free, loan, margin, portfolio.
  expect(totals).toEqual([1050n, 500n, 700n, 100n, 0n, 200n, 500n, 200n, 350n, 0n]);
  expect(unheld).toEqual([]);
  const found = accountsOf(await batchesOf(input, POOLED));
  // Free, loan, margin, portfolio of BTC; ETH; USDT; the debts.
  expect(found.get(idIn(POOLED, keyOf(0)))).toEqual([450n, 200n, 350n, 0n, 500n, 0n, 100n, 0n, 200n]);
  expect(found.get(idIn(POOLED, keyOf(1)))).toEqual([50n, 0n, 0n, 0n, 0n, 700n, 0n, 0n, 0n]);
});

test('the same in NDJSON: members in any order, the rest named or not, and a plain amount where nothing is in a pool', async () => {
  const input = ndjson(
    { BTC: { pools: { margin: '350', loan: '200' }, debt: '100', equity: '1000' }, ETH: { equity: '500' }, USDT: { debt: '200' } },
    { BTC: '50', USDT: '700' },
    { BTC: { equity: '9', pools: { free: '9' } } },
    { BTC: { equity: '9', pools: {} } },
  );
  const found = accountsOf(await batchesOf(input, POOLED));
  const at = (n: number) => found.get(idIn(POOLED, keyOf(n)));
  expect(at(0)).toEqual([450n, 200n, 350n, 0n, 500n, 0n, 100n, 0n, 200n]);
  expect(at(1)).toEqual([50n, 0n, 0n, 0n, 0n, 700n, 0n, 0n, 0n]);
  expect(at(2)).toEqual(at(3));
  expect(at(3)).toEqual([9n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
}); // prettier-ignore

test('columns named in the configuration, in any case', async () => {
  const pools = [POOLS[0]!, { ...POOLS[1]!, column: 'Pledged BTC' }];
  const config = { ...POOLED, mode: 'margin', assets: [{ symbol: 'BTC', scale: 2, price: '1', pools }] } as SnapshotConfigInput;
  const input = folderOf({ 'a.csv': `id,btc,pledged btc\n${keyOf(1)},5,2\n` });
  expect((await check(input, config)).totals).toEqual([500n, 0n, 300n, 200n]);
}); // prettier-ignore

test('pools that hold more than the equity are refused, with asset and amounts; every account that cannot be proved is named', async () => {
  const input = csv(
    row(0, '10,1,9,4,3.5,2.51,0,0,0,0'),
    row(1, '1,0,1,1,0,0,0,0,0,0'),
    row(2, '0,0,0,0.01,0,0,0,0,0,0'),
    row(3, '0,0,0,0,0,0,100,0,0,-80.01'),
  );
  const error = await check(input, POOLED).catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'ROW_POOLS', kind: 'invalid', details: { row: 1, line: 2, token: 'BTC', refused: 3 } });
  const { message } = error as Error;
  expect(message).toMatch(/^3 accounts cannot be proved, and none is left out/);
  expect(message).toMatch(/a\.csv, line 2 \(row 1\): BTC has pools that hold 10\.01, more than its equity of 10: 4 in loan, 3\.5 in margin, 2\.51 in portfolio/);
  expect(message).toMatch(/a\.csv, line 4 \(row 3\): BTC has pools that hold 0\.01, more than its equity of 0/);
  expect(message).toMatch(/a\.csv, line 5 \(row 4\): the debts of this account exceed what of its equity counts .* it holds 100 USD, of which 80 USD count, and owes 80\.01 USD/);
  await expect(batchesOf(input, POOLED)).rejects.toThrow(/more than its equity/);
}); // prettier-ignore

test('every asset of an account whose pools hold more than it has is named, not the first alone', async () => {
  const symbols = Array.from({ length: 12 }, (_, i) => `T${i}`);
  const assets = symbols.map((symbol) => ({ symbol, scale: 2, price: '1', pools: POOLS }));
  const config = { ...POOLED, mode: 'margin', assets } as SnapshotConfigInput;
  const over = (...names: string[]) =>
    Object.fromEntries(names.map((symbol) => [symbol, { equity: '5', pools: { margin: '6' } }]));
  const two = await refusal(check(ndjson({ T0: { equity: '5' }, ...over('T1', 'T7') }), config));
  expect(two).toMatchObject({
    code: 'ROW_POOLS',
    token: 'T1',
    reason:
      'T1 has pools that hold 0.06, more than its equity of 0.05: 0 in loan, 0.06 in margin, 0 in portfolio; ' +
      'T7 has pools that hold 0.06, more than its equity of 0.05: 0 in loan, 0.06 in margin, 0 in portfolio. ' +
      'Correct the row: what serves as collateral is a part of what the account holds',
  });
  const all = await refusal(check(ndjson(over(...symbols)), config));
  expect(all.reason).toMatch(/; T7 has pools [^;]*; and so 4 more\. Correct the row/);
});

test('a fault of form ends the reading: it is told after the accounts that were refused before it', async () => {
  const error = await refusal(
    check(csv(row(0, '1,0,1,2,0,0,0,0,0,0'), row(1, '1,0,1,x,0,0,0,0,0,0')), POOLED),
  );
  expect(error).toMatchObject({ code: 'ROW_POOLS', line: 2, refused: 2 });
  expect(await refusal(check(csv(row(1, '1,0,1,x,0,0,0,0,0,0')), POOLED))).toMatchObject({ code: 'ROW_AMOUNT_MALFORMED', line: 2 }); // prettier-ignore
});

test('one account that cannot be proved is told as ever, without haircuts too', async () => {
  const plain = { ...margin, mode: 'margin', priceScale: 10, assets: [BTC!, USDT!] } as SnapshotConfigInput;
  const error = check(ndjson({ BTC: '100000000', USDT: '-65100220001' }), plain);
  await expect(error).rejects.toThrow('a.ndjson, line 1 (row 1): the debts of this account exceed its equity at the configured prices: it holds 65100.22 USD and owes 65100.220001 USD'); // prettier-ignore
});

test.each<[string, object, string, RegExp]>([
  ['a pool that is not configured', { BTC: { equity: '1', pools: { earn: '1' } } }, 'ROW_POOL_UNKNOWN', /BTC has no pool "earn" .*free, loan, margin, portfolio/],
  ['pools of an asset without', { ETH: { equity: '1', pools: { margin: '1' } } }, 'ROW_POOL_UNKNOWN', /ETH has no pool "margin" .*none at all/],
  ['a negative amount in a pool', { BTC: { equity: '1', pools: { margin: '-1' } } }, 'ROW_AMOUNT_MALFORMED', /must not be negative in "margin"/],
  ['negative equity', { BTC: { equity: '-1' } }, 'ROW_AMOUNT_MALFORMED', /must not be negative in "equity"/],
  ['pools without equity', { BTC: { pools: { margin: '1' } } }, 'ROW_AMOUNT_MALFORMED', /needs "equity" or "debt"/],
  ['an amount that is a number', { BTC: { equity: 1 } }, 'ROW_AMOUNT_MALFORMED', /must be a string/],
  ['pools that are no object', { BTC: { equity: '1', pools: '1' } }, 'ROW_AMOUNT_MALFORMED', /pools must be an object/],
  ['another member', { BTC: { equity: '1', margin: '1' } }, 'ROW_MEMBER_UNKNOWN', /"margin": there are/],
  ['a pool beyond 64 bits', { BTC: { equity: '1', pools: { margin: String(1n << 64n) } } }, 'ROW_AMOUNT_OUT_OF_RANGE', /not below 2\^64/],
])('NDJSON: refuses %s', async (_name, assets, code, reason) => {
  const error = await refusal(check(ndjson(assets), POOLED));
  expect(error).toMatchObject({ code, reason: expect.stringMatching(reason) as string });
}); // prettier-ignore

test('NDJSON: a member or a pool that stands twice is refused, and a record in pieces is read', async () => {
  for (const [value, reason] of [
    ['{"equity":"1","equity":"1"}', /"equity" twice/],
    ['{"equity":"1","pools":{"loan":"1","loan":"0"}}', /pool loan twice/],
  ] as const)
    expect(await refusal(check(folderOf({ 'a.ndjson': `{"id":"${keyOf(1)}","assets":{"BTC":${value}}}\n` }), POOLED))).toMatchObject({ code: 'ROW_MEMBER_REPEATED', reason: expect.stringMatching(reason) as string });
  for (const cut of ['{', '{"equity"', '{"equity":', '{"equity":"1', '{"equity":"1","pools":{"loan"'])
    expect(await refusal(check(folderOf({ 'a.ndjson': `{"id":"${keyOf(1)}","assets":{"BTC":${cut}` }), POOLED))).toMatchObject({ code: 'INPUT_TRUNCATED' });
}); // prettier-ignore

test('without a pool that takes the rest, pools are the whole equity', async () => {
  const pools = POOLS.slice(1).map((pool) => ({ ...pool }));
  const config = { ...POOLED, mode: 'margin', assets: [{ symbol: 'BTC', scale: 2, price: '1', pools }] } as SnapshotConfigInput;
  expect((await check(ndjson({ BTC: { equity: '3', pools: { loan: '1', margin: '2' } } }), config)).totals).toEqual([3n, 0n, 1n, 2n, 0n]);
  const error = await refusal(check(ndjson({ BTC: { equity: '3', pools: { loan: '1', margin: '1' } } }), config));
  expect(error).toMatchObject({ code: 'ROW_POOLS', reason: expect.stringMatching(/hold 0\.02, less than its equity, and no pool takes the rest .* of 0\.03/) as string });
}); // prettier-ignore

test('a pool’s column that is missing, or ignored, is told', async () => {
  const without = folderOf({ 'a.csv': 'id,btc,vl_btc,m_btc,eth,usdt\n' });
  expect(await refusal(check(without, POOLED))).toMatchObject({
    code: 'CSV_COLUMN_MISSING',
    column: 'PM_BTC',
  });
  const negative = csv(row(0, '10,1,9,-2,3.5,0,5,0,5,-2'));
  expect(await refusal(check(negative, POOLED))).toMatchObject({ code: 'ROW_AMOUNT_MALFORMED', reason: expect.stringMatching(/pool's column/) as string }); // prettier-ignore
});

/** What counts of an amount, tier by tier, in hundredths. */
function counted(amount: bigint, tiers: ReadonlyArray<readonly [percent: bigint, upTo: bigint]>): bigint {
  let [below, sum] = [0n, 0n];
  for (const [percent, upTo] of tiers) {
    const end = amount < upTo ? amount : upTo;
    if (end > below) sum += percent * (end - below);
    below = end > below ? end : below;
  }
  return sum;
}

const U64 = 1n << 64n;
const POOL_TIERS = [[100n, 100_000n], [50n, 200_000n], [0n, U64]] as const; // prettier-ignore
const ETH_TIERS = [
  [80n, 10_000n],
  [20n, U64],
] as const;

test('an account is accepted exactly where what counts is at least what it owes', async () => {
  const amount = fc.oneof(fc.bigInt(0n, 300_000n), fc.bigInt(0n, U64 / 4n - 1n));
  await fc.assert(
    fc.asyncProperty(fc.tuple(amount, amount, amount, amount), amount, fc.bigInt(-2n, 2n), async (parts, eth, off) => {
      const [, ...held] = parts;
      const worth = 10n * held.reduce((sum, part) => sum + counted(part, POOL_TIERS), 0n) + counted(eth, ETH_TIERS);
      const owed = worth / 100n + off;
      if (owed < 0n || owed >= U64) return;
      const equity = parts.reduce((a, b) => a + b);
      const pools = { loan: `${held[0]!}`, margin: `${held[1]!}`, portfolio: `${held[2]!}` };
      const attempt = check(ndjson({ BTC: { equity: `${equity}`, pools }, ETH: `${eth}`, USDT: { debt: `${owed}` } }), POOLED);
      if (100n * owed <= worth) expect((await attempt).totals.at(-4)).toBe(parts[0]);
      else expect(await refusal(attempt)).toMatchObject({ code: 'ROW_NET_NEGATIVE' });
    }),
    { numRuns: 60 },
  );
}); // prettier-ignore

test('rounding: whether debts are covered is judged by exact amounts, at the percentage of the tier that the rounded unit lies in', async () => {
  const assets = [
    { symbol: 'ETH', scale: 0, price: '1', convertScale: { from: 2, rounding: 'up' }, tiers: [{ percent: 80, upTo: '10' }, { percent: 20 }] },
    { symbol: 'USDT', scale: 2, price: '1' },
  ]; // prettier-ignore
  const config = { ...margin, mode: 'margin', priceScale: 2, assets } as SnapshotConfigInput;
  const account = (eth: string, owed: string) => check(ndjson({ ETH: eth, USDT: `-${owed}` }), config);
  // 9.50 counts for 7.60, though 10 is published; 10.50 for 8.10, and 11 would for 8.20.
  for (const [eth, owed, more] of [['950', '760', '761'], ['1050', '810', '811']] as const) {
    expect((await account(eth, owed)).totals[0]).toBe(eth === '950' ? 10n : 11n);
    expect(await refusal(account(eth, more))).toMatchObject({ code: 'ROW_NET_NEGATIVE' });
  }
}); // prettier-ignore

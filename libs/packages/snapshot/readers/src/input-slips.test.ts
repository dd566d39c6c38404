import { loadWideConfig, surveyInput } from './index';
import { parseWideConfig, type SnapshotConfigInput } from '@solvent-por/snapshot';
import {
  accountsOf,
  aggregate,
  batchesOf,
  check,
  folderOf,
  keyOf,
  margin,
  refusal,
  removeFolders,
  spot,
} from '../testing/input';

afterAll(removeFolders);

const csv = (header: string, ...rows: string[]) => ({ 'b.csv': `${[header, ...rows].join('\n')}\n` });
const json = (...rows: Record<string, string>[]) => ({
  'b.json': JSON.stringify(rows.map((assets, n) => ({ id: keyOf(n), assets }))),
});
const messageOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'accepted',
    (error: Error) => error.message,
  );

describe('columns that are no symbols (DOT.S, BTC-PERP, USDT_ETH)', () => {
  const joined = {
    ...margin,
    columns: { 'DOT.S': 'BTC', 'BTC-PERP': 'BTC', USDT_ETH: 'USDT', usdt_trx: 'usdt' },
  } as SnapshotConfigInput;

  test('are renamed and added up exactly, equity and debt apart, in CSV', async () => {
    const folder = folderOf(
      csv(
        'id,btc,dot.s,btc-perp,eth,usdt_eth,USDT_TRX',
        `${keyOf(0)},1.5,0.00000001,-0.25,0,184467440737.095516,3`,
      ),
    );
    const { totals, names } = await check(folder, joined);
    expect(totals).toEqual([150000001n, 0n, 184467440737095516n + 3000000n, 25000000n, 0n, 0n]);
    expect(names.added).toEqual([
      { symbol: 'BTC', names: ['btc', 'dot.s', 'btc-perp'] },
      { symbol: 'USDT', names: ['usdt_eth', 'USDT_TRX'] },
    ]);
  });

  test('the same in JSON and NDJSON, where names are exact', async () => {
    const assets = {
      BTC: '150000000',
      'DOT.S': '1',
      'BTC-PERP': '-25000000',
      USDT_ETH: '184467440737095516',
      usdt_trx: '3000000',
    };
    const { totals, names } = await check(folderOf(json(assets)), joined);
    expect(totals).toEqual([150000001n, 0n, 184467440737095516n + 3000000n, 25000000n, 0n, 0n]);
    expect(names.added[0]).toEqual({ symbol: 'BTC', names: ['BTC', 'DOT.S', 'BTC-PERP'] });
    const line = `${JSON.stringify({ id: keyOf(0), assets })}\n`;
    expect((await check(folderOf({ 'b.ndjson': line }), joined)).totals).toEqual(totals);
    expect(await refusal(check(folderOf(json({ 'dot.s': '1' })), joined))).toMatchObject({
      code: 'ROW_TOKEN_UNKNOWN',
    });
    const twice = line.replace('"BTC":', '"DOT.S":"1","BTC":');
    expect(await refusal(check(folderOf({ 'b.ndjson': twice }), joined))).toMatchObject({
      code: 'ROW_TOKEN_REPEATED',
    });
  });

  test('pairs of a renamed asset, and a column that is debt alone', async () => {
    const config = { ...margin, columns: { 'DOT.S': 'BTC', loan: 'd_USDT' } } as SnapshotConfigInput;
    const folder = folderOf(
      csv('id,btc,e_dot.s,d_dot.s,dot.s,eth,usdt,loan', `${keyOf(0)},1,2,0.5,1.5,0,7,4`),
    );
    const { totals, names } = await check(folder, config);
    expect(totals).toEqual([300000000n, 0n, 7000000n, 50000000n, 0n, 4000000n]);
    expect(names.ignored).toEqual(['dot.s']);
    expect(
      await refusal(check(folderOf(csv('id,btc,dot.s,eth,usdt,loan', `${keyOf(0)},1,2,0,7,-4`)), config)),
    ).toMatchObject({ code: 'ROW_AMOUNT_MALFORMED' });
    expect(await refusal(check(folderOf(json({ loan: '-4' })), config))).toMatchObject({
      code: 'ROW_AMOUNT_MALFORMED',
    });
    const totalsOfJson = (await check(folderOf(json({ USDT: '9', loan: '4' })), config)).totals;
    expect([totalsOfJson[2], totalsOfJson[5]]).toEqual([9n, 4n]);
  });

  test('a sum of 2^64 is refused, one less is not; nothing is netted in spot', async () => {
    const config = { ...spot, columns: { 'USDT.S': 'USDT' } } as SnapshotConfigInput;
    const most = ((1n << 64n) - 1n).toString();
    expect(
      (await check(folderOf(json({ USDT: (BigInt(most) - 5n).toString(), 'USDT.S': '5' })), config))
        .totals[2],
    ).toBe(BigInt(most));
    expect(await refusal(check(folderOf(json({ USDT: most, 'USDT.S': '1' })), config))).toMatchObject({
      code: 'ROW_AMOUNT_OUT_OF_RANGE',
    });
    expect(await refusal(check(folderOf(json({ USDT: '9', 'USDT.S': '-1' })), config))).toMatchObject({
      code: 'ROW_DEBT_IN_SPOT',
    });
  });

  test('the advice about an unknown column can be followed', async () => {
    for (const [header, advice] of [
      ['id,btc,eth,usdt,BTC-PERP', '"columns": { "BTC-PERP": "BTC" } adds it'],
      ['id,btc,eth,usdt,usdt_trx', '"columns": { "usdt_trx": "USDT" } adds it'],
      ['id,btc,eth,usdt,DOT.S', '"columns": { "DOT.S": "SYMBOL" } adds it'],
      ['id,btc,eth,usdt,sol', 'of an asset of its own, add SOL'],
      ['id,btc,eth,usdt,rn,"net, of all"', '"ignoreColumns": ["rn", "net, of all"]'],
    ] as const)
      expect(await messageOf(check(folderOf(csv(header, `${keyOf(0)},1,1,1,1`)), spot))).toContain(advice);
    expect(
      await messageOf(check(folderOf(csv('id,btc,eth,usdt,BTC-PERP', `${keyOf(0)},1,1,1,1`)), spot)),
    ).not.toContain('add BTC-PERP;');
  });

  test('a renamed column that is missing in a file is named; what is ignored is listed', async () => {
    const config = { ...spot, columns: { 'btc.s': 'BTC' }, ignoreColumns: ['RN'] } as SnapshotConfigInput;
    expect(
      await refusal(check(folderOf(csv('id,btc,eth,usdt,rn', `${keyOf(0)},1,1,1,1`)), config)),
    ).toMatchObject({
      code: 'CSV_COLUMN_MISSING',
      column: 'BTC.S',
    });
    const { names } = await check(folderOf(csv('id,rn,btc.s,eth,usdt', `${keyOf(0)},x,1,1,1`)), config);
    expect(names).toEqual({ ignored: ['rn'], added: [] });
  });

  test('in aggregate it is said which columns were added as the unit: 0.1 BTC and 100 USDT are 100.10 USD', async () => {
    const { totals, names } = await check(
      folderOf(csv('id,btc,eth,usdt', `${keyOf(0)},0.1,0,100`)),
      aggregate,
    );
    expect(totals).toEqual([10010n, 0n]);
    expect(names.added).toEqual([{ symbol: 'USD', names: ['btc', 'eth', 'usdt'] }]);
    expect((await check(folderOf(json({ ETH: '1' }, { BTC: '2' })), aggregate)).names.added).toEqual([
      { symbol: 'USD', names: ['BTC', 'ETH'] },
    ]);
  });
});

describe('ETH in wei', () => {
  const wei = (more: object) =>
    ({
      ...margin,
      assets: [
        { ...margin.assets[0] },
        { symbol: 'ETH', price: '3620.56', scale: 9, limbs: 6, ...more },
        { ...margin.assets[2] },
      ],
      priceScale: 11,
    }) as SnapshotConfigInput;
  const ether = 10n ** 18n;

  test('25 ETH at scale 18: the most that fits is said in whole tokens, and the scale that does', async () => {
    const config = {
      ...spot,
      assets: [spot.assets[0]!, { symbol: 'ETH', scale: 18 }, spot.assets[2]!],
    } as SnapshotConfigInput;
    for (const folder of [
      folderOf(json({ ETH: (25n * ether).toString() })),
      folderOf(csv('id,btc,eth,usdt', `${keyOf(0)},0,25,0`)),
    ])
      expect(await messageOf(check(folder, config))).toMatch(
        /ETH is not below 2\^64 at scale 18: an account can hold 18\.446744073709551615 ETH at most\. This amount fits at scale 17 or lower: .*"scale": 9, "convertScale": \{ "from": 18 \}/,
      );
    expect(await messageOf(check(folderOf(json({ ETH: '17592186044416' })), spot))).toMatch(
      /2\^44 at scale 6: an account can hold 17592186\.044415 ETH at most\. Give it more "limbs"/,
    );
  });

  test('convertScale publishes what is exact, from JSON and CSV alike, and refuses what is not', async () => {
    const config = wei({ convertScale: { from: 18 } });
    const exact = 25_000_000n * ether + 7n * 10n ** 9n;
    expect((await check(folderOf(json({ ETH: exact.toString() })), config)).totals[1]).toBe(
      25_000_000n * 10n ** 9n + 7n,
    );
    expect(
      (await check(folderOf(csv('id,btc,eth,usdt', `${keyOf(0)},0,25000000.000000007000000000,0`)), config))
        .totals[1],
    ).toBe(25_000_000n * 10n ** 9n + 7n);
    const folder = folderOf(json({ ETH: (exact + 1n).toString() }));
    expect(await refusal(check(folder, config))).toMatchObject({ code: 'ROW_AMOUNT_INEXACT', token: 'ETH' });
    expect(await messageOf(check(folder, config))).toContain('"rounding": "up"');
    expect(
      await refusal(check(folderOf(json({ ETH: (10n ** 9n * (1n << 64n)).toString() })), config)),
    ).toMatchObject({ code: 'ROW_AMOUNT_OUT_OF_RANGE' });
  });

  test('rounding up: what is owed to a user up, a debt down, so liabilities are never below the true ones', async () => {
    const config = wei({ convertScale: { from: 18, rounding: 'up' } });
    const folder = folderOf(
      json({ ETH: '1' }, { ETH: '1000000001' }, { BTC: '5', ETH: '-1999999999' }, { BTC: '5', ETH: '-1' }),
    );
    const { totals } = await check(folder, config);
    expect(totals).toEqual([10n, 1n + 2n, 0n, 0n, 1n, 0n]);
    const values = [...accountsOf(await batchesOf(folder, config)).values()];
    expect(values.map((v) => [v[1], v[4]])).toEqual(
      expect.arrayContaining([
        [1n, 0n],
        [2n, 0n],
        [0n, 1n],
        [0n, 0n],
      ]),
    );
  });

  test('rounding never makes a negative net positive', async () => {
    const config = wei({ convertScale: { from: 18, rounding: 'up' } });
    const both = { ...config, columns: { LOAN: 'ETH' } } as SnapshotConfigInput;
    expect(await refusal(check(folderOf(json({ ETH: '-1' })), config))).toMatchObject({
      code: 'ROW_NET_NEGATIVE',
    });
    expect(
      await refusal(check(folderOf(json({ ETH: '1000000001', LOAN: '-1000000002' })), both)),
    ).toMatchObject({ code: 'ROW_NET_NEGATIVE' });
    expect((await check(folderOf(json({ ETH: '1000000002', LOAN: '-1000000002' })), both)).totals).toEqual([
      0n,
      2n,
      0n,
      0n,
      1n,
      0n,
    ]);
    const unit = {
      ...aggregate,
      assets: [{ symbol: 'USD', scale: 2, convertScale: { from: 4, rounding: 'up' } }],
    } as SnapshotConfigInput;
    expect(await refusal(check(folderOf(json({ BTC: '101', ETH: '-102' })), unit))).toMatchObject({
      code: 'ROW_NET_NEGATIVE',
    });
    expect((await check(folderOf(json({ BTC: '102', ETH: '-102' })), unit)).totals).toEqual([2n, 1n]);
    const noDebts = {
      ...spot,
      assets: [{ symbol: 'ETH', scale: 9, convertScale: { from: 18, rounding: 'up' } }],
    } as SnapshotConfigInput;
    expect(await refusal(check(folderOf(json({ ETH: '-1' })), noDebts))).toMatchObject({
      code: 'ROW_DEBT_IN_SPOT',
    });
  });
});

describe('more assets than a header holds', () => {
  const many = {
    ...spot,
    assets: Array.from({ length: 316 }, (_, i) => ({ symbol: `T${i}`, scale: 0 })),
  } as SnapshotConfigInput;
  const held = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`T${i}`, '7']));
  const zeros = Object.fromEntries(Array.from({ length: 116 }, (_, i) => [`T${200 + i}`, '0']));

  test('a survey finds those that nobody holds; left out, the rest is proved', async () => {
    const input = folderOf(json({ ...held, ...zeros }, zeros));
    const { assets } = await surveyInput({ input, config: parseWideConfig(many) });
    const unheldAssets = assets.filter(({ holders }) => holders === 0).map(({ symbol }) => symbol);
    expect(unheldAssets).toEqual(Object.keys(zeros));
    expect((await check(input, { ...many, unheldAssets })).totals).toEqual(Array(200).fill(7n));
  });

  test('what is left out must be 0 in every row, whatever the format', async () => {
    const config = { ...spot, unheldAssets: ['USDT', 'DOGE'] } as SnapshotConfigInput;
    expect(
      (
        await check(
          folderOf(csv('id,btc,eth,e_usdt,d_usdt,doge', `${keyOf(0)},1,1,0,0.00,0.000000000000000000`)),
          config,
        )
      ).totals,
    ).toHaveLength(2);
    for (const folder of [
      folderOf(csv('id,btc,eth,doge', `${keyOf(0)},1,1,0.000000000000000001`)),
      folderOf(json({ DOGE: '1' })),
      folderOf(json({ USDT: '9'.repeat(30) })),
    ])
      expect(await refusal(check(folder, config))).toMatchObject({ code: 'ROW_ASSET_UNHELD' });
  });

  test('check says which assets nobody holds; a survey says the largest balance and the decimals that are used', async () => {
    expect((await check(folderOf(json({ BTC: '5' })), margin)).unheld).toEqual(['ETH', 'USDT']);
    expect((await check(folderOf(json({ BTC: '5', ETH: '-1' })), margin)).unheld).toEqual(['USDT']);
    const config = parseWideConfig(margin);
    const { assets, largestSum } = await surveyInput({
      input: folderOf(json({ BTC: '-2500' }, { BTC: '100', ETH: '3' })),
      config,
    });
    expect(assets[0]).toEqual({ symbol: 'BTC', holders: 2, largest: 2500n, from: 8, decimals: 6 });
    expect(assets[1]).toEqual({ symbol: 'ETH', holders: 1, largest: 3n, from: 8, decimals: 8 });
    expect(largestSum).toBe(2500n);
  });

  test('the wide configuration still says what is malformed', async () => {
    await expect(loadWideConfig(`${folderOf({ 'c.json': '{"mode":"spot"}' })}/c.json`)).rejects.toMatchObject(
      { code: 'CONFIG_INVALID' },
    );
  });
});

describe('plain identifiers', () => {
  const plain = { ...spot, accountIds: 'plain' } as SnapshotConfigInput;
  const rows = (...ids: string[]) => folderOf(csv('id,btc,eth,usdt', ...ids.map((id) => `"${id}",1,0,0`)));
  const code = ':9f86d081884c7d659a2feaa0c55ad015';

  test.each(['1', 'bob@example.com', ` bob${code}`, '+49 30 12345678'])(
    '%j is refused, unless the operator knows',
    async (id) => {
      expect(await refusal(check(rows(`x${code}`, id), plain))).toMatchObject({
        code: 'ROW_ID_WEAK',
        row: 2,
      });
      const message = await messageOf(check(rows(id), plain));
      expect(message).toMatch(/solvent ids.*acceptWeakIds/);
      expect(message).not.toContain(id.length > 3 ? id : `"${id}"`);
      expect((await check(rows(id), { ...plain, acceptWeakIds: true })).accounts).toBe(1);
    },
  );

  test.each(['\\n', '\\u202e', '\\u200f', '\\u0085', '\\u2028'])(
    'one that holds %s is refused in any case: it would be shown as another',
    async (hidden) => {
      const folder = folderOf({ 'a.ndjson': `{"id":"bob${hidden}${code}","assets":{"BTC":"1"}}\n` });
      for (const config of [plain, { ...plain, acceptWeakIds: true }])
        expect(await refusal(check(folder, config))).toMatchObject({ code: 'ROW_ID_MALFORMED' });
    },
  );

  test.each([
    'Total',
    'TOTAL',
    'sum',
    'Grand Total',
    '合计',
    'Total BTC',
    'Total (all)',
    'Totaux',
    'Σ',
    'sumETH',
  ])('the row of totals %s is refused in any case, unless listed', async (id) => {
    for (const config of [plain, { ...plain, acceptWeakIds: true }])
      expect(await refusal(check(rows(`x${code}`, id), config))).toMatchObject({
        code: 'ROW_TOTAL',
        row: 2,
      });
    expect((await check(rows(id), { ...plain, acceptIds: [id] })).accounts).toBe(1);
    expect(await messageOf(check(rows(id), spot))).toMatch(/row of totals: remove it/);
  });
});

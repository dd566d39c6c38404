import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { accountKey } from '@solvent-por/verifier';
import { accountRow, headerOf, parseConfig, tokensOf, type SnapshotConfigInput } from '@solvent-por/snapshot';
import {
  OPERATOR, accountsOf, aggregate, batchesOf, check, folderOf, idIn, keyOf, margin, refusal, removeFolders, spot,
} from '../testing/input'; // prettier-ignore
import { writeBinance, writeOkx } from '../../../../dev/proofs/src/foreign-input';
import { CsvRecords } from './csv-records';
import { JsonRecords } from './json-records';
import type { RecordReader } from './record-reader';
import { decimal } from './record-writer';

afterAll(removeFolders);

interface Account {
  readonly id: string;
  readonly amounts: Readonly<Record<string, bigint>>;
}

const U64 = (1n << 64n) - 1n;
const amount = fc.oneof(
  fc.constant(0n),
  fc.bigInt(0n, 1n << 54n),
  fc.bigInt(U64 - 3n, U64),
  fc.constantFrom(2n ** 32n, 10n ** 15n, 10n ** 15n - 1n, 2n ** 53n),
);
const signed = fc
  .tuple(amount, fc.boolean())
  .map(([magnitude, negative]) => (negative ? -magnitude : magnitude));

/** Accounts of `margin` or `aggregate` that stay solvent: the last token makes up for all debts. */
const accounts = (tokens: readonly string[]) =>
  fc
    .array(fc.tuple(...tokens.slice(1).map(() => fc.oneof(signed, fc.bigInt(-1000n, 1000n)))), { minLength: 1, maxLength: 12 })
    .map((rows) =>
      rows.map((row, n): Account => {
        const debt = row.some((x) => x < 0n);
        const rest = debt ? row.map((x) => (x < 0n ? -(-x % 1_000_000n) : x)) : row;
        return { id: keyOf(n), amounts: Object.fromEntries(tokens.map((t, i) => [t, i === 0 ? 10n ** 12n : rest[i - 1]!])) };
      }),
    ); // prettier-ignore

const json = (rows: readonly Account[]) => JSON.stringify(rows.map(recordOf), null, 2);
const ndjson = (rows: readonly Account[]) =>
  rows.map((row) => `${JSON.stringify(recordOf(row))}\r\n`).join('\n');
function recordOf({ id, amounts }: Account) {
  return { id, assets: Object.fromEntries(Object.entries(amounts).map(([t, x]) => [t, x.toString()])) };
}
function csv(rows: readonly Account[], config: SnapshotConfigInput): string {
  const scale = (i: number) => config.assets[config.mode === 'aggregate' ? 0 : i]!.scale;
  const names = Object.keys(rows[0]!.amounts);
  // The first token as a pair, the second in quotes, the plain column of the first with rubbish in it.
  const lines = rows.map(({ id, amounts }) => {
    const cells = names.map((t, i) => decimal(amounts[t]!, scale(i)));
    const first = amounts[names[0]!]!;
    const pair = first < 0n ? ['0', decimal(-first, scale(0))] : [decimal(first, scale(0)), '0.0'.slice(0, scale(0) ? 3 : 1)];
    return [`0x${id.toUpperCase()}`, ...pair, `"${cells[1]!}"`, ...cells.slice(2), '"a ""net"", of\r\nsorts"'].join(',');
  }); // prettier-ignore
  const [a, ...others] = names as [string, ...string[]];
  return [['Id', `e_${a}`, `D_${a}`, ...others, a.toLowerCase()].join(','), ...lines, ''].join('\r\n');
}

/** What section 3 makes of an account, by bigints. */
function expected({ amounts }: Account, config: SnapshotConfigInput): bigint[] {
  const signed = Object.values(amounts);
  const [equity, debt] = [signed.map((x) => (x > 0n ? x : 0n)), signed.map((x) => (x < 0n ? -x : 0n))];
  const sum = (values: bigint[]) => values.reduce((a, b) => a + b, 0n);
  if (config.mode === 'aggregate') return [sum(debt), sum(signed)];
  return config.mode === 'spot' ? equity : [...equity, ...debt];
}

const configs: [string, SnapshotConfigInput][] = [['aggregate', aggregate], ['margin', margin]]; // prettier-ignore

test.each(configs)(
  '%s: the same accounts in every format, gzipped, split over files',
  async (_mode, config) => {
    await fc.assert(
      fc.asyncProperty(accounts(tokensOf(parseConfig(config))), fc.nat(11), async (rows, cut) => {
        const parts = [rows.slice(0, cut % rows.length), rows.slice(cut % rows.length)].filter(
          (part) => part.length > 0,
        );
        const inputs = [
          { 'a.json': json(rows) },
          { 'a.csv': csv(rows, config) },
          Object.fromEntries(parts.map((part, i) => [`p${i}.ndjson`, ndjson(part)])),
          Object.fromEntries(parts.map((part, i) => [`p${i}.json.gz`, gzipSync(json(part))])),
          Object.fromEntries(parts.map((part, i) => [`p${i}.csv.gz`, gzipSync(csv(part, config))])),
        ];
        const want = new Map(rows.map((row) => [idIn(config, row.id), expected(row, config)]));
        const sums = [...want.values()].reduce((a, b) => a.map((x, i) => x + b[i]!));
        const totals = config.mode === 'aggregate' ? [sums[0]! + sums[1]!, sums[0]!] : sums;
        for (const files of inputs) {
          const folder = folderOf(files);
          expect(accountsOf(await batchesOf(folder, config))).toEqual(want);
          expect(await check(folder, config)).toMatchObject({ accounts: rows.length, totals });
        }
        removeFolders();
      }),
      { numRuns: 15 },
    );
  },
);

/** All records, fed in pieces of the given length: id and values in order. */
function read(reader: RecordReader, bytes: Uint8Array, piece: number, config: SnapshotConfigInput): string[] {
  const parsed = parseConfig(config);
  const row = accountRow(parsed, headerOf(parsed));
  const found: string[] = [];
  const drain = () => {
    while (reader.next(row))
      found.push([Buffer.from(row.key).toString('hex'), row.indexes.slice(0, row.entries), row.words.slice(0, 3 * row.entries)].join(' ')); // prettier-ignore
  };
  for (let at = 0; at < bytes.length; at += piece) {
    reader.feed(bytes.subarray(at, at + piece));
    drain();
  }
  reader.finish();
  drain();
  return found;
}

test('pieces of any size give the same records', () => {
  const config = parseConfig(margin);
  fc.assert(
    fc.property(accounts(tokensOf(config)), fc.integer({ min: 1, max: 7 }), (rows, piece) => {
      const readers: [string, () => RecordReader][] = [
        [`\ufeff${json(rows)}\n`, () => new JsonRecords('f', config, false)],
        [`\n${ndjson(rows)}`, () => new JsonRecords('f', config, true)],
        [`\ufeff${csv(rows, margin)}`, () => new CsvRecords('f', config)],
      ];
      for (const [text, reader] of readers) {
        const bytes = Buffer.from(text);
        const whole = read(reader(), bytes, bytes.length, margin);
        expect(whole).toHaveLength(rows.length);
        expect(read(reader(), bytes, piece, margin)).toEqual(whole);
      }
    }),
    { numRuns: 30 },
  );
});

test('every cut of a JSON file is refused, however it arrives', () => {
  const config = parseConfig(spot);
  const bytes = Buffer.from(`[{"id":"${keyOf(1)}","assets":{"BTC":"1"}} , {"assets":{},"id":"${keyOf(2)}"}]`);
  for (let length = 0; length < bytes.length; length++)
    for (const piece of [1, 1000])
      expect(() => read(new JsonRecords('f', config, false), bytes.subarray(0, length), piece, spot)).toThrow(
        /cut off/,
      );
});

test('plain identifiers are hashed, in JSON with escapes, in CSV with quotes', async () => {
  const plain = { ...spot, accountIds: 'plain', acceptWeakIds: true } as const;
  const names = ['Ada "Ü" 42, x', '0123', ' spaced '];
  const asJson = folderOf({ 'a.json': JSON.stringify(names.map((id) => ({ id, assets: { BTC: '1' } }))).replace('Ü', '\\u0055\\u0308') });
  const asCsv = folderOf({ 'a.csv': `id,btc,eth,usdt\n${names.map((name) => `"${name.replaceAll('"', '""')}",0.00000001,0,0\n`).join('')}` });
  const found = accountsOf(await batchesOf(asJson, plain));
  const keys = names.map((name) => toHex(accountKey(hexBytes(OPERATOR, 32), name)).slice(2));
  expect([...found.keys()].sort()).toEqual(keys.map((key) => idIn(plain, key)).sort());
  expect(accountsOf(await batchesOf(asCsv, plain))).toEqual(found);
  for (const id of ['""', '"\\ud800"', `"${'x'.repeat(1025)}"`, `"${'x'.repeat(9000)}"`])
    expect(await refusal(check(folderOf({ 'a.json': `[{"id":${id},"assets":{}}]` }), plain))).toMatchObject({ code: 'ROW_ID_MALFORMED' });
}); // prettier-ignore

test('a net of exactly 0 is accepted, and 2^66 − 1 is the most an account may be worth', async () => {
  const rows = (assets: object, id = keyOf(1)) => `${JSON.stringify({ id, assets })}\n`;
  const even = folderOf({ 'a.ndjson': rows({ BTC: '724112000000000000', ETH: '-13020044000000000000' }) });
  expect((await check(even, margin)).totals.slice(0, 2)).toEqual([724112000000000000n, 0n]);
  const tokens = ['A', 'B', 'C', 'D', 'E'];
  const most = { A: U64, B: U64, C: U64, D: U64, E: 3n };
  const wide: SnapshotConfigInput = { ...aggregate, mode: 'aggregate', tokens } as SnapshotConfigInput;
  const text = (assets: Record<string, bigint>) =>
    rows(Object.fromEntries(Object.entries(assets).map(([t, x]) => [t, x.toString()])));
  const folder = folderOf({ 'a.ndjson': text(most) });
  expect((await check(folder, wide)).totals).toEqual([(1n << 66n) - 1n, 0n]);
  expect([...accountsOf(await batchesOf(folder, wide)).values()]).toEqual([[0n, (1n << 66n) - 1n]]);
  const over = folderOf({ 'a.ndjson': text({ ...most, E: 4n }) });
  expect(await refusal(check(over, wide))).toMatchObject({ code: 'ROW_AMOUNT_OUT_OF_RANGE' });
});

test('aggregate: debt and net are each below 2^(11·limbs); equity, their sum, need not be', async () => {
  const narrow = { ...aggregate, assets: [{ symbol: 'USD', scale: 2, limbs: 2 }] } as SnapshotConfigInput;
  const most = (1n << 22n) - 1n;
  const account = (equity: bigint, debt: bigint) =>
    folderOf({ 'a.ndjson': `${JSON.stringify({ id: keyOf(1), assets: { BTC: String(equity), ETH: String(-debt) } })}\n` });
  expect((await check(account(2n * most, most), narrow)).totals).toEqual([2n * most, most]);
  for (const [equity, debt] of [[most + 2n, most + 1n], [2n * most + 1n, most]] as const)
    expect(await refusal(check(account(equity, debt), narrow))).toMatchObject({ code: 'ROW_AMOUNT_OUT_OF_RANGE', row: 1 });
}); // prettier-ignore

describe('fixtures', () => {
  const fixtures = join(__dirname, '..', 'testing');

  test('OKX JSON and the same records as NDJSON', async () => {
    const mixed = { ...margin, assets: margin.assets.map((asset) => ({ ...asset, price: '1', scale: 0 })), priceScale: 0 } as SnapshotConfigInput;
    const okx = await check(join(fixtures, 'okx'), mixed);
    expect(okx).toMatchObject({ accounts: 4, files: 2 });
    expect(okx.totals).toEqual([250000000n, 36000000007n, U64, 0n, 1200n, 5000000n]);
    const lines = accountsOf(await batchesOf(join(fixtures, 'ndjson'), mixed));
    const all = accountsOf(await batchesOf(join(fixtures, 'okx'), mixed));
    expect(lines.size).toBe(3);
    for (const [id, values] of lines) expect(all.get(id)).toEqual(values);
  }); // prettier-ignore

  test('Binance columns, collateral ignored', async () => {
    const config: SnapshotConfigInput = {
      ...margin, mode: 'margin', priceScale: 16, ignoreFiles: ['assets.csv'],
      ignoreColumns: ['rn', 'vl_btc', 'vl_shib', 'total_net_balance_usdt'], unit: 'USDT',
      assets: [{ symbol: 'BTC', scale: 8, price: '65100.22000000' }, { symbol: 'SHIB', scale: 8, price: '0.00001797' }],
    }; // prettier-ignore
    const { accounts, totals } = await check(join(fixtures, 'binance'), config);
    expect([accounts, totals]).toEqual([2, [28790585965n, 80718000000n, 14367123498n, 693437563000000n]]);
  });
});

test('a file in the form of OKX, 8 accounts of 220 tokens', async () => {
  const data = folderOf({});
  writeOkx(join(data, 'okx-v2'));
  const { default: records } = (await import(join(data, 'okx-v2/batch0.json'))) as { default: { assets: Record<string, string> }[] };
  const tokens = Object.keys(records[0]!.assets);
  const signed = records.flatMap(({ assets }) => Object.values(assets).map(BigInt));
  const sum = (values: bigint[]) => values.reduce((a, b) => a + b, 0n);
  const config = { ...aggregate, mode: 'aggregate', tokens } as SnapshotConfigInput;
  const { totals } = await check(join(data, 'okx-v2'), config);
  expect(totals).toEqual([sum(signed.filter((x) => x > 0n)), -sum(signed.filter((x) => x < 0n))]);
  const priced = { ...margin, priceScale: 0, assets: tokens.map((symbol) => ({ symbol, scale: 0, price: '1' })) } as SnapshotConfigInput;
  const byToken = (await check(join(data, 'okx-v2'), priced)).totals;
  expect([sum(byToken.slice(0, 220)), sum(byToken.slice(220))]).toEqual(totals);
}); // prettier-ignore

test('a file in the form of Binance, 4 assets at their prices', async () => {
  const data = folderOf({});
  writeBinance(join(data, 'binance'));
  const { readFileSync } = await import('node:fs');
  const table = (name: string) => parse(readFileSync(join(data, 'binance', name)), { columns: true }) as Record<string, string>[];
  const assets = table('cex_assets_info.csv').map(({ symbol, usdt_price }) => ({ symbol: symbol!.toUpperCase(), scale: 8, price: usdt_price! }));
  const users = table('sample_users0.csv');
  const known = assets.flatMap(({ symbol }) => [`E_${symbol}`, `D_${symbol}`, symbol]);
  const ignoreColumns = Object.keys(users[0]!).filter((name) => name !== 'id' && !known.includes(name.toUpperCase()));
  const config = { ...margin, unit: 'USDT', priceScale: 16, assets, ignoreColumns, ignoreFiles: ['cex_assets_info.csv'] } as SnapshotConfigInput;
  const units = (cell: string) => BigInt(cell.split('.')[0]! + (cell.split('.')[1] ?? '').padEnd(8, '0'));
  const column = (name: string) => users.reduce((total, user) => total + units(user[name]!), 0n);
  const symbols = assets.map(({ symbol }) => symbol.toLowerCase());
  const { accounts, totals } = await check(join(data, 'binance'), config);
  expect(accounts).toBe(100);
  expect(totals).toEqual([...symbols.map((s) => column(`e_${s}`)), ...symbols.map((s) => column(`d_${s}`))]);
}); // prettier-ignore

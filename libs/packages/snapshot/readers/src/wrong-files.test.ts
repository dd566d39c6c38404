import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { SnapshotConfigInput } from '@solvent-por/snapshot';
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

afterAll(removeFolders);

const spotOf = (...symbols: string[]) =>
  ({ ...spot, assets: symbols.map((symbol) => ({ symbol, scale: 0 })) }) as SnapshotConfigInput;
const numbered = (n: number) => n.toString(16).padStart(64, '0');
const CSV = `id,btc,eth,usdt\n${keyOf(1)},1.5,2,3\n${keyOf(2)},0.25,0,98765\n`;
const PLAIN = (async () => accountsOf(await batchesOf(folderOf({ 'a.csv': CSV }), spot)))();

function utf16(text: string, bigEndian: boolean, mark = '\ufeff'): Buffer {
  const bytes = Buffer.from(mark + text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

const ODD: ReadonlyArray<readonly [string, string | Uint8Array, string | undefined]> = [
  ['a byte order mark', `\ufeff${CSV}`, undefined],
  ['UTF-16 LE', utf16(CSV, false), 'is read as UTF-16LE'],
  ['UTF-16 BE', utf16(CSV, true), 'is read as UTF-16BE'],
  ['UTF-16 LE without a mark', utf16(CSV, false, ''), 'is read as UTF-16LE'],
  ['UTF-16 BE without a mark', utf16(CSV, true, ''), 'is read as UTF-16BE'],
  ['gzip without .gz', gzipSync(CSV), 'is read as gzip, by its content'],
  ['semicolons', CSV.replaceAll(',', ';'), 'cells are divided by semicolons'],
  ['tabs', CSV.replaceAll(',', '\t'), 'cells are divided by tabs'],
  ['quoted names and semicolons', CSV.replaceAll(',', ';').replace('id;btc', '"id";"btc"'), 'cells are divided by semicolons'],
  ['a line sep=;', `sep=;\r\n${CSV.replaceAll(',', ';')}`, 'cells are divided by semicolons'],
  ['a line sep=,', `"sep=,"\n\n${CSV}`, undefined],
  ['a line sep=^', `SEP=^\n${CSV.replaceAll(',', '^')}`, 'cells are divided by "^"'],
]; // prettier-ignore

test.each(ODD)('a CSV file with %s is read, and said', async (_, content, note) => {
  const folder = folderOf({ 'a.csv': content });
  expect(accountsOf(await batchesOf(folder, spot))).toEqual(await PLAIN);
  expect((await check(folder, spot)).notes).toEqual(note === undefined ? [] : [`a.csv: ${note}`]);
});

test('UTF-16 and gzip are read in JSON too, one sentence for all files of a kind', async () => {
  const json = (n: number) => `[{"id":"${keyOf(n)}","assets":{"BTC":"5"}}]`;
  const files = { 'a.json': utf16(json(1), false), 'b.json': utf16(json(2), false), 'c.json': gzipSync(utf16(json(3), false)) };
  const { accounts, notes } = await check(folderOf(files), spot);
  expect([accounts, notes]).toEqual([3, ['a.json and 2 more: is read as UTF-16LE', 'c.json: is read as gzip, by its content']]);
}); // prettier-ignore

test('UTF-16 is decoded across pieces, and refused where it is not sound or cut off', async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `${numbered(n)},1,0,0\n`).join('');
  const bytes = utf16(`id,btc,eth,usdt\n${rows}`, false);
  expect(bytes.length).toBeGreaterThan(2 << 20);
  expect(await check(folderOf({ 'a.csv': bytes }), spot)).toMatchObject({ accounts: 20_000 });
  expect(await refusal(check(folderOf({ 'a.csv': bytes.subarray(0, -1) }), spot))).toMatchObject({ code: 'INPUT_TRUNCATED' });
  const lone = Buffer.concat([utf16(CSV, false), Buffer.from([0x00, 0xd8, 0x41, 0x00])]);
  expect(await refusal(check(folderOf({ 'a.csv': lone }), spot))).toMatchObject({ code: 'INPUT_MALFORMED' });
}); // prettier-ignore

const bytes = (...values: number[]) => Buffer.concat([Buffer.from(values), Buffer.alloc(40)]);
const FOREIGN: ReadonlyArray<readonly [string, string | Uint8Array, RegExp]> = [
  ['zstd', bytes(0x28, 0xb5, 0x2f, 0xfd), /zstd.*zstd -d/],
  ['bzip2', Buffer.from('BZh91AY&SY'), /bzip2/],
  ['xz', bytes(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /compressed with xz/],
  ['an Excel workbook', Buffer.from('PK\x03\x04\x14\0\x06\0 [Content_Types].xml'), /Excel.*CSV UTF-8/],
  ['an old Excel workbook', bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), /Excel/],
  ['a zip archive', Buffer.from('PK\x03\x04\x14\0\0\0\0\0 balances.csv'), /zip archive: unpack/],
  ['Parquet', Buffer.from('PAR1\x15\x04\x15'), /Parquet/],
  ['HTML', '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n', /web page \(HTML\)/],
  ['HTML with a byte order mark and blanks', '\ufeff \n<HTML>', /web page \(HTML\)/],
  ['XML', '<?xml version="1.0"?>\n<accounts/>', /XML/],
  ['UTF-32', bytes(0xff, 0xfe, 0, 0, 0x69, 0, 0, 0), /UTF-32/],
  ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\n', /Git LFS/],
];

test.each(FOREIGN)('%s is recognised by its content, in any format and in gzip', async (_, content, reason) => {
  for (const files of [{ 'a.csv': content }, { 'a.json': content }, { 'a.csv.gz': gzipSync(content) }]) {
    const error = await refusal(check(folderOf(files), spot));
    expect(error).toMatchObject({ code: 'INPUT_FORMAT', kind: 'malformed', file: Object.keys(files)[0] });
    expect(error.reason).toMatch(reason);
  }
  // Under its own name too.
  expect(await refusal(check(folderOf({ 'a.dat': content }), spot))).toMatchObject({ code: 'INPUT_FILE_UNKNOWN', reason: expect.stringMatching(reason) as string });
}); // prettier-ignore

test('tokens called PAR1 and ORCA in the first columns make no Parquet and no ORC of a CSV', async () => {
  const config = spotOf('PAR1', 'ORCA');
  for (const head of ['PAR1,ORCA,id', 'ORCA,PAR1,id'])
    expect((await check(folderOf({ 'a.csv': `${head}\n1,1,${keyOf(1)}\n` }), config)).totals).toEqual([
      1n,
      1n,
    ]);
});

const HEADERS: ReadonlyArray<readonly [string, string, string, RegExp]> = [
  ['JSON named .csv', `[{"id":"${keyOf(1)}"}]\n`, 'INPUT_FORMAT', /JSON.*\.json.*\.ndjson/],
  ['lines of CR alone', CSV.replaceAll('\n', '\r'), 'INPUT_FORMAT', /CR alone/],
  ['a comment above the header', `# made by export 7\n${CSV}`, 'CSV_PREAMBLE', /a line stands above the header \(a comment\).*tail -n \+2/],
  ['a preamble above the header', `Balances\nas of;2026\n\n${CSV}`, 'CSV_PREAMBLE', /3 lines stand above the header.*tail -n \+4/],
  ['a preamble above semicolons', `Report\n${CSV.replaceAll(',', ';')}`, 'CSV_PREAMBLE', /above the header/],
  ['no header', CSV.slice(CSV.indexOf('\n') + 1), 'CSV_HEADER_MISSING', /no header.*Expected: ID, BTC, ETH, USDT/],
  ['no header and semicolons', `${keyOf(1)};1;2;3\n`, 'CSV_HEADER_MISSING', /no header/],
  ['no id column', 'uid,"btc",eth\n', 'CSV_COLUMN_MISSING', /ID.*missing\. Columns read: "uid", "btc", "eth"\. Expected: ID, BTC, ETH, USDT.*idColumn/],
  ['a missing token', 'id,btc,usdt\n', 'CSV_COLUMN_MISSING', /ETH.*missing\. .*"unheldAssets"\. Columns read: "id", "btc", "usdt"\. Expected: ID, BTC, ETH, USDT/],
  ['blanks around a name', 'id,btc, eth,usdt\n', 'CSV_COLUMN_MISSING', /Columns read: "id", "btc", " eth"/],
]; // prettier-ignore

test.each(HEADERS)('a CSV file with %s gets its own sentence', async (_, content, code, reason) => {
  const error = await refusal(check(folderOf({ 'a.csv': content }), spot));
  expect(error).toMatchObject({ code, file: 'a.csv', row: 0, line: 1 });
  expect(error.reason).toMatch(reason);
  expect(JSON.stringify(error)).not.toContain(keyOf(1));
});

test.each([
  ['ıd,BTC,USDC,FIL,SS', 'ID'],
  ['id,BTC,uſdc,FIL,SS', 'USDC'],
  ['id,BTC,USDC,ﬁl,SS', 'FIL'],
  ['id,BTC,USDC,FIL,ß', 'SS'],
  ['id,BTC,USDC,FIL,ſs', 'SS'],
])('column names are folded in ASCII only: %s lacks %s', async (header, column) => {
  const config = spotOf('BTC', 'USDC', 'FIL', 'SS');
  const content = (head: string) => ({ 'a.csv': `${head}\n${keyOf(1)},1,2,3,4\n` });
  expect((await check(folderOf(content('iD,bTc,Usdc,fil,ss')), config)).totals).toEqual([1n, 2n, 3n, 4n]);
  const error = await refusal(check(folderOf(content(header)), config));
  expect(error).toMatchObject({ code: 'CSV_COLUMN_MISSING', column });
});

test('the place of a fault is the line in the file: blank lines and quoted line breaks are counted', async () => {
  const text = `\n\nid,btc,eth,usdt,note\n\n${keyOf(1)},1,0,0,"two\nlines"\n\r\n${keyOf(2)},1,0,0,x\n${keyOf(3)},1,0,x,x\n`;
  const config = { ...spot, ignoreColumns: ['note'] };
  for (const files of [{ 'a.csv': text }, { 'a.csv.gz': gzipSync(text) }, { 'a.csv': utf16(text, false) }]) {
    const error = await refusal(check(folderOf(files), config));
    expect(error).toMatchObject({ code: 'ROW_AMOUNT_MALFORMED', row: 3, line: 9 });
    expect(error).not.toHaveProperty('byte');
  }
  await expect(check(folderOf({ 'a.csv': text }), config)).rejects.toThrow(/^a\.csv, line 9 \(row 3\): USDT/);
  await expect(batchesOf(folderOf({ 'a.csv': text }), config)).rejects.toThrow(/^a\.csv, line 9 \(row 3\): USDT/);
  // csv-parse counts the same, by itself.
  const lines = (parse(text, { record_delimiter: ['\n', '\r\n'], skip_empty_lines: true, info: true }) as unknown as { info: { lines: number } }[]).map(({ info }) => info.lines);
  expect(lines.at(-1)).toBe(9);
}); // prettier-ignore

test('the line of a fault in JSON, deep in a large file, and both lines of a duplicate', async () => {
  const record = (n: number, amount = '1') => `{"id":"${numbered(n)}",\n"assets":{"BTC":\n"${amount}"}}`;
  const many = Array.from({ length: 30_000 }, (_, n) => record(n));
  const list = (records: string[]) => ({ 'a.json': `[\n${records.join(',\n')}\n]\n` });
  expect((await check(folderOf(list(many)), spot)).accounts).toBe(30_000);
  expect(await refusal(check(folderOf(list([...many, record(30_000, 'x')])), spot))).toMatchObject({ row: 30_001, line: 90_002 });
  const twice = `id,btc,eth,usdt\n${keyOf(1)},1,0,0\n\n\n${keyOf(2)},1,0,0\n`;
  expect(await refusal(check(folderOf({ 'a.csv': twice, 'b.csv': twice.replace(keyOf(1), keyOf(7)) }), spot))).toMatchObject({
    code: 'ROW_DUPLICATE_ACCOUNT', file: 'b.csv', row: 2, line: 5, firstFile: 'a.csv', firstRow: 2, firstLine: 5,
  });
}); // prettier-ignore

test('a comment among the rows, and a decimal comma that makes a cell more, are told as such', async () => {
  const error = await refusal(check(folderOf({ 'a.csv': `${CSV}# end\n` }), spot));
  expect(error).toMatchObject({ code: 'ROW_ID_MALFORMED', line: 4, reason: expect.stringContaining('comment') as string });
  expect(await refusal(check(folderOf({ 'a.csv': `${CSV}${keyOf(3)},1,5,0,0\n` }), margin))).toMatchObject({ code: 'ROW_COLUMN_COUNT', row: 3 });
}); // prettier-ignore

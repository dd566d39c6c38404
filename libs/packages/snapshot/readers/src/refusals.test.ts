import { gzipSync } from 'node:zlib';
import type { SnapshotConfigInput } from '@solvent-por/snapshot';
import { aggregate, check, folderOf, keyOf, margin, refusal, removeFolders, spot } from '../testing/input';

afterAll(removeFolders);

const record = (assets: string, id = keyOf(9)) => `{"id":"${id}","assets":{${assets}}}`;
const good = (n: number) => record('"BTC":"5"', keyOf(n));
/** The bad record second, so that row 2 is not a coincidence. */
const okx = (bad: string) => ({ 'b.json': `[${good(1)}, ${bad}]` });
const csv = (header: string, ...rows: string[]) => ({ 'b.csv': [header, ...rows].join('\r\n') + '\r\n' });
const row = (...cells: string[]) => [keyOf(3), ...cells].join(',');

type Case = [
  name: string,
  config: SnapshotConfigInput,
  files: Record<string, string | Uint8Array>,
  expected: object,
];

const rows: Case[] = [
  ['an unknown token', spot, okx(record('"XMR":"1"')), { code: 'ROW_TOKEN_UNKNOWN', token: 'XMR' }],
  ['a token in lower case', spot, okx(record('"btc":"1"')), { code: 'ROW_TOKEN_UNKNOWN' }],
  ['a token with space', spot, okx(record('"BTC ":"1"')), { code: 'ROW_TOKEN_UNKNOWN' }],
  ['the empty token', spot, okx(record('"":"1"')), { code: 'ROW_TOKEN_UNKNOWN' }],
  ['the unit as a token', aggregate, okx(record('"USD":"1"')), { code: 'ROW_TOKEN_UNKNOWN' }],
  ['a repeated token', spot, okx(record('"BTC":"1","ETH":"2","BTC":"1"')), { code: 'ROW_TOKEN_REPEATED' }],
  ['a repeated token of 0', aggregate, okx(record('"BTC":"0","BTC":"0"')), { code: 'ROW_TOKEN_REPEATED' }],
  ['a short id', spot, okx(record('', keyOf(1).slice(1))), { code: 'ROW_ID_MALFORMED' }],
  ['an id that is not hex', spot, okx(record('', 'g'.repeat(64))), { code: 'ROW_ID_MALFORMED' }],
  ['an id with 0X', spot, okx(record('', `0X${keyOf(1)}`)), { code: 'ROW_ID_MALFORMED' }],
  ['an id that is a number', spot, okx('{"id":5,"assets":{}}'), { code: 'ROW_ID_MALFORMED' }],
  ['no id', spot, okx('{"assets":{}}'), { code: 'ROW_MEMBER_MISSING' }],
  ['no assets', spot, okx(`{"id":"${keyOf(5)}"}`), { code: 'ROW_MEMBER_MISSING' }],
  ['an empty record', spot, okx('{}'), { code: 'ROW_MEMBER_MISSING' }],
  ['an unknown member', spot, okx(`{"id":"${keyOf(5)}","x":1}`), { code: 'ROW_MEMBER_UNKNOWN' }],
  ['a repeated id', spot, okx(`{"id":"${keyOf(5)}","id":"${keyOf(5)}"}`), { code: 'ROW_MEMBER_REPEATED' }],
  ['repeated assets', spot, okx('{"assets":{},"assets":{}}'), { code: 'ROW_MEMBER_REPEATED' }],
  ['assets that are a list', spot, okx(`{"id":"${keyOf(5)}","assets":[]}`), { code: 'ROW_AMOUNT_MALFORMED' }],
  ...['', '-', '00', '01', '-01', '1.0', '1e-3', '1e100', ' 1', '1 ', '0x10', '1_0', 'NaN'].map(
    (text): Case => [`the amount "${text}"`, margin, okx(record(`"ETH":"${text}"`)), { code: 'ROW_AMOUNT_MALFORMED', token: 'ETH' }],
  ), // prettier-ignore
  ...['5', 'null', 'true', '{}', '["1"]'].map(
    (text): Case => [`the amount ${text}`, spot, okx(record(`"ETH":${text}`)), { code: 'ROW_AMOUNT_MALFORMED' }],
  ),
  ['2^64', aggregate, okx(record('"BTC":"18446744073709551616"')), { code: 'ROW_AMOUNT_OUT_OF_RANGE' }],
  ['99 digits', margin, okx(record(`"BTC":"${'9'.repeat(55)}"`)), { code: 'ROW_AMOUNT_OUT_OF_RANGE' }],
  ['2^44 at 4 limbs', spot, okx(record('"ETH":"17592186044416"')), { code: 'ROW_AMOUNT_OUT_OF_RANGE' }],
  ['a debt in spot', spot, okx(record('"BTC":"9","ETH":"-1"')), { code: 'ROW_DEBT_IN_SPOT', token: 'ETH' }],
  ['a negative net in aggregate', aggregate, okx(record('"BTC":"4","ETH":"-5"')), { code: 'ROW_NET_NEGATIVE' }],
  ['a net of −1 beyond 2^32', aggregate, okx(record('"BTC":"4294967296","ETH":"-4294967297"')), { code: 'ROW_NET_NEGATIVE' }],
  // Rounded to doubles the two are equal: only the exact sum tells (round-trip.test.ts accepts the debt of
  // one less).
  ['a net just below 0 in margin', margin, okx(record('"BTC":"724112000000000000","ETH":"-13020044000000000001"')), { code: 'ROW_NET_NEGATIVE' }],
  ['an empty cell', spot, csv('id,btc,eth,usdt', row('1', '', '0')), { code: 'ROW_AMOUNT_MALFORMED', row: 1, token: 'ETH' }],
  ['a cell too precise', spot, csv('id,btc,eth,usdt', row('1', '0.1234567', '0')), { code: 'ROW_AMOUNT_MALFORMED', row: 1 }],
  ['decimals at scale 0', spot, csv('id,btc,eth,usdt', row('1', '0', '7.5')), { code: 'ROW_AMOUNT_MALFORMED', row: 1 }],
  ...['1.', '.5', '1e-9', '+-1', '01', '1 ', '"1', 'x'].map(
    (cell): Case => [`the cell ${cell}`, margin, csv('id,btc,eth,usdt', row('1', cell, '0')), { code: 'ROW_AMOUNT_MALFORMED', row: 1 }],
  ), // prettier-ignore
  ['too few cells', spot, csv('id,btc,eth,usdt', row('1', '2', '3'), row('1', '2')), { code: 'ROW_COLUMN_COUNT' }],
  ['too many cells', spot, csv('id,btc,eth,usdt', row('1', '2', '3'), row('1', '2', '3', '4')), { code: 'ROW_COLUMN_COUNT' }],
  ['a negative debt column', margin, csv('id,e_btc,d_btc,eth,usdt', row('1', '-1', '0', '0')), { code: 'ROW_AMOUNT_MALFORMED', row: 1 }],
  ['a debt column in spot', spot, csv('id,e_btc,d_btc,eth,usdt', row('1', '1', '0', '0')), { code: 'ROW_DEBT_IN_SPOT', row: 1 }],
  ['2^64 in a cell', spot, csv('id,btc,eth,usdt', row('184467440737.09551616', '0', '0')), { code: 'ROW_AMOUNT_OUT_OF_RANGE', row: 1 }],
]; // prettier-ignore

test.each(rows)('refuses %s', async (_name, config, files, expected) => {
  const error = await refusal(check(folderOf(files), config));
  expect(error).toMatchObject({ kind: 'invalid', file: Object.keys(files)[0], row: 2, ...expected });
  expect(typeof error.reason).toBe('string');
  expect(JSON.stringify(error)).not.toContain(keyOf(3));
  expect(JSON.stringify(error)).not.toContain(keyOf(9));
});

const text = `[${good(1)},${good(2)}]`;
const broken: Case[] = [
  ...[1, 20, 75, 90, good(1).length + 1, good(1).length + 2, text.length - 1].map(
    (length): Case => [`JSON cut off at ${length}`, spot, { 'b.json': text.slice(0, length) }, { code: 'INPUT_TRUNCATED' }],
  ), // prettier-ignore
  ['NDJSON cut off', spot, { 'b.ndjson': `${good(1)}\n${good(2).slice(0, -1)}` }, { code: 'INPUT_TRUNCATED', row: 2 }],
  ['a trailing comma', spot, { 'b.json': `[${good(1)},]` }, { code: 'INPUT_MALFORMED', row: 2 }],
  ['a comma in assets', spot, { 'b.json': `[${record('"BTC":"1",')}]` }, { code: 'INPUT_MALFORMED', row: 1 }],
  ['no comma', spot, { 'b.json': `[${good(1)}${good(2)}]` }, { code: 'INPUT_MALFORMED', row: 2 }],
  ['more after the ]', spot, { 'b.json': `${text} ]` }, { code: 'INPUT_MALFORMED' }],
  ['an object instead of a list', spot, { 'b.json': good(1) }, { code: 'INPUT_MALFORMED' }],
  ['a list instead of lines', spot, { 'b.ndjson': text }, { code: 'INPUT_MALFORMED' }],
  ['two records on a line', spot, { 'b.ndjson': `${good(1)} ${good(2)}\n` }, { code: 'INPUT_MALFORMED' }],
  ['a record over two lines', spot, { 'b.jsonl': good(1).replace(',', ',\n') }, { code: 'INPUT_MALFORMED' }],
  ['an escaped token', spot, { 'b.json': `[${record('"B\\u0054C":"1"')}]` }, { code: 'INPUT_MALFORMED' }],
  ['a NUL between records', spot, { 'b.json': `[${good(1)}\0,${good(2)}]` }, { code: 'INPUT_MALFORMED' }],
  ['a NUL in an amount', spot, { 'b.json': `[${record('"BTC":\0"1"')}]` }, { code: 'INPUT_MALFORMED' }],
  ['a huge record', spot, { 'b.json': `[${good(1).replace(':', ':' + ' '.repeat(2 ** 20))}]` }, { code: 'INPUT_MALFORMED' }],
  ['an endless record', spot, { 'b.json': `[{"id":${' '.repeat(5e6)}` }, { code: 'INPUT_MALFORMED' }],
  ['an endless CSV cell', spot, { 'b.csv': `id,"${'x'.repeat(3e6)}` }, { code: 'INPUT_MALFORMED' }],
  ['an open quote', spot, { 'b.csv': 'id,btc,eth,"usdt' }, { code: 'INPUT_TRUNCATED' }],
  ['a lone CR', spot, { 'b.csv': `id,btc,eth,usdt\n${row('1', '2', '3')}\rx\n` }, { code: 'INPUT_MALFORMED', row: 1 }],
  ['gzip cut off', spot, { 'b.json.gz': gzipSync(text).subarray(0, -9) }, { code: 'INPUT_TRUNCATED' }],
  ['something else named .gz', spot, { 'b.json.gz': text }, { code: 'INPUT_MALFORMED' }],
  ['gzip with a tail', spot, { 'b.json.gz': Buffer.concat([gzipSync(text), Buffer.from('tail')]) }, { code: 'INPUT_MALFORMED' }],
]; // prettier-ignore

test.each(broken)('refuses %s', async (_name, config, files, expected) => {
  const error = await refusal(check(folderOf(files), config));
  expect(error).toMatchObject({ kind: 'malformed', file: Object.keys(files)[0], ...expected });
});

const whole: Case[] = [
  ['an empty list', spot, { 'a.json': text, 'b.json': ' [ ] ' }, { code: 'INPUT_EMPTY', file: 'b.json' }],
  ['an empty NDJSON file', spot, { 'b.ndjson': '\n' }, { code: 'INPUT_EMPTY', file: 'b.ndjson' }],
  ['a CSV of a header', spot, { 'b.csv': 'id,btc,eth,usdt\n' }, { code: 'INPUT_EMPTY', file: 'b.csv' }],
  ['an empty directory', spot, { '.hidden': '' }, { code: 'INPUT_EMPTY' }],
  ['no id column', spot, { 'b.csv': 'btc,eth,usdt\n' }, { code: 'CSV_COLUMN_MISSING', column: 'ID', row: 0 }],
  ...['b.csv', 'b.json', 'b.ndjson', 'b.csv.gz'].map(
    (name): Case => [`an empty file ${name}`, spot, { [name]: '' }, { code: 'INPUT_EMPTY', file: name }],
  ), // prettier-ignore
  ['an empty gzip', spot, { 'b.json.gz': gzipSync('') }, { code: 'INPUT_EMPTY', file: 'b.json.gz' }],
  ['a CSV of blank lines', spot, { 'b.csv': '\r\n\n' }, { code: 'INPUT_EMPTY', file: 'b.csv' }],
  ['a missing column', spot, { 'b.csv': 'id,btc,usdt\n' }, { code: 'CSV_COLUMN_MISSING', column: 'ETH' }],
  ['half a pair', margin, { 'b.csv': 'id,e_btc,btc,eth,usdt\n' }, { code: 'CSV_COLUMN_MISSING', column: 'D_BTC' }],
  ['a repeated column', spot, { 'b.csv': 'id,btc,eth,Btc,usdt\n' }, { code: 'CSV_COLUMN_REPEATED' }],
  ['an unknown column', spot, { 'b.csv': 'id,btc,eth,usdt,rn\n' }, { code: 'CSV_COLUMN_UNKNOWN', column: '"RN"' }],
  ['an unknown pair', margin, { 'b.csv': 'id,btc,eth,usdt,e_sol\n' }, { code: 'CSV_COLUMN_UNKNOWN' }],
]; // prettier-ignore

test.each(whole)('refuses %s', async (_name, config, files, expected) => {
  expect(await refusal(check(folderOf(files), config))).toMatchObject({ kind: 'invalid', ...expected });
});

test('refuses files it does not know, and paths it cannot read', async () => {
  const unknown = { code: 'INPUT_FILE_UNKNOWN', kind: 'usage' };
  expect(await refusal(check(folderOf({ 'a.json': text, 'b.json.bz2': '' }), spot))).toMatchObject(unknown);
  expect(await refusal(check(folderOf({ 'sub/a.json': text }), spot))).toMatchObject(unknown);
  expect(await refusal(check('/nonexistent/x.json', spot))).toMatchObject({ code: 'INPUT_UNREADABLE' });
});

test('names both places of a duplicate account, across files and spellings', async () => {
  const folder = folderOf({
    'a.json': `[${good(1)},${good(2)}]`,
    'b.ndjson': `${good(3)}\n${record('', `0x${keyOf(2).toUpperCase()}`)}\n`,
    'c.ndjson': `${good(1)}\n`,
  });
  const error = await refusal(check(folder, spot));
  expect(error).toMatchObject({
    code: 'ROW_DUPLICATE_ACCOUNT', kind: 'invalid', file: 'b.ndjson', row: 2, firstFile: 'a.json', firstRow: 2, account: '0xaaaaaaaa…',
  }); // prettier-ignore
  expect(JSON.stringify(error)).not.toContain(keyOf(2));
});

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { SolventError } from '@solvent-por/kzg';
import { accountRow, headerOf, parseConfig } from '@solvent-por/snapshot';
import {
  accountsOf, batchesOf, check, folderOf, keyOf, margin, refusal, removeFolders, spot,
} from '../testing/input'; // prettier-ignore
import { CsvRecords } from './csv-records';
import { RECORD_FORMATS, generateSnapshot } from './index';

afterAll(removeFolders);

const HEADER = 'id,btc,eth,usdt\n';
const csv = `${HEADER}${keyOf(1)},1.5,2,3\n${keyOf(2)},0.25,0,98765\n`;
const record = (n: number) => `{"id":"${keyOf(n)}","assets":{"BTC":"98765"}}`;
const ndjson = `${record(1)}\n${record(2)}\n`;

test('a CSV cut within its last number is refused, not read as a smaller balance', async () => {
  expect((await check(folderOf({ 'a.csv': csv }), spot)).totals[2]).toBe(98768n);
  // 9876, 987, 98 and 9 of 98765, and all of it without a line break.
  for (let cut = 1; cut <= 5; cut++) {
    const error = await refusal(check(folderOf({ 'a.csv': csv.slice(0, -cut) }), spot));
    expect(error).toMatchObject({
      code: 'INPUT_TRUNCATED',
      kind: 'malformed',
      file: 'a.csv',
      row: 2,
      line: 3,
    });
    expect(error.reason).toContain('"allowUnterminated": true');
  }
});

test('every cut of a CSV that is not at the end of a line is refused, with CRLF too', () => {
  const config = parseConfig(spot);
  const row = accountRow(config, headerOf(config));
  const codeOf = (text: string): unknown => {
    const reader = new CsvRecords('a.csv', config);
    try {
      reader.feed(Buffer.from(text));
      reader.finish();
      while (reader.next(row));
    } catch (error) {
      return (error as SolventError).code;
    }
    return 'it was accepted';
  };
  let cuts = 0;
  for (const text of [csv, csv.replaceAll('\n', '\r\n')])
    for (let length = 1; length < text.length; length++) {
      if (text[length - 1] === '\n') continue;
      // A header cut off within its first name has none of the names.
      const code = length > 1 ? 'INPUT_TRUNCATED' : 'CSV_COLUMN_MISSING';
      expect([length, codeOf(text.slice(0, length))]).toEqual([length, code]);
      cuts++;
    }
  expect(cuts).toBeGreaterThan(300);
});

test('what generate writes ends in a line break, whatever the format', async () => {
  for (const format of RECORD_FORMATS) {
    const directory = folderOf({});
    const { files } = await generateSnapshot({
      directory,
      accounts: 7,
      assets: 2,
      mode: 'spot',
      format,
      files: 2,
    });
    expect(files.map((file) => readFileSync(file).at(-1))).toEqual([0x0a, 0x0a]);
  }
});

test('an NDJSON file without a line break at its end is refused', async () => {
  expect((await check(folderOf({ 'a.ndjson': ndjson }), spot)).accounts).toBe(2);
  for (const files of [
    { 'a.ndjson': ndjson.slice(0, -1) },
    { 'a.ndjson.gz': gzipSync(ndjson.slice(0, -1)) },
  ]) {
    const error = await refusal(check(folderOf(files), spot));
    expect(error).toMatchObject({ code: 'INPUT_TRUNCATED', row: 2, line: 2 });
    expect(error.reason).toContain('"allowUnterminated": true');
  }
});

test('allowUnterminated reads such files as they are; OKX JSON ends with its ] either way', async () => {
  const allowed = { ...spot, allowUnterminated: true } as const;
  for (const [name, text] of [['a.csv', csv], ['a.ndjson', ndjson]] as const)
    expect(accountsOf(await batchesOf(folderOf({ [name]: text.slice(0, -1) }), allowed))).toEqual(
      accountsOf(await batchesOf(folderOf({ [name]: text }), spot)),
    );
  for (const config of [spot, allowed]) {
    expect((await check(folderOf({ 'a.json': `[${record(1)}]` }), config)).accounts).toBe(1);
    expect(await refusal(check(folderOf({ 'a.json': `[${record(1)}\n` }), config))).toMatchObject({ code: 'INPUT_TRUNCATED' });
  }
  // A number cut off in its form is refused by itself then.
  expect(await refusal(check(folderOf({ 'a.csv': `${HEADER}${keyOf(1)},1,1,1.` }), allowed))).toMatchObject({ code: 'ROW_AMOUNT_MALFORMED' });
}); // prettier-ignore

test('a truncated gzip stream is refused wherever it is cut, whatever is allowed', async () => {
  const bytes = gzipSync(csv);
  for (let length = 2; length < bytes.length; length++) {
    const files = { 'a.csv.gz': bytes.subarray(0, length) };
    const { code } = await refusal(check(folderOf(files), { ...margin, allowUnterminated: true }));
    expect([length, code]).toEqual([length, 'INPUT_TRUNCATED']);
  }
  removeFolders();
});

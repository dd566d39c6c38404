import { gzipSync } from 'node:zlib';
import type { SnapshotConfigInput } from '@solvent-por/snapshot';
import { check, folderOf, keyOf, refusal, removeFolders, spot } from '../testing/input';

afterAll(removeFolders);

const hashed = (n: number) => keyOf(n);
const HEADER = 'id,btc,eth,usdt\n';
const row = (id: string) => `${id},1,0,0\n`;
const plain = { ...spot, accountIds: 'plain', acceptWeakIds: true } as SnapshotConfigInput;
const reasonOf = async (content: string | Uint8Array, config = spot, name = 'a.csv') => {
  const error = await refusal(check(folderOf({ [name]: content }), config));
  return `${String(error.line ?? '')} ${String(error.reason)}`;
};

const ODD: ReadonlyArray<readonly [string, string, RegExp]> = [
  [
    'the header of a second file',
    HEADER + row(hashed(2)),
    /^3 a header stands here once more: two files were put together/,
  ],
  ['a header in another order', `usdt,ID,btc,eth\n${row(hashed(2))}`, /^3 a header stands here once more/],
  [
    'the byte order mark of a second file',
    `\ufeff${HEADER}${row(hashed(2))}`,
    /^3 a byte order mark stands here.*two files were put together/,
  ],
  ['a byte order mark before a row', `\ufeff${row(hashed(2))}`, /^3 a byte order mark stands here/],
  ['the footer of psql', '(2 rows)\n', /^3 this is no account but a line that a program wrote.*remove it/],
  ['a footer with a comma', '(1,234 rows affected)\n', /^3 this is no account/],
  ['a rule of mysql', '+-----+-----+\n', /^3 this is no account/],
  ['a line of blanks', '   \n', /^3 the line is blank.*remove it/],
  ['a line of commas', ',,\n', /^3 the line is blank.*remove it/],
  ['a line of quoted nothing', '"","","",""\n', /^3 the line is blank/],
  ['zero bytes at the end', '\0\0\0', /^3 ends in zero bytes or Ctrl-Z.*tr -d/],
  ['Ctrl-Z at the end', '\x1a', /^3 ends in zero bytes or Ctrl-Z/],
  ['zero bytes amid the file', `\0\0\n${row(hashed(2))}`, /^3 the line begins with zero bytes or Ctrl-Z/],
];

test.each(ODD)('%s is called what it is, not a malformed id', async (_, more, reason) => {
  for (const config of [spot, plain, { ...spot, allowUnterminated: true }] as SnapshotConfigInput[])
    expect(await reasonOf(`${HEADER}${row(hashed(1))}${more}`, config)).toMatch(reason);
});

test('an odd line is known though it comes in pieces, and a line that is an account keeps its own reason', async () => {
  const many = Array.from({ length: 30_000 }, (_, n) => row(n.toString(16).padStart(64, 'b'))).join('');
  expect(await reasonOf(`${HEADER}${many}${HEADER}${row(hashed(1))}`)).toMatch(/^30002 a header stands here/);
  expect(await reasonOf(gzipSync(`${HEADER}${many}(30000 rows)\n`))).toMatch(/^30002 this is no account/);
  expect(await reasonOf(`${HEADER}${row(hashed(1))}5,user-7,1,2\n`)).toMatch(
    /^3 the id must be 64 hex digits/,
  );
  expect(await reasonOf(`${HEADER}${hashed(1)},btc,0,0\n`)).toMatch(/^2 BTC /);
});

test('an unquoted 1,234.5 was split in silence where a nameless column at the end is ignored', async () => {
  const config = { ...spot, ignoreColumns: [''] };
  const header = 'id,btc,eth,usdt,\n';
  for (const rows of [`${hashed(1)},1,234.5,0,0\n`, `${row(hashed(1)).trimEnd()},\n${hashed(2)},1,0,2,500\n`])
    expect(await reasonOf(header + rows, config)).toMatch(
      /last column has no name, so it must be empty.*1,234\.5.*give it a name/,
    );
  expect(
    (await check(folderOf({ 'a.csv': `${header}${hashed(1)},1,0,0,\n${hashed(2)},1,0,0,""\n` }), config))
      .accounts,
  ).toBe(2);
  // Row numbers stand in front.
  expect(
    (await check(folderOf({ 'a.csv': `,id,btc,eth,usdt,,\n7,${hashed(1)},1,0,0,,\n` }), config)).accounts,
  ).toBe(1);
});

test('gzip within gzip is called that, and bytes that are no text are not shown as names of columns', async () => {
  const twice = gzipSync(gzipSync(HEADER + row(hashed(1))));
  for (const name of ['a.csv.gz', 'a.csv', 'a.json'])
    expect(await reasonOf(twice, spot, name)).toMatch(/is gzip within gzip: decompress it once/);
  const binary = await reasonOf(Buffer.from('\x01\x02\x93,\xff\xfa\n', 'latin1'));
  expect(binary).toMatch(/is no text in UTF-8/);
  expect(binary).not.toContain('Columns read');
});

test.each([
  ['id, BTC , eth,usdt\n', /BTC.*is missing.*blanks.* " BTC ": take them out/],
  [' id,BTC,eth,usdt\n', /ID.*is missing.*blanks.*" id"/],
  [
    'id,BTC\u00a0,eth,usdt\n',
    /BTC.*is missing.*"BTC\\u00a0": take them out.*Columns read: "id", "BTC\\u00a0"/,
  ],
  ['id,btc,eth,\u200busdt\n', /USDT.*is missing.*"\\u200busdt"/],
])('blanks around a name of a column are told, the unseen ones as escapes: %j', async (header, reason) => {
  expect(await reasonOf(header)).toMatch(reason);
});

test('without a header no empty list of columns is shown', async () => {
  const reason = await reasonOf(row(hashed(1)));
  expect(reason).toMatch(/looks like an account \(4 cells\).*Expected: ID, BTC/);
  expect(reason).not.toContain('Columns read');
});

test.each([
  [
    'a.ndjson',
    `[{"id":"${keyOf(1)}","assets":{}}]\n`,
    /holds one list, and not one record a line: call it \.json/,
  ],
  [
    'a.json',
    `{"accounts": [{"id":"${keyOf(1)}","assets":{}}]}`,
    /holds an object.*give the list alone \(jq \.accounts FILE\)/,
  ],
  ['a.json', '{"note":1,"data":[]}', /jq \.NAME FILE/],
  ['a.json', `{"id":"${keyOf(1)}","assets":{}}\n`, /holds records, and no list of them: call it \.ndjson/],
  ['a.json', '[][]', /nothing after the closing \] \(give two lists/],
  ['a.tsv', 'id\tbtc\n', /is read when it is called \.csv/],
  ['a.TAB.gz', 'id\tbtc\n', /is read when it is called \.csv/],
])('%s that holds %j is told how to be called', async (name, content, reason) => {
  expect(await reasonOf(content, spot, name)).toMatch(reason);
});

test('a folder in the input is told in a whole sentence', async () => {
  const folder = folderOf({ 'part2/a.csv': HEADER });
  await expect(check(folder, spot)).rejects.toThrow(
    /^part2 is a folder, .*: move its balance files up into the input, .*; or move it out of the input or, if/,
  );
});

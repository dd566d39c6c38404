import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { accountKey } from '@solvent-por/verifier';
import { parseConfig, type SnapshotConfigInput } from '@solvent-por/snapshot';
import { check, folderOf, refusal, removeFolders, spot, OPERATOR } from '../testing/input';
import { joinIdentifiers, type JoinOptions } from './index';

afterAll(removeFolders);

const plain = { ...spot, accountIds: 'plain' } as SnapshotConfigInput;
const KEY = new Uint8Array(32).fill(5);
const run = (input: string, more: Partial<JoinOptions> = {}) =>
  joinIdentifiers({
    input,
    config: parseConfig(plain),
    directory: join(folderOf({}), 'out'),
    key: KEY,
    ...more,
  });
const codesOf = (file: string) =>
  new Map(
    readFileSync(file, 'utf8').trim().split('\r\n').slice(1).map((line) => {
      const [, identifier, code, account, key] = /^("(?:[^"]|"")*"|[^,]*),([^,]*),("(?:[^"]|"")*"|[^,]*),([^,]*)$/.exec(line)!;
      const text = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
      return [text(identifier!), { code: code!, account: text(account!), key: key! }] as const;
    }),
  ); // prettier-ignore

const csv = (...ids: string[]) =>
  `rn,id,btc,eth,usdt\r\n${ids.map((id, n) => `${n},${id},1,0,0\r\n`).join('')}`;
const json = (...ids: string[]) =>
  JSON.stringify(
    ids.map((id) => ({ assets: { BTC: '5' }, id })),
    null,
    1,
  );

test('identifiers that anybody guesses become accounts of 128 secret bits, all other bytes stay', async () => {
  const config = parseConfig({ ...plain, ignoreColumns: ['rn'] });
  const ids = ['1', 'bob@example.com', '"a ""b"", c"', ' spaced '];
  const input = folderOf({
    'a.csv': `\ufeff${csv(...ids)}\r\n`,
    'b.json': ` ${json('Zoë', 'tab\\u0041')} \n`.replace('Zoë', 'Zo\\u0065\\u0308'),
    'c.ndjson.gz': gzipSync(`{"id":"x1","assets":{"ETH":"3"}}\n\n{"id":"x2","assets":{}}\n`),
  });
  const made = await run(input, { config });
  expect(made).toMatchObject({ accounts: 8, files: 3, trimmed: 1, kept: 0 });
  const codes = codesOf(made.codesFile);
  expect([...codes.keys()]).toEqual(['1', 'bob@example.com', 'a "b", c', 'spaced', 'Zoë', 'tab\\u0041', 'x1', 'x2']);
  for (const [identifier, { code, account, key }] of codes) {
    expect(code).toMatch(/^[0-9a-f]{32}$/);
    expect(account).toBe(`${identifier}:${code}`);
    expect(key).toBe(toHex(accountKey(hexBytes(OPERATOR, 32), account)));
  }
  const at = (identifier: string) => codes.get(identifier)!.account;
  const out = (name: string) => readFileSync(join(made.accountsDirectory, name));
  const expected = csv(at('1'), at('bob@example.com'), `"${at('a "b", c').replaceAll('"', '""')}"`, at('spaced'));
  expect(out('a.csv').toString()).toBe(`\ufeff${expected}\r\n`);
  expect(out('b.json').toString()).toBe(` ${json(at('Zoë'), at('tab\\u0041'))} \n`);
  expect(gunzipSync(out('c.ndjson.gz')).toString()).toBe(`{"id":"${at('x1')}","assets":{"ETH":"3"}}\n\n{"id":"${at('x2')}","assets":{}}\n`);
  // What could be guessed is accepted now, and the totals are the same.
  const checked = await check(made.accountsDirectory, { ...plain, ignoreColumns: ['rn'] });
  expect(checked.totals).toEqual((await check(input, { ...plain, ignoreColumns: ['rn'], acceptWeakIds: true })).totals);
}); // prettier-ignore

test('private to its owner', async () => {
  const { codesFile, accountsDirectory } = await run(folderOf({ 'a.json': json('1') }));
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect([codesFile, join(accountsDirectory, 'a.json')].map(mode)).toEqual([0o600, 0o600]);
  expect([accountsDirectory, join(accountsDirectory, '..')].map(mode)).toEqual([0o700, 0o700]);
});

test('next month the same identifier has the same code; with another key the earlier list keeps it', async () => {
  const [october, november] = [folderOf({ 'a.json': json('1', '2,"x"') }), folderOf({ 'z.json': json('3', '2,"x"', '1') })];
  const first = await run(october);
  const codes = codesOf(first.codesFile);
  const same = codesOf((await run(november)).codesFile);
  const other = { key: new Uint8Array(32).fill(6) };
  const anew = codesOf((await run(november, other)).codesFile);
  const kept = await run(november, { ...other, codes: first.codesFile });
  for (const identifier of codes.keys()) {
    expect(same.get(identifier)).toEqual(codes.get(identifier));
    expect(anew.get(identifier)).not.toEqual(codes.get(identifier));
    expect(codesOf(kept.codesFile).get(identifier)).toEqual(codes.get(identifier));
  }
  expect(kept.kept).toBe(2);
  expect((await run(november, { codes: first.codesFile })).kept).toBe(0);
}); // prettier-ignore

test.each<[string, string, string]>([
  ['a row of totals', json('1', 'Total'), 'ROW_TOTAL'],
  ['what was joined before', json(`1:${'ab'.repeat(16)}`), 'ROW_ID_MALFORMED'],
  ['a line break', json('a\\nb').replace('\\\\', '\\'), 'ROW_ID_MALFORMED'],
  ['blanks alone', json('   '), 'ROW_ID_MALFORMED'],
  ['a token that is not configured', json('1').replace('BTC', 'XMR'), 'ROW_TOKEN_UNKNOWN'],
])('refuses %s, and leaves nothing behind', async (_name, text, code) => {
  const directory = join(folderOf({}), 'out');
  expect(await refusal(run(folderOf({ 'a.json': json('first'), 'b.json': text }), { directory }))).toMatchObject({ code, file: 'b.json' }); // prettier-ignore
  expect(existsSync(directory)).toBe(false);
  const empty = folderOf({});
  await refusal(run(folderOf({ 'b.json': text }), { directory: empty }));
  expect(readdirSync(empty)).toEqual([]);
});

test('refuses hashed ids, a folder that holds something, and lists that are none', async () => {
  const input = folderOf({ 'a.json': json('1') });
  expect(await refusal(run(input, { config: parseConfig(spot) }))).toMatchObject({ code: 'IDS_HASHED', kind: 'usage' });
  expect(await refusal(run(input, { directory: folderOf({ x: '' }) }))).toMatchObject({ code: 'OUTPUT_NOT_EMPTY' });
  expect(await refusal(run(input, { codes: '/nonexistent' }))).toMatchObject({ code: 'CODES_UNREADABLE' });
  const head = 'identifier,code\n';
  const code = 'ab'.repeat(16);
  for (const text of ['', 'a,b\n', `${head}1,short\n`, `${head}1,${code}\n1,${'cd'.repeat(16)}\n`]) {
    const codes = join(folderOf({ 'codes.csv': text }), 'codes.csv');
    expect(await refusal(run(input, { codes }))).toMatchObject({ code: 'CODES_MALFORMED', kind: 'malformed' });
  }
  const codes = join(folderOf({}), 'codes.csv');
  writeFileSync(codes, `\ufeff"identifier","code"\r\n"1","${code}"\r\n`);
  expect(codesOf((await run(input, { codes })).codesFile).get('1')!.code).toBe(code);
}); // prettier-ignore

test.each<[string, Record<string, string>, string, number]>([
  ['one with a blank behind it and one without', { 'a.csv': csv('alice ', 'bob', 'alice') }, 'a.csv', 4],
  ['the same twice, in two files and forms', { 'a.csv': csv('bob', 'alice'), 'b.json': json('x', 'alice') }, 'b.json', 0],
  ['one accent composed in two ways', { 'a.csv': csv('Zoe\u0308', 'x', 'Zo\u00eb') }, 'a.csv', 4],
  ['a byte order mark before one', { 'a.csv': csv('x', 'alice', '"\ufeffalice"') }, 'a.csv', 4],
])('two rows became one account, in the list twice: %s are refused, and no list is left', async (_name, files, file, line) => {
  const directory = join(folderOf({}), 'out');
  const config = parseConfig({ ...plain, ignoreColumns: ['rn'] });
  const error = await refusal(run(folderOf(files), { directory, config }));
  expect(error).toMatchObject({ code: 'ROW_DUPLICATE_ACCOUNT', file, firstFile: 'a.csv', firstLine: expect.any(Number) as number });
  if (line > 0) expect(error.line).toBe(line);
  expect(error.reason).toMatch(/is the one of a\.csv, line \d+ \(row \d+\) already.*add the amounts up/);
  expect(JSON.stringify(error)).not.toMatch(/alice|Zo/);
  expect(existsSync(directory)).toBe(false);
}); // prettier-ignore

test('many accounts, in pieces', async () => {
  const ids = Array.from({ length: 40_000 }, (_, n) => String(n));
  const made = await run(
    folderOf({ 'a.ndjson': ids.map((id) => `{"id":"${id}","assets":{"BTC":"1"}}\n`).join('') }),
  );
  expect(codesOf(made.codesFile).size).toBe(40_000);
  expect(await check(made.accountsDirectory, plain)).toMatchObject({
    accounts: 40_000,
    totals: [40_000n, 0n, 0n],
  });
});

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { check, folderOf, keyOf, refusal, removeFolders, spot } from '../testing/input';

afterAll(removeFolders);

const account = (n: number) => `{"id":"${keyOf(n)}","assets":{"BTC":"5"}}\n`;
const one = { 'accounts-0001.ndjson': account(1) };

test.each([
  ['a hidden shard', '.accounts-0002.csv'],
  ['a temporary file of rsync', '.accounts.csv.Ab12Cd'],
  ['a hidden gzip shard', '.accounts-0002.json.gz'],
  ['in upper case', '.ACCOUNTS-0002.CSV'],
  ['a swap file', '.accounts.csv.swp'],
  ['a backup', 'accounts.csv~'],
  ['a backup of Emacs', '#accounts.csv#'],
  ['a half download', 'accounts.csv.part'],
  ['a half copy', 'accounts.csv.tmp'],
  ['a half download of WinSCP', 'accounts-0002.ndjson.filepart'],
  ['a temporary file of a cloud client', 'accounts.csv_.gstmp'],
  ['a folder', 'more/accounts-0002.ndjson'],
  ['a hidden folder of rsync', '.~tmp~/accounts-0002.csv'],
  ['another text', 'README.txt'],
])('refuses %s in the input folder unless it is listed: %s', async (_, name) => {
  const folder = folderOf({ ...one, [name]: account(2) });
  const shown = name.split('/')[0]!;
  const error = await refusal(check(folder, spot));
  expect(error).toMatchObject({ code: 'INPUT_FILE_UNKNOWN', kind: 'usage', file: shown });
  const { accounts, notRead } = await check(folder, { ...spot, ignoreFiles: [shown] });
  expect([accounts, notRead]).toEqual([1, [{ name: shown, reason: 'listed in ignoreFiles' }]]);
});

test('a hidden shard is known by its content too, whatever it is called', async () => {
  for (const text of [account(2), `[${account(2)}]`, 'id,BTC,ETH,USDT\n', 'uid;ID;BTC\n'])
    expect(await refusal(check(folderOf({ ...one, '.Ab12Cd': text }), spot))).toMatchObject({ code: 'INPUT_FILE_UNKNOWN', file: '.Ab12Cd' });
}); // prettier-ignore

test('a name that is not read is told', async () => {
  const folder = folderOf({
    ...one,
    '.DS_Store': Buffer.from('\0\0\0\x01Bud1'),
    '.git/HEAD': 'ref',
    '._accounts-0001.ndjson': Buffer.from('\0\x05\x16\x07\0\x02'),
    '.accounts-0001.ndjson.crc': 'crc\0\0\0\x02',
    'prices.csv': 'symbol,price\n',
  });
  const { accounts, notRead } = await check(folder, { ...spot, ignoreFiles: ['prices.csv', 'absent.csv'] });
  expect(accounts).toBe(1);
  expect(notRead).toEqual([
    ...['.DS_Store', '._accounts-0001.ndjson', '.accounts-0001.ndjson.crc', '.git'].map((name) => ({ name, reason: 'hidden' })),
    { name: 'prices.csv', reason: 'listed in ignoreFiles' },
  ]);
  expect(await refusal(check(folderOf({ '.DS_Store': 'x' }), spot))).toMatchObject({ code: 'INPUT_EMPTY', reason: expect.stringContaining('.DS_Store') as string });
}); // prettier-ignore

test('links: what is read by another name is no shard left out, what leads nowhere is refused', async () => {
  // As Kubernetes mounts a folder: names that lead into a hidden one.
  const folder = folderOf({ '..2026_11/accounts.ndjson': account(1) });
  symlinkSync('..2026_11', join(folder, '..data'));
  symlinkSync(join('..data', 'accounts.ndjson'), join(folder, 'accounts.ndjson'));
  expect(await check(folder, spot)).toMatchObject({
    accounts: 1,
    notRead: [{ name: '..2026_11' }, { name: '..data' }],
  });
  writeFileSync(join(folder, '..2026_11', 'accounts-2.ndjson'), account(2));
  expect(await refusal(check(folder, spot))).toMatchObject({ code: 'INPUT_FILE_UNKNOWN', file: '..2026_11' });

  const broken = folderOf(one);
  symlinkSync('nowhere.csv', join(broken, 'accounts-0002.csv'));
  expect(await refusal(check(broken, spot))).toMatchObject({
    code: 'INPUT_FILE_UNKNOWN',
    file: 'accounts-0002.csv',
  });
  const hidden = folderOf(one);
  mkdirSync(join(hidden, '.old'));
  symlinkSync(join(folder, '..2026_11', 'accounts-2.ndjson'), join(hidden, '.accounts-0002.ndjson'));
  expect(await refusal(check(hidden, spot))).toMatchObject({ file: '.accounts-0002.ndjson' });
});

test('endings are folded in ASCII only', async () => {
  expect((await check(folderOf({ 'A.NDJSON': account(1), 'B.NdJson.GZ': gzipSync(account(2)) }), spot)).accounts).toBe(2);
  expect(await refusal(check(folderOf({ 'a.cſv': 'id' }), spot))).toMatchObject({ code: 'INPUT_FILE_UNKNOWN' });
}); // prettier-ignore

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@solvent-por/kzg';
import { readAccountKeys } from './account-keys';
import { runCli, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
const key = (digit: string) => `0x${digit.repeat(64)}`;

function list(name: string, text: string): string {
  const file = join(root, name);
  writeFileSync(file, text);
  return file;
}

test('keys are read whatever ends their lines, each once', async () => {
  const file = list(
    'keys.txt',
    `\ufeff${key('a')}\r\n\n${key('b')}\r${key('A')}\n  ${key('c').slice(2)}  \r\n${key('d')}`,
  );
  expect((await readAccountKeys(file)).value.map((one) => toHex(one.key))).toEqual(
    ['a', 'b', 'c', 'd'].map(key),
  );
  expect((await readAccountKeys(file)).value.map(({ line }) => line)).toEqual([1, 3, 5, 6]);
});

test('a line break between two pieces of the file is one line break', async () => {
  // 2^18 bytes a piece: a CR is its last one.
  const file = list(
    'pieces.txt',
    `${key('a')}${' '.repeat(512)}\n`.repeat(453) + `${' '.repeat(77)}\r\n${key('b').slice(2)}x`,
  );
  await expect(readAccountKeys(file)).rejects.toMatchObject({
    code: 'KEY_MALFORMED',
    details: { line: 455 },
  });
});

test('a line of 600 MB is refused at its beginning, in one sentence', async () => {
  const file = list('long.txt', `${key('a')}\n`);
  truncateSync(file, 600e6);
  const args = ['prove-user', '--witness', root, '--keys', file, '--output', join(root, 'out')];
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(
    /^FAILED .*long\.txt, line 2 is longer than 1,024 characters.*\(KEYS_MALFORMED\)\n$/,
  );
});

test('more keys, or lines, than a list may have are refused', async () => {
  const [keys, blank] = [
    list('many.txt', `${key('a')}\n${key('b')}\n${key('c')}`),
    list('blank.txt', '\n'.repeat(9)),
  ];
  await expect(readAccountKeys(keys, { keys: 2, lines: 9 })).rejects.toMatchObject({
    code: 'KEYS_TOO_MANY',
    kind: 'usage',
  });
  await expect(readAccountKeys(blank, { keys: 2, lines: 8 })).rejects.toMatchObject({
    code: 'KEYS_TOO_MANY',
  });
  expect((await readAccountKeys(keys, { keys: 3, lines: 3 })).value).toHaveLength(3);
});

test('folders, devices and pipes without an end are refused', async () => {
  mkdirSync(join(root, 'folder'));
  await expect(readAccountKeys(join(root, 'folder'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  await expect(readAccountKeys('/dev/zero')).rejects.toMatchObject({ code: 'KEYS_MALFORMED' });
  await expect(readAccountKeys('/dev/null')).rejects.toMatchObject({ code: 'KEYS_EMPTY' });
  const pipe = join(root, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const writer = spawn('/bin/sh', ['-c', 'yes 0 | tr -d "\\n" > "$0"', pipe], { stdio: 'ignore' });
  const ended = new Promise((resolve) => writer.once('close', resolve));
  await expect(readAccountKeys(pipe)).rejects.toMatchObject({ code: 'KEYS_MALFORMED' });
  await ended;
});

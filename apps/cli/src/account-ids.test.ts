import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@solvent/algebra';
import { readAccountIds } from './account-ids';
import { runCli, temporaryFolder } from './testing/run-cli';

const root = temporaryFolder();
const id = (digit: string) => `0x${digit.repeat(64)}`;

function list(name: string, text: string): string {
  const file = join(root, name);
  writeFileSync(file, text);
  return file;
}

test('ids are read whatever ends their lines, each once', async () => {
  const file = list(
    'ids.txt',
    `\ufeff${id('a')}\r\n\n${id('b')}\r${id('A')}\n  ${id('c').slice(2)}  \r\n${id('d')}`,
  );
  expect((await readAccountIds(file)).value.map(toHex)).toEqual(['a', 'b', 'c', 'd'].map(id));
});

test('a line break between two pieces of the file is one line break', async () => {
  // 2^18 bytes a piece: a CR is its last one.
  const file = list(
    'pieces.txt',
    `${id('a')}${' '.repeat(512)}\n`.repeat(453) + `${' '.repeat(77)}\r\n${id('b').slice(2)}x`,
  );
  await expect(readAccountIds(file)).rejects.toMatchObject({ code: 'ID_MALFORMED', details: { line: 455 } });
});

test('a line of 600 MB is refused at its beginning, in one sentence', async () => {
  const file = list('long.txt', `${id('a')}\n`);
  truncateSync(file, 600e6);
  const args = ['prove-user', '--witness', root, '--ids', file, '--output', join(root, 'out')];
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^FAILED .*long\.txt, line 2 is longer than 1,024 characters.*\(IDS_MALFORMED\)\n$/);
});

test('more ids, or lines, than a list may have are refused', async () => {
  const [ids, blank] = [
    list('many.txt', `${id('a')}\n${id('b')}\n${id('c')}`),
    list('blank.txt', '\n'.repeat(9)),
  ];
  await expect(readAccountIds(ids, { ids: 2, lines: 9 })).rejects.toMatchObject({
    code: 'IDS_TOO_MANY',
    kind: 'usage',
  });
  await expect(readAccountIds(blank, { ids: 2, lines: 8 })).rejects.toMatchObject({ code: 'IDS_TOO_MANY' });
  expect((await readAccountIds(ids, { ids: 3, lines: 3 })).value).toHaveLength(3);
});

test('folders, devices and pipes without an end are refused', async () => {
  mkdirSync(join(root, 'folder'));
  await expect(readAccountIds(join(root, 'folder'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  await expect(readAccountIds('/dev/zero')).rejects.toMatchObject({ code: 'IDS_MALFORMED' });
  await expect(readAccountIds('/dev/null')).rejects.toMatchObject({ code: 'IDS_EMPTY' });
  const pipe = join(root, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const writer = spawn('/bin/sh', ['-c', 'yes 0 | tr -d "\\n" > "$0"', pipe], { stdio: 'ignore' });
  const ended = new Promise((resolve) => writer.once('close', resolve));
  await expect(readAccountIds(pipe)).rejects.toMatchObject({ code: 'IDS_MALFORMED' });
  await ended;
});

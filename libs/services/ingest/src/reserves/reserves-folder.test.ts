import { spawnSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Folders } from '../../testing/balance-files';
import { readDocument, readParts } from './reserves-folder';

const folders = new Folders();
afterAll(() => folders.remove());

async function parts(addresses: string, bytes = addresses.length, partBytes?: number) {
  const folder = folders.of({ 'reserve-addresses.ndjson': addresses });
  const read = [];
  for await (const { content, ...part } of readParts(folder, bytes, partBytes))
    read.push({ ...part, content: Buffer.from(content).toString() });
  return read;
}

test('a part ends with the line that fills it, and lines are counted from 1', async () => {
  expect(await parts('a\nbb\nccc\nd\n', 11, 4)).toEqual([
    { part: 0, firstLine: 1, lines: 2, content: 'a\nbb\n' },
    { part: 1, firstLine: 3, lines: 1, content: 'ccc\n' },
    { part: 2, firstLine: 4, lines: 1, content: 'd\n' },
  ]);
  expect(await parts('')).toEqual([]);
});

test('lines stay whole where pieces of the file end', async () => {
  const lines = Array.from({ length: 9_000 }, (_, i) => `${'x'.repeat(100)}${i}\n`).join('');
  const read = await parts(lines);
  expect(read).toHaveLength(1);
  expect(read[0]!.content).toBe(lines);
});

test.each([
  ['longer than reserves.json says', 'a\nb\n', 2, 'ADDRESSES_UNTRUE'],
  ['shorter', 'a\n', 4, 'ADDRESSES_UNTRUE'],
  ['cut off', 'a\nb', 3, 'FILE_CUT_OFF'],
  ['a line of 65,536 bytes', `${'x'.repeat(65_536)}\n`, 65_537, 'LINE_TOO_LONG'],
])('a file that is %s is refused', async (_, addresses, bytes, code) => {
  await expect(parts(addresses, bytes)).rejects.toMatchObject({ code });
});

test('a pipe that nobody writes into is refused, not waited for', async () => {
  const folder = folders.of({});
  for (const name of ['reserves.json', 'reserve-addresses.ndjson'])
    expect(spawnSync('mkfifo', [join(folder, name)]).status).toBe(0);
  const refused = { code: 'INPUT_UNREADABLE', message: expect.stringContaining('(not a file)') as string };
  await expect(readDocument(folder)).rejects.toMatchObject(refused);
  await expect(readParts(folder, 1).next()).rejects.toMatchObject(refused);
});

test('a sparse file of 100 GB is refused before its holes are read', async () => {
  const folder = folders.of({ 'reserves.json': '', 'reserve-addresses.ndjson': '' });
  for (const name of ['reserves.json', 'reserve-addresses.ndjson']) truncateSync(join(folder, name), 100e9);
  await expect(readDocument(folder)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  await expect(readParts(folder, 11).next()).rejects.toMatchObject({ code: 'ADDRESSES_UNTRUE' });
  await expect(readParts(folder, 100e9).next()).rejects.toMatchObject({ code: 'LINE_TOO_LONG' });
});

test('files that are missing or too long are named, and what to do about them', async () => {
  const nothing = folders.of({});
  await expect(readDocument(nothing)).rejects.toMatchObject({
    code: 'INPUT_UNREADABLE',
    message: expect.stringContaining('solvent reserves build') as string,
  });
  await expect(readParts(nothing, 1).next()).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  const long = folders.of({ 'reserves.json': Buffer.alloc(8 * 1024 * 1024 + 1) });
  await expect(readDocument(long)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
});

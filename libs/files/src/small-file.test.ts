import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSecretFile } from './secret-file';
import { readSmallFile, readSmallFileSync } from './small-file';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'small-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const ways = { readSmallFile, readSmallFileSync };

describe.each(Object.entries(ways))('%s', (_, read) => {
  test.each([0, 3, 4, 5, 9])('of %d bytes no more than one beyond 4', async (length) => {
    const file = join(folder, `f${length}`);
    writeFileSync(file, 'abcdefghi'.slice(0, length));
    expect((await read(file, 4)).toString()).toBe('abcdefghi'.slice(0, Math.min(length, 5)));
  });

  test('a device without an end is read no further', async () => {
    expect(await read('/dev/zero', 1000)).toEqual(Buffer.alloc(1001));
  });

  test('a missing file is the system’s error', async () => {
    await expect((async () => read(join(folder, 'none'), 4))()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('a secret is 64 KiB at most', () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 's'.repeat(64 << 10));
  expect(readSecretFile(file)).toHaveLength(64 << 10);
  writeFileSync(file, 's'.repeat((64 << 10) + 1));
  expect(() => readSecretFile(file)).toThrow(expect.objectContaining({ code: 'EFBIG' }));
});

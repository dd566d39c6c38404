import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomic } from './atomic';
import { lockFolder } from './lock';
import { storageError } from './storage-error';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'storage-'));
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'nowhere', 'at', 'all'), join(folder, 'dangling'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['a file’s place', 'file', /cannot write in .*file: a file is in the way there: move it away/],
  ['a place below a file', 'file/below', /cannot write in .*below: a file is in the way there: move it away/],
  ['a link to nowhere', 'dangling', /cannot write in .*dangling: there is no such folder: make it/],
])('a folder that cannot be made has the code of a file that cannot be written: %s', (_, name, message) => {
  const locked = () => lockFolder(join(folder, name), 'test');
  expect(locked).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED', kind: 'internal' }));
  expect(locked).toThrow(message);
});

test('a file in a folder that is a file', async () => {
  await expect(writeAtomic(join(folder, 'file', 'new'), new Uint8Array(1))).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    details: { reason: 'ENOTDIR' },
  });
});

test('an error that is not the device’s stays what it is', () => {
  for (const error of [new Error('other'), Object.assign(new Error(), { code: 'ENOENT' }), undefined])
    expect(storageError(error, folder)).toBe(error);
});

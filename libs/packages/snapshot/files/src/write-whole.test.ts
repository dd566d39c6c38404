import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from './write-whole';

const folder = mkdtempSync(join(tmpdir(), 'write-whole-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bytes = Buffer.from('a line that is written in pieces\n');

/** A file whose system takes at most so many bytes a write, and no more than `room` in all. */
function small(file: FileHandle, most: number, room = Infinity): Pick<FileHandle, 'write'> {
  let left = room;
  const write = async (data: Uint8Array, offset: number, length: number, position: number) => {
    if (left === 0) throw Object.assign(new Error('file too large'), { code: 'EFBIG' });
    const taken = Math.min(length, most, left);
    left -= taken;
    return file.write(data, offset, taken, position);
  };
  return { write } as unknown as Pick<FileHandle, 'write'>;
}

test('a write that ends early is gone on with, at its place', async () => {
  const file = await open(join(folder, 'whole'), 'w+');
  await file.writeFile('before');
  await writeWhole(small(file, 5), bytes, 6);
  await file.close();
  expect(readFileSync(join(folder, 'whole'), 'utf8')).toBe(`before${bytes.toString()}`);
});

test('where the rest has no room, the system says why', async () => {
  const file = await open(join(folder, 'full'), 'w+');
  await expect(writeWhole(small(file, 100, 7), bytes, 0)).rejects.toMatchObject({ code: 'EFBIG' });
  await file.close();
});

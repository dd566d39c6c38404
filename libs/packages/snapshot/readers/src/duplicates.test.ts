import { createHash } from 'node:crypto';
import fs, { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuplicateFinder } from './duplicates';

const keyOf = (n: number) => new Uint8Array(createHash('sha256').update(`account ${n}`).digest());

test('finds the earliest duplicate after spilling, and leaves no file behind', () => {
  const directory = mkdtempSync(join(tmpdir(), 'solvent-test-'));
  const finder = new DuplicateFinder(directory);
  // More than the 256 · 819 entries that fit into memory.
  for (let n = 0; n < 300_000; n++) finder.add(keyOf(n), n % 7, n);
  expect(finder.find()).toBeUndefined();
  finder.add(keyOf(123_456), 8, 1);
  finder.add(keyOf(5), 8, 2);
  expect(finder.find()).toEqual({
    key: keyOf(123_456),
    first: { file: 123_456 % 7, row: 123_456 },
    second: { file: 8, row: 1 },
  });
  finder.close();
  expect(readdirSync(directory)).toEqual([]);
  rmdirSync(directory);
});

test('one key a hundred thousand times fills no memory and is found', () => {
  const finder = new DuplicateFinder();
  for (let row = 1; row <= 100_000; row++) finder.add(keyOf(1), 0, row);
  expect(finder.find()).toMatchObject({ first: { row: 1 }, second: { row: 2 } });
  finder.close();
});

test('a full temporary folder is named, and how to take another one', () => {
  const full = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  });
  const spill = (directory?: string) => {
    const finder = new DuplicateFinder(directory);
    try {
      for (let row = 1; ; row++) finder.add(keyOf(1), 0, row);
    } finally {
      finder.close();
    }
  };
  try {
    expect(() => spill()).toThrow(
      expect.objectContaining({
        code: 'STORAGE_FAILED',
        kind: 'internal',
        message: `cannot write in ${tmpdir()}, the folder for temporary files (TMPDIR names another one): no space is left there: make room, then give the same command again (ENOSPC)`,
      }),
    );
    expect(() => spill('.')).toThrow('cannot write in .: no space is left');
  } finally {
    full.mockRestore();
  }
});

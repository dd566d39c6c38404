import fc from 'fast-check';
import {
  isProofFolder,
  isProofName,
  isProofPath,
  levelsFor,
  MAX_LEVELS,
  proofName,
  proofPath,
} from './names';

test('a name is a digest of the id, in lower case', () => {
  const name = proofName(new Uint8Array(32));
  expect(name).toBe('b65b59d4cf09cd08fa1d2327c697dcc60e6ae4ad3d3fb06f1dbe34abcaa7a537.json');
  expect(isProofName(name)).toBe(true);
  expect(proofName(new Uint8Array(32).fill(1))).not.toBe(name);
});

test.each([
  [0, 0],
  [4096, 0],
  [4097, 1],
  [256 * 3500, 1],
  [256 * 3500 + 1, 2],
  [256 ** 2 * 3500, 2],
  [2 ** 28, 3],
])('%d files lie in folders %d deep', (count, levels) => {
  expect(levelsFor(count)).toBe(levels);
});

test('what is written is recognised wherever it lies, and nothing else is', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 0, max: MAX_LEVELS }),
      (id, levels) => {
        const path = proofPath(proofName(id), levels);
        const folders = path.split('/');
        const name = folders.pop()!;
        expect([isProofPath(path), isProofName(name), folders.every(isProofFolder)]).toEqual([
          true,
          true,
          true,
        ]);
        expect(folders).toHaveLength(levels);
        for (const other of [
          `0/${path}`,
          `/${path}`,
          `./${path}`,
          path.toUpperCase(),
          `${path}~`,
          `0x${path}`,
        ])
          expect(isProofPath(other)).toBe(false);
      },
    ),
  );
  const name = proofName(new Uint8Array(32));
  expect(isProofPath(`b6/${name}`)).toBe(true);
  for (const path of [
    `b7/${name}`,
    `5b/b6/${name}`,
    `../${name}`,
    `b6//${name}`,
    `b6/5b/59/d4/${name}`,
    name.slice(1),
    '',
  ])
    expect(isProofPath(path)).toBe(false);
  expect(isProofName(proofPath(name, 1))).toBe(false);
});

test('folders are named by the first digits', () => {
  expect(proofPath('abcdef.json', 0)).toBe('abcdef.json');
  expect(proofPath('abcdef.json', 2)).toBe('ab/cd/abcdef.json');
});

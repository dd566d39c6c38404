import { isProofName, levelsFor, proofName, proofPath } from './names';

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

test('folders are named by the first digits', () => {
  expect(proofPath('abcdef.json', 0)).toBe('abcdef.json');
  expect(proofPath('abcdef.json', 2)).toBe('ab/cd/abcdef.json');
});

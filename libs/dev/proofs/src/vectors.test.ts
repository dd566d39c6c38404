import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VECTOR_FUNCTIONS } from './vector-runs';
import { loadVectors, pinnedVectors } from './vectors';

const FOLDER = join(__dirname, '../../../../test-vectors');

test('every folder of vectors can be run, and its row is in the README with every member of its inputs', () => {
  const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  const folders = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  // Those of reserves have forms of their own.
  expect(folders.filter((name) => name !== 'reserves').sort()).toEqual([...VECTOR_FUNCTIONS].sort());
  for (const name of VECTOR_FUNCTIONS) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    const members = loadVectors(name).flatMap(({ input }) => Object.keys(input as object));
    const unnamed = [...new Set(members)].filter((member) => !row.includes(`\`${member}\``));
    expect([name, unnamed.filter((member) => member !== 'claimed')]).toEqual([name, []]);
  }
});

test('a function without vectors is an error, not an empty list', () => {
  expect(() => loadVectors('no-such-function')).toThrow('no test vectors');
});

test('vectors that differ from what the code makes, are missing or left over, are errors', () => {
  const update = process.env.UPDATE_VECTORS;
  delete process.env.UPDATE_VECTORS;
  try {
    const stored = loadVectors('manifest');
    expect(pinnedVectors('manifest', stored)).toEqual(stored);
    const [first, ...rest] = stored;
    expect(() => pinnedVectors('manifest', rest)).toThrow(`${first!.kind}-${first!.name} is no longer made`);
    expect(() => pinnedVectors('manifest', [{ ...first!, expected: 'other' }, ...rest])).toThrow(
      'is not what the code makes',
    );
    expect(() => pinnedVectors('manifest', [...stored, { ...first!, name: 'new' }])).toThrow(
      'is not what the code makes',
    );
  } finally {
    if (update !== undefined) process.env.UPDATE_VECTORS = update;
  }
});

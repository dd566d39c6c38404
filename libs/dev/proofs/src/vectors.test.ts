import { loadVectors, pinnedVectors } from './vectors';

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

import type * as cKzgModule from 'c-kzg';
import { loadedCKzg } from './committer';
import { loadCommitter } from './index';
import { blobOf, randomColumn } from '../../testing/columns';

type CKzg = typeof cKzgModule;
const mockCalls: string[] = [];

jest.mock('c-kzg', () => {
  const library = jest.requireActual<CKzg>('c-kzg');
  return {
    ...library,
    loadTrustedSetup: (...given: Parameters<CKzg['loadTrustedSetup']>) => {
      mockCalls.push('loadTrustedSetup');
      return library.loadTrustedSetup(...given);
    },
    blobToKzgCommitment: (...given: Parameters<CKzg['blobToKzgCommitment']>) => {
      mockCalls.push('blobToKzgCommitment');
      return library.blobToKzgCommitment(...given);
    },
  };
});

test('few commitments never load the set-up of c-kzg; many do, once, and are the same', async () => {
  const { commit, commitSmall, name } = await loadCommitter();
  expect(name).toBe('c-kzg');
  const blob = blobOf(randomColumn(254));
  const expected = commit(blob);
  commitSmall!([{ rows: new Uint16Array(4080).fill(3), reserved: randomColumn(254).slice(0, 16) }]);
  for (let i = 1; i < 100; i++) commit(blob);
  expect(mockCalls).toEqual([]);
  expect(loadedCKzg()).toBeUndefined();
  expect(commit(blob)).toEqual(expected);
  expect(commit(blob)).toEqual(expected);
  // The first commitment of its own is the known one.
  expect(mockCalls).toEqual([
    'loadTrustedSetup',
    'blobToKzgCommitment',
    'blobToKzgCommitment',
    'blobToKzgCommitment',
  ]);
  expect(loadedCKzg()).toBeDefined();
});

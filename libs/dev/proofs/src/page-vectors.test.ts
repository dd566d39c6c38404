import { nobleVerifier } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { accountVectors } from './account-vectors';
import { blindingVectors } from './blinding-vectors';
import { layoutVectors } from './layout-vectors';
import { sumsVectors } from './sums-vectors';
import { plainNobleVerifier } from './plain-noble-verifier';
import { expectedOutcome, outcomesOf } from './vector-runs';
import { pinnedVectors, type Vector } from './vectors';

/**
 * Vectors of single steps of the page, each made by a second implementation; an incorrect one is what a
 * careless implementation gets.
 */
const functions: [string, () => Vector[] | Promise<Vector[]>][] = [
  ['account', accountVectors],
  ['blinding', blindingVectors],
  ['layout', layoutVectors],
  ['sums', sumsVectors],
];

describe.each(functions)('%s', (name, make) => {
  let vectors: Vector[];
  beforeAll(async () => {
    vectors = pinnedVectors(name, await make());
  });

  test('there are correct vectors and others', () => {
    expect(vectors.filter(({ kind }) => kind === 'correct').length).toBeGreaterThanOrEqual(3);
    expect(vectors.filter(({ kind }) => kind !== 'correct').length).toBeGreaterThanOrEqual(8);
  });

  test.each([nativeVerifier(), nobleVerifier(), plainNobleVerifier()])('$name: every vector', async (kzg) => {
    expect(await outcomesOf(name, vectors, kzg)).toEqual(vectors.map(expectedOutcome));
  });
});

import { nobleVerifier } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { accountTreeForgeries } from './account-tree-forgeries';
import { globalForgeries } from './global-forgeries';
import { globalVectors } from './global-vectors';
import { inclusionVectors } from './inclusion-vectors';
import { openingVectors } from './opening-vectors';
import { totalsVectors, treeVectors } from './tree-vectors';
import { plainNobleVerifier } from './plain-noble-verifier';
import { expectedOutcome, outcomesOf } from './vector-runs';
import { pinnedVectors, type Vector } from './vectors';

/** Vectors of what stands above one proof; every verifier runs all of them. */
const functions: [string, () => Promise<Vector[]>][] = [
  ['tree', treeVectors],
  ['totals', totalsVectors],
  [
    'inclusion',
    async () => [
      ...(await inclusionVectors()),
      ...(await openingVectors()),
      ...(await accountTreeForgeries()),
    ],
  ],
  ['global', async () => [...(await globalVectors()), ...(await globalForgeries())]],
];

describe.each(functions)('%s', (name, make) => {
  let vectors: Vector[];
  beforeAll(async () => {
    vectors = pinnedVectors(name, await make());
  });

  test('there are vectors of every kind', () => {
    for (const kind of ['correct', 'incorrect', 'malformed'])
      expect(vectors.filter((vector) => vector.kind === kind).length).toBeGreaterThanOrEqual(3);
  });

  test.each([nativeVerifier(), nobleVerifier(), plainNobleVerifier()])('$name: every vector', async (kzg) => {
    expect(await outcomesOf(name, vectors, kzg)).toEqual(vectors.map(expectedOutcome));
  });
});

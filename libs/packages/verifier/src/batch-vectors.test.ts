import { nobleVerifier } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  batchVectors,
  expectedOutcome,
  outcomesOf,
  pinnedVectors,
  plainNobleVerifier,
  type Vector,
} from '@solvent-por/dev/proofs';

let vectors: Vector[];
beforeAll(async () => {
  vectors = pinnedVectors('batch', await batchVectors());
});

test('there are vectors of every kind', () => {
  for (const kind of ['correct', 'incorrect', 'malformed'])
    expect(vectors.filter((vector) => vector.kind === kind).length).toBeGreaterThan(5);
  expect(vectors.some(({ name }) => name === 'shared-power')).toBe(true);
});

test.each([nativeVerifier(), nobleVerifier(), plainNobleVerifier()])('$name: every vector', async (kzg) => {
  expect(await outcomesOf('batch', vectors, kzg)).toEqual(vectors.map(expectedOutcome));
});

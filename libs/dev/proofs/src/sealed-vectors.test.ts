import { nobleVerifier, SolventError } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { readSealedAgain } from './second-sealed-reader';
import type { SealedVectorInput } from './sealed-vector-parts';
import { sealedVectors } from './sealed-vectors';
import { plainNobleVerifier } from './plain-noble-verifier';
import { expectedOutcome, outcomesOf, sealedSource } from './vector-runs';
import { pinnedVectors, type Vector } from './vectors';
import { unhex } from './verify-file';

/** Vectors of section 15, read by the verifier's reader and by a second one, written apart. */
let vectors: Vector[];
beforeAll(async () => {
  vectors = pinnedVectors('sealed', await sealedVectors());
});

test('there are vectors of every outcome', () => {
  const outcomes = (outcome: string) =>
    vectors.filter(({ expected }) => (expected as { outcome?: string }).outcome === outcome).length;
  expect(outcomes('included')).toBeGreaterThanOrEqual(6);
  expect(outcomes('damaged')).toBeGreaterThanOrEqual(25);
  expect(outcomes('absent')).toBeGreaterThanOrEqual(5);
  expect(outcomes('invalid')).toBeGreaterThanOrEqual(30);
  expect(vectors.filter(({ kind }) => kind === 'malformed').length).toBeGreaterThanOrEqual(20);
});

test.each([nativeVerifier(), nobleVerifier(), plainNobleVerifier()])('$name: every vector', async (kzg) => {
  expect(await outcomesOf('sealed', vectors, kzg)).toEqual(vectors.map(expectedOutcome));
});

test('a second reader, written apart, says the same of every vector', async () => {
  const outcomes: unknown[] = [];
  for (const { name, input } of vectors) outcomes.push(await readAgain(name, input as SealedVectorInput));
  expect(outcomes).toEqual(
    vectors.map(({ kind, name, expected }) => {
      // Codes are ours, the rest is the page's.
      const { code: _code, ...page } = expected as Record<string, unknown>;
      return [kind, name, page];
    }),
  );
});

async function readAgain(name: string, input: SealedVectorInput): Promise<unknown[]> {
  const asked: string[] = [];
  const given = { manifest: input.manifest, key: unhex(input.key) };
  try {
    const found = await readSealedAgain(sealedSource(input, asked), given, nativeVerifier());
    return ['document' in found ? 'correct' : 'incorrect', name, { asked, ...found }];
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { code, kind } = error;
    return [kind, name, code === 'SECOND_READER' ? {} : { code }];
  }
}

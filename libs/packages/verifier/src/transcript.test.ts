import { nobleVerifier } from '@solvent-por/kzg';
import { expectedOutcome, pinnedVectors, runVector, transcriptVectors } from '@solvent-por/dev/proofs';

const vectors = pinnedVectors('transcript', transcriptVectors());

test('there are vectors of every kind', () => {
  for (const kind of ['correct', 'incorrect', 'malformed'])
    expect(vectors.filter((vector) => vector.kind === kind).length).toBeGreaterThan(3);
});

test.each(vectors.map((vector) => [`${vector.kind} ${vector.name}`, vector] as const))(
  '%s',
  async (_, vector) => {
    expect(await runVector('transcript', vector, nobleVerifier())).toEqual(expectedOutcome(vector));
  },
);

test('every absorbed byte changes the challenge, and how it is cut into parts does not', () => {
  const named = (name: string) => vectors.find((vector) => vector.name === name)!.expected;
  expect(named('one-part')).toEqual(named('the-same-in-two-parts'));
  expect(named('one-part')).not.toEqual(named('another-label'));
  expect(named('nothing-absorbed')).not.toEqual(named('no-data'));
});

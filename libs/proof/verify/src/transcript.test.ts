import { hexBytes, toBytes, toHex } from '@solvent/algebra';
import { pinnedVectors, transcriptVectors, type TranscriptInput } from '@solvent/testing';
import { Transcript } from './transcript';

function run({ name, steps }: TranscriptInput): string[] {
  const transcript = new Transcript(name);
  const challenges: string[] = [];
  for (const step of steps)
    if ('absorb' in step)
      transcript.absorb(step.absorb, ...step.data.map((hex) => hexBytes(hex, (hex.length - 2) / 2)));
    else challenges.push(toHex(toBytes(transcript.challenge(step.challenge))));
  return challenges;
}

const vectors = pinnedVectors('transcript', transcriptVectors());

test('there are vectors of every kind', () => {
  for (const kind of ['correct', 'incorrect', 'malformed'])
    expect(vectors.filter((vector) => vector.kind === kind).length).toBeGreaterThan(3);
});

test.each(vectors.map((vector) => [`${vector.kind} ${vector.name}`, vector] as const))('%s', (_, vector) => {
  const input = vector.input as TranscriptInput;
  if (vector.kind === 'malformed') {
    expect(() => run(input)).toThrow(
      expect.objectContaining({ kind: 'malformed', ...(vector.expected as object) }),
    );
    return;
  }
  const challenges = run(input);
  if (vector.kind === 'correct') expect({ challenges }).toEqual(vector.expected);
  else {
    expect(input.challenges).toHaveLength(challenges.length);
    challenges.forEach((challenge, i) => expect(challenge).not.toBe(input.challenges![i]));
  }
});

test('every absorbed byte changes the challenge, and how it is cut into parts does not', () => {
  const named = (name: string) => vectors.find((vector) => vector.name === name)!.expected;
  expect(named('one-part')).toEqual(named('the-same-in-two-parts'));
  expect(named('one-part')).not.toEqual(named('another-label'));
  expect(named('nothing-absorbed')).not.toEqual(named('no-data'));
});

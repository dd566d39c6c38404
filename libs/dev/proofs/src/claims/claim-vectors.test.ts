import { nobleVerifier } from '@solvent-por/kzg';
import { expectedOutcome, outcomesOf } from '../vector-runs';
import { pinnedVectors, type Vector } from '../vectors';
import { accessVectors } from './access-vectors';
import { claimVectors } from './claim-vectors';
import { linkVectors } from './link-vectors';

let vectors: Vector[];
beforeAll(() => {
  vectors = pinnedVectors('claims', claimVectors());
});

test('there are claims to be taken, found false and refused', () => {
  const count = (wanted: string) => vectors.filter(({ kind }) => kind === wanted).length;
  expect(count('correct')).toBeGreaterThanOrEqual(5);
  expect(count('incorrect')).toBeGreaterThanOrEqual(25);
  expect(count('malformed')).toBeGreaterThanOrEqual(30);
});

test('every vector', async () => {
  expect(await outcomesOf('claims', vectors, nobleVerifier())).toEqual(vectors.map(expectedOutcome));
});

test('what a claim file is handed out for: every vector, of careless implementations too', async () => {
  const access = pinnedVectors('claim-access', accessVectors());
  expect(access.filter(({ kind }) => kind === 'incorrect').length).toBeGreaterThanOrEqual(6);
  expect(await outcomesOf('claim-access', access, nobleVerifier())).toEqual(access.map(expectedOutcome));
});

test('a claim in a link: every vector', async () => {
  const links = pinnedVectors('claim-link', linkVectors());
  expect(links.filter(({ kind }) => kind === 'malformed').length).toBeGreaterThanOrEqual(25);
  expect(await outcomesOf('claim-link', links, nobleVerifier())).toEqual(links.map(expectedOutcome));
});

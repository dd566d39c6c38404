import { utf8 } from '@solvent/algebra';
import {
  helperCount,
  maxProofLineBytes,
  parseProof,
  parseUnsummedProof,
  proofLineBytes,
  proofToJson,
  type SummedProof,
} from './batch-proof';
import { canonicalJson } from './canonical';
import { QUOTIENT_CHUNKS, type Layout } from './layout';

/** Of a layout, all that the form of a line depends on. */
const layoutWith = (limbs: number, maxBatches: number): Layout => ({
  limbs,
  maxBatches,
  bases: [],
  published: [],
  relations: [],
  paired: [],
  inputs: [],
});
/** No proof, but one in form. */
function formOf(layout: Layout, k: number, first: number): SummedProof {
  const list = <T>(count: number, item: T) => Array.from({ length: count }, () => item);
  const [point, hash, scalar] = [new Uint8Array(48), new Uint8Array(32), 5n];
  const columns = <T>(item: T) => ({
    limbs: list(k * layout.limbs, item),
    multiplicity: item,
    helpers: list(helperCount(layout, k), item),
    table: item,
  });
  return {
    first,
    accounts: list(k, hash),
    commitments: { ...columns(point), quotient: list(QUOTIENT_CHUNKS, point) },
    evaluations: { ...columns(scalar), shifted: scalar },
    openings: { zeta: point, omegaZeta: point, zero: point },
    sums: list(k, point),
  };
}
const lineOf = (proof: SummedProof) => canonicalJson(proofToJson(proof));

test.each([
  [1, 1],
  [1, 16],
  [3, 2],
  [4, 5],
  [12, 16],
])('a line has exactly the bytes that are foretold: %i limbs, %i batches', (limbs, k) => {
  const layout = layoutWith(limbs, k);
  for (const first of [0, 9, 10, 65_535]) {
    const proof = formOf(layout, k, first);
    expect(proofLineBytes(layout, k, first)).toBe(utf8(lineOf(proof)).length);
    expect(parseProof(JSON.parse(lineOf(proof)), layout)).toEqual(proof);
  }
  expect(maxProofLineBytes(layout)).toBe(lineOf(formOf(layout, k, 65_535)).length);
  expect(maxProofLineBytes(layout, 7)).toBe(lineOf(formOf(layout, k, 7)).length);
});

test('a proof without its sums is another document than a line', () => {
  const layout = layoutWith(2, 1);
  const { sums, ...unsummed } = formOf(layout, 1, 0);
  const kept: unknown = JSON.parse(canonicalJson(proofToJson(unsummed)));
  expect(kept).not.toHaveProperty('sums');
  expect(parseUnsummedProof(kept, layout)).toEqual(unsummed);
  const line: unknown = JSON.parse(lineOf({ ...unsummed, sums }));
  const malformed = expect.objectContaining({ code: 'PROOF_MALFORMED' });
  expect(() => parseUnsummedProof(line, layout)).toThrow(malformed);
  expect(() => parseProof(kept, layout)).toThrow(malformed);
});

test('a first batch past the last that a snapshot can have is refused', () => {
  const layout = layoutWith(1, 1);
  const value: unknown = JSON.parse(lineOf(formOf(layout, 1, 65_536)));
  expect(() => parseProof(value, layout)).toThrow(
    expect.objectContaining({ code: 'PROOF_MALFORMED', details: { member: 'first' } }),
  );
});

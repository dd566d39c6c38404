import { R, toBytes, toHex, utf8 } from '@solvent-por/kzg';
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

test('what is malformed is named, and numbers from the field order on are', () => {
  const layout = layoutWith(2, 1);
  const line = lineOf(formOf(layout, 1, 0));
  const hex = (x: bigint) => toHex(toBytes(x));
  const refusedAt = (path: string, value: unknown, member = path) => {
    const json = JSON.parse(line) as object;
    const names = path.split(/[.[\]]+/).filter((name) => name !== '');
    const last = names.pop()!;
    const parent = names.reduce((at, name) => (at as Record<string, object>)[name]!, json);
    (parent as Record<string, unknown>)[last] = value;
    expect(() => parseProof(json, layout)).toThrow(
      expect.objectContaining({ code: 'PROOF_MALFORMED', kind: 'malformed', details: { member } }),
    );
  };
  expect(() => parseProof(5, layout)).toThrow(expect.objectContaining({ details: { member: 'proof' } }));
  expect(() => parseUnsummedProof(5, layout)).toThrow(
    expect.objectContaining({ details: { member: 'proof' } }),
  );
  for (const name of ['accounts', 'commitments', 'evaluations', 'openings', 'sums', 'first'])
    refusedAt(name, null);
  for (const name of ['accounts', 'sums', 'commitments.limbs', 'commitments.helpers', 'commitments.quotient'])
    for (const list of [[], Array(9).fill(toHex(new Uint8Array(48)))]) refusedAt(name, list);
  for (const name of ['limbs', 'helpers']) refusedAt(`evaluations.${name}`, []);
  for (const name of ['accounts[0]', 'sums[0]', 'commitments.limbs[1]', 'commitments.helpers[0]'])
    refusedAt(name, '0x00');
  for (const name of ['multiplicity', 'table', 'quotient[3]']) refusedAt(`commitments.${name}`, '0x00');
  for (const name of ['zeta', 'omegaZeta', 'zero']) refusedAt(`openings.${name}`, '0x00');
  for (const name of ['limbs[1]', 'multiplicity', 'helpers[0]', 'table', 'shifted']) {
    for (const value of ['0x00', hex(R), hex(R + 1n), hex(2n ** 256n - 1n)])
      refusedAt(`evaluations.${name}`, value);
  }
  const largest = JSON.parse(line) as { evaluations: { shifted: string } };
  largest.evaluations.shifted = hex(R - 1n);
  expect(parseProof(largest, layout).evaluations.shifted).toBe(R - 1n);
});

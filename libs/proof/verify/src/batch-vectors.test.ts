import {
  decodeUncompressed,
  encodePoints,
  nobleVerifier,
  toHex,
  utf8,
  type KzgVerifier,
} from '@solvent/algebra';
import { nativeVerifier } from '@solvent/algebra/native';
import { batchVectors, pinnedVectors, type BatchVectorInput, type Vector } from '@solvent/testing';
import { headerDigest, parseHeader } from './header';
import { layoutOf } from './layout';
import { verifyProofLine } from './proof-line';
import { leafNode } from './sum-tree';

/** What a vector's `expected` is compared with; throws for malformed lines. */
function run({ header: json, line }: BatchVectorInput, kzg: KzgVerifier): object {
  const header = parseHeader(json);
  const digest = headerDigest(header);
  const verdict = verifyProofLine(utf8(line), { layout: layoutOf(header), headerDigest: digest, kzg });
  if (!verdict.valid) return { valid: false, code: verdict.code };
  return {
    valid: true,
    first: verdict.first,
    leaves: verdict.batches.map(({ tag, sums }, i) => {
      const points = decodeUncompressed(sums);
      const { hash } = leafNode(digest, verdict.first + i, tag, points);
      return { hash: toHex(hash), sums: encodePoints(points).map(toHex) };
    }),
  };
}

let vectors: Vector[];
beforeAll(async () => {
  vectors = pinnedVectors('batch', await batchVectors());
});

test('there are vectors of every kind', () => {
  for (const kind of ['correct', 'incorrect', 'malformed'])
    expect(vectors.filter((vector) => vector.kind === kind).length).toBeGreaterThan(5);
  expect(vectors.some(({ name }) => name === 'shared-power')).toBe(true);
});

test.each([nativeVerifier(), nobleVerifier()])('$name: every vector', (kzg) => {
  const outcomes = vectors.map(({ kind, name, input }) => {
    try {
      return [kind, name, run(input as BatchVectorInput, kzg)];
    } catch (error) {
      const { code, kind: failure, details } = error as { code: string; kind: string; details: object };
      return [failure, name, { code, ...(Object.keys(details ?? {}).length > 0 ? { details } : {}) }];
    }
  });
  expect(outcomes).toEqual(vectors.map(({ kind, name, expected }) => [kind, name, expected]));
});

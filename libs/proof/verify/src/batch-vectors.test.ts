import {
  decodeUncompressed,
  fromBytes,
  hexBytes,
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
function run({ header: json, line, gamma }: BatchVectorInput, kzg: KzgVerifier): object {
  const header = parseHeader(json);
  const digest = headerDigest(header);
  const context = {
    layout: layoutOf(header),
    headerDigest: digest,
    kzg,
    gamma: fromBytes(hexBytes(gamma, 32)),
  };
  const verdict = verifyProofLine(utf8(line), context);
  if (!verdict.valid) return { valid: false, code: verdict.code };
  return {
    valid: true,
    first: verdict.first,
    batches: verdict.batches.map(({ accounts, digest: digestOfBatch, point }, i) => {
      const [sum] = decodeUncompressed([point]);
      const { hash } = leafNode(digest, verdict.first + i, accounts, sum!);
      return { digest: toHex(digestOfBatch), leaf: toHex(hash) };
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

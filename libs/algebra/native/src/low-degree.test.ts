import {
  encodePoints,
  G1_BASE,
  G1_ZERO,
  mod,
  nobleVerifier,
  rowPoint,
  ROWS,
  type G1Point,
} from '@solvent/algebra';
import { loadCommitter } from './committer';
import { loadLowDegreeCommitter } from './low-degree';
import { blobOf } from './test-columns';
import { nativeVerifier } from './verifier';

/** Powers of τ in G1, and pairings with those in G2. */
const power = (i: number): bigint[] => [...new Array<bigint>(i).fill(0n), 1n];
let powers: { readonly 1: G1Point; readonly 8: G1Point; readonly 64: G1Point };

beforeAll(async () => {
  const low = await loadLowDegreeCommitter();
  const [one, eight] = low.commitLow([power(1), power(8)]);
  const column = Array.from({ length: ROWS }, (_, row) => rowPoint(64 * row));
  const [sixtyFour] = nativeVerifier().decodePoints([(await loadCommitter()).commit(blobOf(column))]);
  powers = { 1: one!, 8: eight!, 64: sixtyFour! };
});

test('commitments to polynomials are those to their columns', async () => {
  const low = await loadLowDegreeCommitter();
  const { commit } = await loadCommitter();
  for (const coefficients of [[], [5n], [0n, 7n], Array.from({ length: 64 }, (_, i) => BigInt(i) ** 30n)]) {
    const column = Array.from({ length: ROWS }, (_, row) =>
      coefficients.reduce((sum, c, i) => sum + c * rowPoint(i * row), 0n),
    );
    const [point] = encodePoints(low.commitLow([coefficients]));
    expect(point).toEqual(commit(blobOf(column.map((x) => mod(x)))));
  }
});

test.each([nativeVerifier(), nobleVerifier()])(
  '$name: each opening meets its own power of τ and no other',
  (kzg) => {
    const holds = (a: G1Point, ...rest: (G1Point | undefined)[]) =>
      kzg.pairingHolds(a, rest[0]!, rest[1], rest[2]);
    expect(holds(powers[1], G1_BASE)).toBe(true);
    expect(holds(powers[8], G1_ZERO, G1_BASE)).toBe(true);
    expect(holds(powers[64], G1_ZERO, G1_ZERO, G1_BASE)).toBe(true);
    expect(holds(powers[64], G1_ZERO, undefined, G1_BASE)).toBe(true);
    const sum = powers[1].add(powers[8]).add(powers[64]);
    expect(holds(sum, G1_BASE, G1_BASE, G1_BASE)).toBe(true);
    expect(holds(powers[8], G1_BASE)).toBe(false);
    expect(holds(powers[64], G1_ZERO, G1_BASE)).toBe(false);
    expect(holds(powers[1], G1_ZERO, G1_ZERO, G1_BASE)).toBe(false);
    expect(holds(sum, G1_BASE, G1_BASE)).toBe(false);
    expect(holds(sum.add(G1_BASE), G1_BASE, G1_BASE, G1_BASE)).toBe(false);
    expect(holds(G1_ZERO, G1_ZERO, G1_ZERO, G1_ZERO)).toBe(true);
    expect(holds(G1_ZERO, G1_ZERO, G1_ZERO, G1_BASE)).toBe(false);
  },
);

import {
  encodePoints,
  G1_BASE,
  G1_ZERO,
  nobleVerifier,
  rowPoint,
  ROWS,
  type G1Point,
} from '@solvent-por/kzg';
import { loadCommitter } from './committer';
import { loadSetUpPoints } from './set-up-points';
import { blobOf } from '../../testing/columns';
import { nativeVerifier } from './verifier';

/** Powers of τ in G1, and pairings with those in G2. */
let powers: { readonly 1: G1Point; readonly 8: G1Point; readonly 64: G1Point };

beforeAll(async () => {
  const bytes = (await loadSetUpPoints()).powers;
  const [one, eight, sixtyFour] = nativeVerifier().decodePoints(
    [1, 8, 64].map((i) => bytes.slice(48 * i, 48 * (i + 1))),
  );
  powers = { 1: one!, 8: eight!, 64: sixtyFour! };
});

test('a power is the commitment to the column of its monomial', async () => {
  const { commit } = await loadCommitter();
  for (const i of [1, 8, 64] as const)
    expect(encodePoints([powers[i]])[0]).toEqual(
      commit(blobOf(Array.from({ length: ROWS }, (_, row) => rowPoint(i * row)))),
    );
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

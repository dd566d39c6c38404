import { bls12_381 } from '@noble/curves/bls12-381.js';
import { badPoints, goodPoints, hex } from '../../testing/bad-points';
import { inSubgroup } from './jacobian';
import { nobleVerifier } from './noble-verifier';
import { encodePoints, G1_BASE, G1_ZERO } from './points';

const verifier = nobleVerifier();

describe('decoding compressed points', () => {
  it.each(Object.entries(goodPoints()))('takes %s and encodes it alike', (_, text) => {
    const [point] = verifier.decodePoints([Buffer.from(text, 'hex')]);
    expect(hex(encodePoints([point!])[0]!)).toBe(text);
    expect(point!.equals(bls12_381.G1.Point.fromHex(text))).toBe(true);
  });

  it.each(Object.entries(badPoints()))('refuses %s', (_, text) => {
    const encoded = [...encodePoints([G1_BASE]), Buffer.from(text, 'hex')];
    expect(() => verifier.decodePoints(encoded)).toThrow(
      expect.objectContaining({ code: 'POINT_MALFORMED', kind: 'malformed', details: { index: 1 } }),
    );
  });

  it('agrees with @noble/curves on 40 multiples of the generator', () => {
    const points = Array.from({ length: 40 }, (_, i) =>
      bls12_381.G1.Point.BASE.multiply(7n ** BigInt(60 + (i % 30)) + BigInt(i)),
    );
    verifier
      .decodePoints(points.map((point) => point.toBytes()))
      .forEach((point, i) => expect(points[i]!.equals(point as never)).toBe(true));
  });

  it('tells the subgroup as @noble/curves does', () => {
    const { Point } = bls12_381.G1;
    const { Fp } = Point;
    let outside = 0;
    for (let x = 0n; x < 20n; x++) {
      let y: bigint;
      try {
        y = Fp.sqrt(Fp.add(Fp.pow(x, 3n), 4n));
      } catch {
        continue;
      }
      const point = Point.fromAffine({ x, y });
      expect(inSubgroup({ x, y })).toBe(point.isTorsionFree());
      const cleared = point.clearCofactor();
      if (!cleared.is0()) expect(inSubgroup(cleared.toAffine())).toBe(true);
      outside++;
    }
    expect(outside).toBeGreaterThan(5);
  });

  it('decodes nothing to nothing', () => expect(verifier.decodePoints([])).toEqual([]));
});

test('a batch with infinity among projective points is encoded as one by one', () => {
  const five = G1_BASE.double().double().add(G1_BASE);
  const points = [G1_ZERO, five, five.negate(), G1_BASE.subtract(G1_BASE), G1_BASE];
  const infinity = `c0${'00'.repeat(47)}`;
  const finite = (point: unknown): string => (point as typeof bls12_381.G1.Point.BASE).toHex(true);
  expect(encodePoints(points).map(hex)).toEqual([
    infinity,
    finite(five),
    finite(five.negate()),
    infinity,
    finite(G1_BASE),
  ]);
  expect(encodePoints([])).toEqual([]);
});

test("decoding leaves the caller's bytes alone, a Buffer's too", () => {
  for (const bytes of [
    Buffer.from(goodPoints()['negated generator']!, 'hex'),
    encodePoints([G1_BASE.negate()])[0]!,
  ]) {
    const before = hex(bytes);
    verifier.decodePoints([bytes]);
    expect(hex(bytes)).toBe(before);
  }
});

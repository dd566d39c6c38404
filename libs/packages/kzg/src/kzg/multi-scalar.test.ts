import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import * as fc from 'fast-check';
import { mod, R } from '../field';
import { createMultiScalar } from '../g1';
import type { G1Point } from '../kzg';
import { sums } from './affine-sums';
import { add, double, INFINITY, toAffine } from './jacobian';
import { multiScalar as inJavaScript } from './multi-scalar';
import { concrete, G1, G1_BASE, G1_ZERO, horner } from './points';

/** i·G for i = 0…n−1. */
function multiples(n: number): G1Point[] {
  const points = [G1_ZERO];
  while (points.length < n) points.push(points[points.length - 1]!.add(G1_BASE));
  return points;
}

const scalar = fc.oneof(
  fc.bigInt(0n, R - 1n),
  fc.bigInt(0n, 8n),
  fc.constantFrom(0n, 1n, R - 1n, R - 2n, 1n << 128n, (1n << 254n) - 1n),
);

describe.each([
  ['in JavaScript', inJavaScript],
  ['by the kernels', createMultiScalar()],
])('multi-scalar multiplication %s', (_, multiScalar) => {
  it('is 0 of nothing, of zeros and of infinities', () => {
    expect(multiScalar([], []).is0()).toBe(true);
    expect(multiScalar([G1_BASE, G1_ZERO], [0n, 5n]).is0()).toBe(true);
    expect(multiScalar(multiples(100), new Array<bigint>(100).fill(0n)).is0()).toBe(true);
  });

  it('agrees with Σ scalar·index at the generator, whatever repeats or cancels', () => {
    const known = multiples(40);
    const term = fc.record({ index: fc.nat(39), negative: fc.boolean(), scalar });
    fc.assert(
      fc.property(fc.array(term, { minLength: 0, maxLength: 70 }), (terms) => {
        const points = terms.map(({ index, negative }) =>
          negative ? known[index]!.negate() : known[index]!,
        );
        const total = terms.reduce(
          (sum, t) => mod(sum + (t.negative ? -1n : 1n) * t.scalar * BigInt(t.index)),
          0n,
        );
        const expected = G1.BASE.multiplyUnsafe(total);
        expect(
          expected.equals(
            multiScalar(
              points,
              terms.map((t) => t.scalar),
            ) as never,
          ),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with @noble/curves on random points, equal and opposite ones and infinity among them', () => {
    const term = fc.record({
      point: fc.oneof(fc.bigInt(0n, R - 1n), fc.constantFrom(0n, 1n, R - 1n)),
      scalar,
    });
    fc.assert(
      fc.property(fc.array(term, { maxLength: 12 }), fc.nat(3), (terms, repeats) => {
        const once = terms.map(({ point }) => (point === 0n ? G1.ZERO : G1.BASE.multiplyUnsafe(point)));
        const points = [...once, ...once.slice(0, repeats), ...once.slice(0, repeats).map((p) => p.negate())];
        const scalars = points.map((_, i) => terms[i % terms.length]?.scalar ?? 0n);
        const expected = points.reduce(
          (sum, point, i) => sum.add(scalars[i] === 0n ? G1.ZERO : point.multiplyUnsafe(scalars[i]!)),
          G1.ZERO,
        );
        expect(expected.equals(multiScalar(points, scalars) as never)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it.each([15, 16, 17, 23, 24, 63, 64, 300, 1100])('agrees with @noble/curves for %i points', (n) => {
    const points = multiples(n + 1).slice(1);
    const scalars = points.map((_, i) => mod(7n ** BigInt(100 + (i % 200)) - BigInt(i)));
    expect(mulAddUnsafe(G1, concrete(points), scalars).equals(multiScalar(points, scalars) as never)).toBe(
      true,
    );
  });

  it('sums more points than the kernels take at a time', () => {
    const points = multiples(4096 + 30);
    const scalars = points.map((_, i) => mod(5n ** BigInt(110 + (i % 50)) + BigInt(i)));
    const total = scalars.reduce((sum, s, i) => mod(sum + s * BigInt(i)), 0n);
    expect(G1.BASE.multiply(total).equals(multiScalar(points, scalars) as never)).toBe(true);
  });

  it('sums many copies of one point and of its opposite', () => {
    const same = new Array<G1Point>(64).fill(G1_BASE.double());
    expect(G1.BASE.multiply(128n).equals(multiScalar(same, new Array<bigint>(64).fill(1n)) as never)).toBe(
      true,
    );
    const both = same.map((point, i) => (i % 2 ? point.negate() : point));
    expect(multiScalar(both, new Array<bigint>(64).fill(R - 3n)).is0()).toBe(true);
  });

  it('refuses scalars out of range and lists of different lengths', () => {
    expect(() => multiScalar([G1_BASE], [R])).toThrow(RangeError);
    expect(() => multiScalar([G1_BASE], [-1n])).toThrow(RangeError);
    expect(() => multiScalar([G1_BASE], [])).toThrow(RangeError);
    const many = multiples(101).slice(1);
    expect(() => multiScalar(many, [...many.slice(1).map(() => 1n), R])).toThrow(RangeError);
    expect(() => multiScalar(many, [1n])).toThrow(RangeError);
    // Infinity adds nothing, and its scalar is held to the range all the same.
    for (const bad of [R, -1n])
      expect(() => multiScalar([G1_ZERO, ...many], [bad, ...many.map(() => 1n)])).toThrow(RangeError);
    expect(() => multiScalar([{} as G1Point], [1n])).toThrow(TypeError);
  });
});

describe('exceptional additions', () => {
  const { x, y } = G1.BASE.toAffine();
  const generator = { X: x, Y: y, Z: 1n };
  const scaled = { X: x * 4n, Y: y * 8n, Z: 2n };
  const affine = (point: typeof generator): unknown => toAffine(point, G1.Fp.inv(G1.Fp.create(point.Z)));

  it('equal, opposite and infinite points in Jacobian coordinates', () => {
    expect(affine(add(generator, scaled))).toEqual(G1.BASE.double().toAffine());
    expect(affine(double(scaled))).toEqual(G1.BASE.double().toAffine());
    expect(add(generator, { ...scaled, Y: -scaled.Y }).Z).toBe(0n);
    expect(add(INFINITY, generator)).toEqual(generator);
    expect(add(generator, INFINITY)).toEqual(generator);
    expect(double(INFINITY).Z).toBe(0n);
  });

  it('equal and opposite points in lists', () => {
    const [p, q] = [
      { x, y },
      { x, y: G1.Fp.neg(y) },
    ];
    expect(sums([[], [p], [p, p], [p, q], [p, q, p], [p, q, p, q], [p, p, q, q]])).toEqual([
      undefined,
      p,
      G1.BASE.double().toAffine(),
      undefined,
      p,
      undefined,
      undefined,
    ]);
  });
});

test("Horner's rule joins limbs", () => {
  const points = [3, 0, 5, 1].map((i) => multiples(6)[i]!);
  expect(G1.BASE.multiply(3n + (5n << 22n) + (1n << 33n)).equals(horner(points, 11) as never)).toBe(true);
  expect(horner([], 11).is0()).toBe(true);
  expect(horner([G1_BASE, G1_ZERO], 11).equals(G1_BASE)).toBe(true);
});

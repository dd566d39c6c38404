import fc from 'fast-check';
import { P } from '../kzg/fp';
import { G1Instance, POINT } from './instance';

// Products of raw pairs at the bounds that libs/packages/kzg/assembly/g1/generate.mjs states.
const LIMBS = 13;
const instance = new G1Instance();
const [a, b, out] = [0, 1, 2].map(() => instance.allocate(POINT)) as [number, number, number];
const UNRADIX = (() => {
  let x = 1n;
  for (let i = 0; i < 390; i++) x = x & 1n ? (x + P) >> 1n : x >> 1n;
  return x;
})();
/** p's own top limb has 21 bits; a few times p is allowed. */
const TOP = 2 ** 23;

const limbs = (bound: number): fc.Arbitrary<number[]> =>
  fc
    .tuple(
      fc.array(fc.oneof(fc.constantFrom(bound, -bound, 0), fc.integer({ min: -bound, max: bound })), {
        minLength: LIMBS - 1,
        maxLength: LIMBS - 1,
      }),
      fc.oneof(fc.constantFrom(TOP, -TOP), fc.integer({ min: -TOP, max: TOP })),
    )
    .map(([low, top]) => [...low, top]);
const [balanced, loose] = [limbs(2 ** 29 + 2), limbs(2 ** 30 + 4)];

function write(address: number, elements: readonly (readonly number[])[]): void {
  const words = new Int32Array(instance.memory.buffer, address, 2 * LIMBS);
  elements.forEach((element, e) => element.forEach((limb, j) => (words[2 * j + e] = limb)));
}

function read(address: number, e: number): number[] {
  const words = new Int32Array(instance.memory.buffer, address, 2 * LIMBS);
  return Array.from({ length: LIMBS }, (_, j) => words[2 * j + e]!);
}

const valueOf = (list: readonly number[]): bigint =>
  list.reduceRight((x, limb) => x * 2n ** 30n + BigInt(limb), 0n);
const reduced = (x: bigint): bigint => ((x % P) + P) % P;

function expectProduct(element: number, expected: bigint): void {
  const result = read(out, element);
  expect(reduced(valueOf(result))).toBe(reduced(expected * UNRADIX));
  for (const limb of result) expect(Math.abs(limb)).toBeLessThanOrEqual(2 ** 29);
  const value = valueOf(result);
  expect(value < P && value > -P).toBe(true);
}

test('products of loose by balanced limbs', () => {
  fc.assert(
    fc.property(loose, loose, balanced, balanced, (x0, x1, y0, y1) => {
      write(a, [x0, x1]);
      write(b, [y0, y1]);
      for (const [left, right] of [
        [a, b],
        [b, a],
      ] as const) {
        instance.exports.multiply(out, left, right);
        expectProduct(0, valueOf(x0) * valueOf(y0));
        expectProduct(1, valueOf(x1) * valueOf(y1));
      }
    }),
    { numRuns: 300 },
  );
});

test('squares of balanced limbs', () => {
  fc.assert(
    fc.property(balanced, balanced, (x0, x1) => {
      write(a, [x0, x1]);
      instance.exports.square(out, a);
      expectProduct(0, valueOf(x0) ** 2n);
      expectProduct(1, valueOf(x1) ** 2n);
    }),
    { numRuns: 300 },
  );
});

test('all limbs at their bounds, of either sign', () => {
  const all = (limb: number): number[] =>
    Array.from({ length: LIMBS }, (_, j) => (j < LIMBS - 1 ? limb : Math.sign(limb) * TOP));
  for (const x of [1, -1]) {
    for (const y of [1, -1]) {
      const [left, right] = [all(x * (2 ** 30 + 4)), all(y * (2 ** 29 + 2))];
      write(a, [left, left]);
      write(b, [right, right]);
      instance.exports.multiply(out, a, b);
      expectProduct(0, valueOf(left) * valueOf(right));
      expectProduct(1, valueOf(left) * valueOf(right));
    }
  }
});

test('a product may take the place of either factor', () => {
  const x = Array.from({ length: LIMBS }, (_, j) => (j * 123456789) % 2 ** 20);
  for (const target of [a, b]) {
    write(a, [x, x]);
    write(b, [x, x]);
    instance.exports.multiply(target, a, b);
    expect(reduced(valueOf(read(target, 1)))).toBe(reduced(valueOf(x) ** 2n * UNRADIX));
  }
});

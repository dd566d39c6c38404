import fc from 'fast-check';
import { bitReverse12, ROWS } from './domain';
import { fromBytes, inverse, mod, R, toBytes } from './field';
import { createKernels, type Vector } from './kernels';
import {
  ALL_ROWS,
  EDGES,
  numbers,
  RADIX,
  vector as makeVector,
  writeRaw,
} from '../testing/kernel-references';

const kernels = createKernels();
const vector = (values: readonly bigint[]): Vector => makeVector(kernels, values);

const element = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt(0n, R - 1n));
const elements = fc.array(element, { minLength: 1, maxLength: 13 });

let start: number;
beforeEach(() => (start = kernels.mark()));
afterEach(() => kernels.release(start));

describe('memory', () => {
  test('vectors are aligned, given back, and survive growth', () => {
    const mark = kernels.mark();
    const a = vector([1n, 2n, 3n]);
    kernels.allocateBytes(5);
    const b = kernels.allocate(1 << 16);
    expect(a % 16).toBe(0);
    expect(b % 16).toBe(0);
    kernels.load(b, (1 << 16) - 1, [7n]);
    expect(kernels.read(b, (1 << 16) - 1, 1)).toEqual([7n]);
    expect(kernels.read(a, 0, 3)).toEqual([1n, 2n, 3n]);
    kernels.release(mark);
    expect(kernels.allocate(1)).toBe(a);
  });

  test('instances do not share memory', () => {
    const other = createKernels();
    const a = vector([5n]);
    const b = other.allocate(1);
    other.load(b, 0, [6n]);
    expect(kernels.read(a, 0, 1)).toEqual([5n]);
    expect(other.read(b, 0, 1)).toEqual([6n]);
  });
});

describe('conversion', () => {
  test('numbers and bytes come back as they went in', () => {
    fc.assert(
      fc.property(elements, (values) => {
        const mark = kernels.mark();
        const a = vector(values);
        const b = kernels.allocate(values.length);
        const bytes = Uint8Array.from(values.flatMap((x) => [...toBytes(x)]));
        kernels.loadBytes(b, 0, bytes);
        expect(kernels.read(b, 0, values.length)).toEqual(values);
        expect(kernels.readBytes(a, 0, values.length)).toEqual(bytes);
        kernels.release(mark);
      }),
    );
  });

  test('numbers outside 0…r−1 are refused', () => {
    const a = kernels.allocate(1);
    expect(() => kernels.load(a, 0, [R])).toThrow(RangeError);
    expect(() => kernels.load(a, 0, [-1n])).toThrow(RangeError);
  });

  test('what is lazily reduced inside is below r outside', () => {
    // r, r + 1, 2r − 1 and (just) more as they could lie in memory after lazy steps.
    const raw = [R, R + 1n, (R * 105n) / 100n, 0n, R - 1n];
    const a = kernels.allocate(ROWS);
    kernels.fill(a, ROWS, 0n);
    writeRaw(kernels, a, raw);
    const expected = raw.map((x) => mod(x * inverse(RADIX)));
    expect(kernels.read(a, 0, raw.length)).toEqual(expected);
    expect(kernels.readBytes(a, 0, 1)).toEqual(toBytes(0n));
    const blob = kernels.blob(a);
    raw.forEach((_, i) =>
      expect(fromBytes(blob.slice(32 * bitReverse12(i), 32 * bitReverse12(i) + 32))).toBe(expected[i]),
    );
  });

  test('r and its like, made by arithmetic, leave as zero', () => {
    const values = numbers(3n, ROWS);
    const a = vector(values);
    const b = vector(values.map((x) => mod(-x)));
    const c = kernels.allocate(ROWS);
    kernels.add(c, a, b, ROWS);
    expect(kernels.blob(c).every((byte) => byte === 0)).toBe(true);
    kernels.subtract(c, a, a, ROWS);
    expect(kernels.blob(c).every((byte) => byte === 0)).toBe(true);
  });

  test('a blob has row i at index bitReverse12(i)', () => {
    const values = numbers(4n, ROWS);
    const blob = kernels.blob(vector(values));
    expect(blob.length).toBe(131072);
    for (const i of ALL_ROWS) {
      expect(fromBytes(blob.subarray(32 * bitReverse12(i), 32 * bitReverse12(i) + 32))).toBe(values[i]);
    }
  });

  test('words of 96 bits', () => {
    const values = [0n, 1n, (1n << 96n) - 1n, 1n << 95n, 0xfedcba9876543210fedcba98n];
    const stride = 20;
    const address = kernels.allocateBytes(stride * values.length);
    values.forEach((x, i) => kernels.bytes(address + i * stride, 12).set(toBytes(x, 12).reverse()));
    const a = vector([9n, 9n, 9n, 9n, 9n, 9n, 9n]);
    kernels.loadWords(a, 1, address, values.length, stride);
    expect(kernels.read(a, 0, 7)).toEqual([9n, ...values, 9n]);
  });
});

describe('element by element', () => {
  test('fill and copy', () => {
    const a = vector(numbers(1n, 9));
    kernels.fill(a, 7, R - 3n);
    const b = vector(numbers(2n, 9));
    kernels.copy(b, a, 8);
    expect(kernels.read(b, 0, 9)).toEqual([
      ...new Array(7).fill(R - 3n),
      numbers(1n, 9)[7],
      numbers(2n, 9)[8],
    ]);
  });

  test('add, subtract, multiply, scale, addScaled for any length, and nothing past the end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(element, element, element), { minLength: 1, maxLength: 13 }),
        element,
        (rows, factor) => {
          const mark = kernels.mark();
          const [x, y, z] = [0, 1, 2].map((k) => rows.map((row) => row[k]!)) as [
            bigint[],
            bigint[],
            bigint[],
          ];
          const [a, b] = [vector(x), vector(y)];
          const count = rows.length;
          const check = (run: (target: Vector) => void, expected: (i: number) => bigint): void => {
            const target = vector([...z, 12345n]);
            run(target);
            expect(kernels.read(target, 0, count + 1)).toEqual([
              ...rows.map((_, i) => mod(expected(i))),
              12345n,
            ]);
          };
          check(
            (t) => kernels.add(t, a, b, count),
            (i) => x[i]! + y[i]!,
          );
          check(
            (t) => kernels.subtract(t, a, b, count),
            (i) => x[i]! - y[i]!,
          );
          check(
            (t) => kernels.multiply(t, a, b, count),
            (i) => x[i]! * y[i]!,
          );
          check(
            (t) => kernels.scale(t, a, factor, count),
            (i) => x[i]! * factor,
          );
          check(
            (t) => kernels.addScaled(t, a, factor, count),
            (i) => z[i]! + x[i]! * factor,
          );
          check(
            (t) => kernels.multiply(t, t, t, count),
            (i) => z[i]! * z[i]!,
          );
          check(
            (t) => kernels.add(t, t, t, count),
            (i) => 2n * z[i]!,
          );
          expect(kernels.dot(a, b, count)).toBe(mod(x.reduce((sum, value, i) => sum + value * y[i]!, 0n)));
          kernels.release(mark);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('long chains of lazy operations stay right', () => {
    let x = numbers(21n, 16);
    const y = numbers(22n, 16);
    const [a, b] = [vector(x), vector(y)];
    for (let round = 0; round < 200; round++) {
      kernels.add(a, a, b, 16);
      kernels.subtract(a, b, a, 16);
      kernels.addScaled(a, a, R - 2n, 16);
      if (round % 3 === 0) kernels.multiply(a, a, b, 16);
      x = x.map((value, i) => mod(-(y[i]! - (value + y[i]!))));
      if (round % 3 === 0) x = x.map((value, i) => mod(value * y[i]!));
    }
    expect(kernels.read(a, 0, 16)).toEqual(x);
  });

  test('inverses', () => {
    fc.assert(
      fc.property(elements, (values) => {
        const mark = kernels.mark();
        const nonZero = values.map((x) => x || 1n);
        const a = vector([...nonZero, 77n]);
        kernels.invert(a, a, nonZero.length);
        expect(kernels.read(a, 0, nonZero.length + 1)).toEqual([...nonZero.map(inverse), 77n]);
        kernels.release(mark);
      }),
    );
  });

  test.each([0, 3, 4, 6])('zero at %i has no inverse, in any representation', (position) => {
    const values = numbers(5n, 7).map((x) => x || 1n);
    const b = vector(values);
    kernels.load(b, position, [0n]);
    const c = kernels.allocate(7);
    expect(() => kernels.invert(c, b, 7)).toThrow(
      expect.objectContaining({ code: 'FIELD_DIVISION_BY_ZERO' }),
    );
    kernels.bytes(kernels.at(b, position), 32).set(toBytes(R).reverse());
    expect(() => kernels.invert(c, b, 7)).toThrow(
      expect.objectContaining({ code: 'FIELD_DIVISION_BY_ZERO' }),
    );
  });
});

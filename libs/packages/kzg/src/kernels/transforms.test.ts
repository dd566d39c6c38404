import { bitReverse12, GENERATOR, lagrangeAt, OMEGA, rowPoint, ROWS } from '../domain';
import { inverse, mod, pow, R } from '../field';
import { createKernels, type Vector } from '../kernels';
import {
  ALL_ROWS,
  columnAt,
  cosetPoint,
  ETA,
  evaluateAt,
  N,
  numbers,
  RADIX,
  vector as makeVector,
  writeRaw,
} from '../../testing/kernel-references';

const kernels = createKernels();
const vector = (values: readonly bigint[]): Vector => makeVector(kernels, values);

let start: number;
beforeEach(() => (start = kernels.mark()));
afterEach(() => kernels.release(start));

describe('openings', () => {
  const z = 0x123456789abcdef0fedcba9876543210123456789abcdefn;

  test('weights, differences and the quotient at a point', () => {
    const f = numbers(10n, ROWS);
    const [column, weights, differences, quotient] = [
      vector(f),
      ...[0, 1, 2].map(() => kernels.allocate(ROWS)),
    ] as [Vector, Vector, Vector, Vector];
    kernels.lagrangeWeights(weights, differences, z);
    expect(kernels.read(weights, 0, ROWS)).toEqual(lagrangeAt(z, ALL_ROWS));
    const y = kernels.dot(weights, column, ROWS);
    expect(y).toBe(columnAt(f, z));
    kernels.openingQuotient(quotient, column, y, differences);
    const q = kernels.read(quotient, 0, ROWS);
    for (const i of [0, 1, 2047, 4095]) expect(mod(q[i]! * (rowPoint(i) - z))).toBe(mod(f[i]! - y));
    const u = numbers(11n, 1)[0]!;
    expect(mod(columnAt(q, u) * (u - z))).toBe(mod(columnAt(f, u) - y));
  });

  test('a point on the domain is refused', () => {
    const [a, b] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
    expect(() => kernels.lagrangeWeights(a, b, rowPoint(17))).toThrow(
      expect.objectContaining({ code: 'FIELD_DIVISION_BY_ZERO' }),
    );
  });

  test('the quotient at zero', () => {
    const f = numbers(12n, ROWS);
    f[0] = mod(f[0]! - f.reduce((sum, x) => sum + x));
    const quotient = kernels.allocate(ROWS);
    kernels.openingQuotientAtZero(quotient, vector(f));
    const q = kernels.read(quotient, 0, ROWS);
    const u = numbers(13n, 1)[0]!;
    expect(mod(columnAt(q, u) * u)).toBe(columnAt(f, u));
  });
});

describe('transforms', () => {
  const extremes: Record<string, bigint[]> = {
    random: numbers(14n, ROWS),
    'all r−1': new Array<bigint>(ROWS).fill(R - 1n),
    zero: new Array<bigint>(ROWS).fill(0n),
    'one row': ALL_ROWS.map((i) => (i === 1234 ? R - 1n : 0n)),
    'signs alternate': ALL_ROWS.map((i) => (i % 2 ? R - 1n : 1n)),
  };

  test.each(Object.keys(extremes))('interpolation and cosets: %s', (name) => {
    const rows = extremes[name]!;
    const coefficients = kernels.allocate(ROWS);
    const values = kernels.allocate(ROWS);
    kernels.interpolate(coefficients, vector(rows));
    for (let j = 0; j < 4; j++) {
      kernels.coset(values, coefficients, j);
      for (const i of [0, 1, 2, 3, 2048, 3001, 4095]) {
        expect(kernels.read(values, i, 1)[0]).toBe(columnAt(rows, cosetPoint(j, i)));
      }
    }
  });

  test('every value of a coset is in its place', () => {
    // X^3 + 5 over all points.
    const column = vector(ALL_ROWS.map((i) => mod(pow(rowPoint(i), 3n) + 5n)));
    kernels.interpolate(column, column);
    for (let j = 0; j < 4; j++) {
      const values = kernels.allocate(ROWS);
      kernels.coset(values, column, j);
      expect(kernels.read(values, 0, ROWS)).toEqual(ALL_ROWS.map((i) => mod(pow(cosetPoint(j, i), 3n) + 5n)));
    }
  });

  test('four cosets give 16,384 coefficients in natural order', () => {
    const coefficients = numbers(15n, 4 * ROWS);
    const values = kernels.allocate(4 * ROWS);
    // Values of the polynomial on coset j: fold it modulo X^n − (7η^j)^n, then evaluate.
    for (let j = 0; j < 4; j++) {
      const c = pow(mod(GENERATOR * pow(ETA, BigInt(j))), N);
      const folded = ALL_ROWS.map((k) =>
        mod([3, 2, 1, 0].reduce((sum, m) => mod(sum * c) + coefficients[m * ROWS + k]!, 0n)),
      );
      const rows = kernels.allocate(ROWS);
      kernels.evaluate(rows, vector(folded));
      kernels.interpolate(rows, rows);
      kernels.coset(kernels.at(values, j * ROWS), rows, j);
      for (const i of [0, 77]) {
        expect(kernels.read(values, j * ROWS + i, 1)[0]).toBe(evaluateAt(coefficients, cosetPoint(j, i)));
      }
    }
    kernels.interpolateCosets(values, values);
    expect(kernels.read(values, 0, 4 * ROWS)).toEqual(coefficients);
  });

  test('evaluation of natural coefficients', () => {
    for (const coefficients of [numbers(16n, ROWS), new Array<bigint>(ROWS).fill(R - 1n)]) {
      const rows = vector(coefficients);
      kernels.evaluate(rows, rows);
      const values = kernels.read(rows, 0, ROWS);
      for (const i of [0, 1, 1000, 4095]) expect(values[i]).toBe(evaluateAt(coefficients, rowPoint(i)));
    }
  });

  test('transforms are linear in their own order of coefficients', () => {
    const [x, y] = [numbers(17n, ROWS), numbers(18n, ROWS)];
    const [a, b, c] = [vector(x), vector(y), vector(x.map((value, i) => mod(value + 3n * y[i]!)))];
    for (const v of [a, b, c]) kernels.interpolate(v, v);
    kernels.addScaled(a, b, 3n, ROWS);
    expect(kernels.read(a, 0, ROWS)).toEqual(kernels.read(c, 0, ROWS));
  });

  test('elements at the upper bound of lazy reduction', () => {
    // Every element as large as it may lie in memory (1.1r): the sums inside a transform are then at their
    // largest.
    const largest = (R * 11n) / 10n;
    const raw = ALL_ROWS.map((i) => (i % 5 ? largest - BigInt(i) : R));
    for (const pattern of [
      raw,
      raw.map(() => largest),
      raw.map((x, i) => (i < 2048 ? x : 0n)),
      raw.map((x, i) => (i % 2 ? x : 0n)),
    ]) {
      const rows = pattern.map((x) => mod(x * inverse(RADIX)));
      const [a, b] = [kernels.allocate(ROWS), kernels.allocate(ROWS)];
      writeRaw(kernels, a, pattern);
      kernels.interpolate(b, a);
      const natural = kernels.read(b, 0, ROWS);
      const u = numbers(51n, 1)[0]!;
      expect(
        evaluateAt(
          natural.map((_, k) => natural[bitReverse12(k)]!),
          u,
        ),
      ).toBe(columnAt(rows, u));
      kernels.evaluate(b, a);
      for (const i of [0, 1, 2047, 2048, 4095]) {
        expect(kernels.read(b, i, 1)[0]).toBe(evaluateAt(rows, rowPoint(i)));
      }
    }
  });
});

test('the domain of the tests is the domain of the library', () => {
  expect(pow(ETA, 4n)).toBe(OMEGA);
});

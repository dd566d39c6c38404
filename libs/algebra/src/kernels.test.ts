import fc from 'fast-check';
import { bitReverse12, GENERATOR, lagrangeAt, OMEGA, rowPoint, ROWS } from './domain';
import { fromBytes, inverse, mod, pow, R, toBytes } from './field';
import { createKernels, type Vector } from './kernels';

const kernels = createKernels();
const N = BigInt(ROWS);
const ETA = pow(GENERATOR, (R - 1n) / 16384n);
const ROWS_ALL = Array.from({ length: ROWS }, (_, i) => i);

/** Elements where carries, borrows and reductions are at their limits, all in Montgomery form or out of it. */
const RADIX = 1n << 261n;
const PLAIN_EDGES = [
  0n,
  1n,
  2n,
  R - 1n,
  R - 2n,
  (R - 1n) / 2n,
  (1n << 254n) - 1n,
  1n << 232n,
  (1n << 29n) - 1n,
  1n << 64n,
];
const EDGES = [...PLAIN_EDGES, ...PLAIN_EDGES.map((x) => mod(x * inverse(mod(RADIX))))];
const element = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt(0n, R - 1n));
const elements = fc.array(element, { minLength: 1, maxLength: 13 });

/** Reproducible numbers without a pattern. */
function numbers(seed: bigint, count: number): bigint[] {
  let state = mod(seed * 0x9e3779b97f4a7c15f39cc0605cedc834n + 11n);
  return Array.from({ length: count }, (_, i) => {
    state = mod(state * state + 0x243f6a8885a308d313198a2e03707344n);
    return i % 97 === 5 ? EDGES[i % EDGES.length]! : state;
  });
}

/** A vector of these numbers, with the elements around it known to stay as they are. */
function vector(values: readonly bigint[]): Vector {
  const address = kernels.allocate(values.length);
  kernels.load(address, 0, values);
  return address;
}

function evaluateAt(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduceRight((sum, c) => mod(sum * x + c), 0n);
}

/** The polynomial of a column at any point off the domain. */
function columnAt(rows: readonly bigint[], z: bigint): bigint {
  return mod(lagrangeAt(z, ROWS_ALL).reduce((sum, weight, i) => sum + weight * rows[i]!, 0n));
}

const cosetPoint = (j: number, i: number): bigint => mod(GENERATOR * pow(ETA, BigInt(j)) * rowPoint(i));

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
    raw.forEach((x, i) => kernels.bytes(kernels.at(a, i), 32).set(toBytes(x).reverse()));
    const expected = raw.map((x) => mod(x * inverse(mod(RADIX))));
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
    for (const i of ROWS_ALL) {
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

  test('evaluateAndAccumulate', () => {
    const [x, w, s] = [numbers(6n, ROWS), numbers(7n, ROWS), numbers(8n, ROWS)];
    const accumulator = vector(s);
    const factor = numbers(9n, 1)[0]!;
    const value = kernels.evaluateAndAccumulate(vector(x), vector(w), accumulator, factor);
    expect(value).toBe(mod(x.reduce((sum, value, i) => sum + value * w[i]!, 0n)));
    expect(kernels.read(accumulator, 0, ROWS)).toEqual(s.map((value, i) => mod(value + factor * x[i]!)));
  });
});

describe('openings', () => {
  const z = 0x123456789abcdef0fedcba9876543210123456789abcdefn;

  test('weights, differences and the quotient at a point', () => {
    const f = numbers(10n, ROWS);
    const [column, weights, differences, quotient] = [
      vector(f),
      ...[0, 1, 2].map(() => kernels.allocate(ROWS)),
    ] as [Vector, Vector, Vector, Vector];
    kernels.lagrangeWeights(weights, differences, z);
    expect(kernels.read(weights, 0, ROWS)).toEqual(lagrangeAt(z, ROWS_ALL));
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
    'one row': ROWS_ALL.map((i) => (i === 1234 ? R - 1n : 0n)),
    'signs alternate': ROWS_ALL.map((i) => (i % 2 ? R - 1n : 1n)),
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
    const column = vector(ROWS_ALL.map((i) => mod(pow(rowPoint(i), 3n) + 5n)));
    kernels.interpolate(column, column);
    for (let j = 0; j < 4; j++) {
      const values = kernels.allocate(ROWS);
      kernels.coset(values, column, j);
      expect(kernels.read(values, 0, ROWS)).toEqual(ROWS_ALL.map((i) => mod(pow(cosetPoint(j, i), 3n) + 5n)));
    }
  });

  test('four cosets give 16,384 coefficients in natural order', () => {
    const coefficients = numbers(15n, 4 * ROWS);
    const values = kernels.allocate(4 * ROWS);
    // Values of the polynomial on coset j: fold it modulo X^n − (7η^j)^n, then evaluate.
    for (let j = 0; j < 4; j++) {
      const c = pow(mod(GENERATOR * pow(ETA, BigInt(j))), N);
      const folded = ROWS_ALL.map((k) =>
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
});

describe('range check', () => {
  const reserved = numbers(19n, 16);
  const limbs = [3, 5, 7].map((k) =>
    Array.from({ length: 4080 }, (_, i) => (i % 3 ? (i * k) % 2048 : i % 2 ? 2047 : 0)),
  );
  const write16 = (values: readonly number[]): number => {
    const address = kernels.allocateBytes(2 * values.length);
    values.forEach((x, i) => kernels.bytes(address + 2 * i, 2).set([x & 255, x >> 8]));
    return address;
  };
  const write32 = (values: readonly number[]): number => {
    const address = kernels.allocateBytes(4 * values.length);
    const view = kernels.bytes(address, 4 * values.length);
    values.forEach((x, i) => new DataView(view.buffer, view.byteOffset + 4 * i, 4).setUint32(0, x, true));
    return address;
  };
  const blank = (): Vector => {
    const column = kernels.allocate(ROWS);
    kernels.fill(column, ROWS, 4242n);
    kernels.load(column, 4080, reserved);
    return column;
  };
  const alpha = numbers(20n, 1)[0]!;
  const term = (t: number): bigint => mod(inverse(alpha + BigInt(t)) - inverse(alpha));
  const counts = Array.from({ length: 2048 }, (_, i) => (i === 3 ? 0xffffffff : i * i));

  test('limb columns', () => {
    const column = blank();
    kernels.expandLimbs(column, write16(limbs[0]!));
    expect(kernels.read(column, 0, ROWS)).toEqual([...limbs[0]!.map(BigInt), ...reserved]);
  });

  test('a limb above 2047 is refused', () => {
    const bad = write16([...limbs[0]!.slice(0, 4079), 2048]);
    const terms = kernels.allocate(2048);
    const expected = expect.objectContaining({ code: 'LIMB_OUT_OF_RANGE' });
    expect(() => kernels.expandLimbs(blank(), bad)).toThrow(expected);
    expect(() => kernels.helper(blank(), terms, [write16(limbs[1]!), bad])).toThrow(expected);
  });

  test('terms, helpers, table helper, multiplicity', () => {
    const terms = kernels.allocate(2048);
    kernels.lookupTerms(terms, alpha);
    const expected = Array.from({ length: 2048 }, (_, t) => term(t));
    expect(kernels.read(terms, 0, 2048)).toEqual(expected);
    for (let size = 1; size <= 3; size++) {
      const column = blank();
      kernels.helper(column, terms, limbs.slice(0, size).map(write16));
      const sums = ROWS_ALL.slice(0, 4080).map((i) =>
        mod(limbs.slice(0, size).reduce((sum, column) => sum + expected[column[i]!]!, 0n)),
      );
      expect(kernels.read(column, 0, ROWS)).toEqual([...sums, ...reserved]);
    }
    const m = ROWS_ALL.slice(0, 4080).map((i) => (i >= 1 && i < 2048 ? BigInt(counts[i]!) : 0n));
    const column = blank();
    kernels.multiplicity(column, write32(counts));
    expect(kernels.read(column, 0, ROWS)).toEqual([...m, ...reserved]);
    const hT = blank();
    kernels.tableHelper(hT, terms, write32(counts));
    expect(kernels.read(hT, 0, ROWS)).toEqual([
      ...m.map((x, i) => mod(x * (expected[i] ?? 0n))),
      ...reserved,
    ]);
  });

  test('alpha at a pole is refused', () => {
    const terms = kernels.allocate(2048);
    const expected = expect.objectContaining({ code: 'FIELD_DIVISION_BY_ZERO' });
    expect(() => kernels.lookupTerms(terms, R - 2047n)).toThrow(expected);
    expect(() => kernels.lookupTerms(terms, 0n)).toThrow(expected);
  });
});

describe('the quotient on a coset', () => {
  const [alpha, weight, wTable, wPairs] = numbers(23n, 4) as [bigint, bigint, bigint, bigint];
  const points = [0, 1, 2, 3, 4094, 4095];

  test.each([1, 2, 3])('a group of %i', (size) => {
    const columns = Array.from({ length: 5 }, (_, k) => numbers(BigInt(30 + k), ROWS));
    const [acc, h, ...limbs] = columns.map(vector) as [Vector, Vector, ...Vector[]];
    kernels.accumulateGroup(acc, h, limbs.slice(0, size), alpha, weight);
    const result = kernels.read(acc, 0, ROWS);
    for (const i of ROWS_ALL.slice(0, 300).concat(points)) {
      const a = columns.slice(2, 2 + size).map((column) => mod(alpha + column[i]!));
      const product = (list: readonly bigint[]): bigint => list.reduce((x, y) => mod(x * y), 1n);
      const sum = a.reduce((total, _, l) => total + product(a.filter((_, other) => other !== l)), 0n);
      const bracket = (columns[1]![i]! + BigInt(size) * inverse(alpha)) * product(a) - sum;
      expect(result[i]).toBe(mod(columns[0]![i]! + weight * bracket));
    }
  });

  test.each([0, 1, 2, 3])('finishing coset %i', (j) => {
    const columns = Array.from({ length: 4 }, (_, k) => numbers(BigInt(40 + k), ROWS));
    const [acc, table, multiplicity, w] = columns.map(vector) as [Vector, Vector, Vector, Vector];
    kernels.finishQuotient(acc, j, { table, multiplicity, w }, alpha, wTable, wPairs);
    const result = kernels.read(acc, 0, ROWS);
    const column = (f: (i: number) => bigint): bigint[] => ROWS_ALL.map(f);
    const s = column((i) => (i < 4080 ? 1n : 0n));
    const t = column((i) => (i < 2048 ? BigInt(i) : 0n));
    const p = column((i) => (i >= 4080 && i % 2 === 0 ? 1n : 0n));
    for (const i of points) {
      const x = cosetPoint(j, i);
      const [S, T, P] = [s, t, p].map((rows) => columnAt(rows, x)) as [bigint, bigint, bigint];
      const [A, H, M, W] = columns.map((values) => values[i]!) as [bigint, bigint, bigint, bigint];
      const next = columns[3]![(i + 1) % ROWS]!;
      const numerator =
        S * A + wTable * ((alpha * S + T) * (H + M * inverse(alpha)) - S * M) + wPairs * P * (W + next);
      expect(result[i]).toBe(mod(mod(numerator) * inverse(pow(x, N) - 1n)));
    }
  });

  test('tables of a first use survive a release', () => {
    const fresh = createKernels();
    const mark = fresh.mark();
    const rows = numbers(50n, ROWS);
    const a = fresh.allocate(ROWS);
    fresh.load(a, 0, rows);
    fresh.interpolate(a, a);
    fresh.coset(a, a, 1);
    fresh.release(mark);
    const b = fresh.allocate(16 * ROWS);
    fresh.fill(b, 16 * ROWS, R - 1n);
    fresh.load(b, 0, rows);
    fresh.interpolate(b, b);
    fresh.coset(b, b, 1);
    expect(fresh.read(b, 5, 1)[0]).toBe(columnAt(rows, cosetPoint(1, 5)));
  });
});

test('the domain of the tests is the domain of the library', () => {
  expect(pow(ETA, 4n)).toBe(OMEGA);
});

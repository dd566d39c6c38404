import { ROWS } from '../domain';
import { inverse, mod, pow, R } from '../field';
import { createKernels, type Vector } from '../kernels';
import {
  ALL_ROWS,
  columnAt,
  cosetPoint,
  N,
  numbers,
  vector as makeVector,
} from '../../testing/kernel-references';

const kernels = createKernels();
const vector = (values: readonly bigint[]): Vector => makeVector(kernels, values);

let start: number;
beforeEach(() => (start = kernels.mark()));
afterEach(() => kernels.release(start));

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
      const sums = ALL_ROWS.slice(0, 4080).map((i) =>
        mod(limbs.slice(0, size).reduce((sum, column) => sum + expected[column[i]!]!, 0n)),
      );
      expect(kernels.read(column, 0, ROWS)).toEqual([...sums, ...reserved]);
    }
    const m = ALL_ROWS.slice(0, 4080).map((i) => (i >= 1 && i < 2048 ? BigInt(counts[i]!) : 0n));
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
    for (const i of ALL_ROWS.slice(0, 300).concat(points)) {
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
    const column = (f: (i: number) => bigint): bigint[] => ALL_ROWS.map(f);
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

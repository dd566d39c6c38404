import { GENERATOR, OMEGA, ROWS } from './domain';
import { SolventError } from './errors';
import { inverse, inverses, mod, pow } from './field';
import { ELEMENT_BYTES, Machine } from './kernels/machine';
import { cosetShift, ETA, evaluationTable, interpolationTable, powers, TABLE_BYTES } from './kernels/tables';

/** Address of a vector of field elements in wasm memory (byte offset). */
export type Vector = number;

/**
 * Vectors over F_r in wasm memory, and the loops of the prover over them. One instance per worker; not thread-safe.
 *
 * A *column* is a vector of 4,096 elements: row i is the value at ω^i. Elements are opaque (Montgomery form, lazily
 * reduced); numbers enter and leave as bigint or 32 bytes big-endian in 0…r−1. A target may be one of the sources
 * where element i of the target needs element i of the sources alone, and in all transforms of one column.
 * Addresses and counts are trusted: this is the inside of the prover.
 */
export interface FieldKernels {
  readonly elementBytes: number;
  /** Bump allocator: `elements` elements, 16-byte aligned, not cleared; grows the memory. */
  allocate(elements: number): Vector;
  allocateBytes(bytes: number): number;
  /** Everything allocated after mark() is given back by release(mark). */
  mark(): number;
  release(mark: number): void;
  /** Address of an element. */
  at(vector: Vector, index: number): Vector;
  /** A view of the memory; growth (any allocate, any first use of a transform) invalidates it: take it fresh. */
  bytes(address: number, length: number): Uint8Array;

  /** Elements index … from values in 0…r−1. @throws RangeError for any other value */
  load(vector: Vector, index: number, values: readonly bigint[]): void;
  /** Elements index … from 32 bytes big-endian each; values are to be below r. */
  loadBytes(vector: Vector, index: number, bigEndian: Uint8Array): void;
  read(vector: Vector, index: number, count: number): bigint[];
  readBytes(vector: Vector, index: number, count: number): Uint8Array;
  /**
   * EIP-4844 blob of a column: row i at index bitReverse12(i), 32 bytes big-endian, below r.
   * A view of a scratch area, valid until the next call of blob() or the next growth.
   */
  blob(column: Vector): Uint8Array;
  /** Elements from unsigned integers of three little-endian u32, `stride` bytes apart. */
  loadWords(vector: Vector, index: number, address: number, count: number, stride: number): void;

  fill(vector: Vector, count: number, value: bigint): void;
  copy(target: Vector, source: Vector, count: number): void;
  add(target: Vector, a: Vector, b: Vector, count: number): void;
  subtract(target: Vector, a: Vector, b: Vector, count: number): void;
  multiply(target: Vector, a: Vector, b: Vector, count: number): void;
  scale(target: Vector, source: Vector, factor: bigint, count: number): void;
  /** target += factor · source */
  addScaled(target: Vector, source: Vector, factor: bigint, count: number): void;
  /** 1/source_i, with one inversion (Montgomery's trick). @throws SolventError FIELD_DIVISION_BY_ZERO if any is zero */
  invert(target: Vector, source: Vector, count: number): void;
  /** Σ a_i·b_i */
  dot(a: Vector, b: Vector, count: number): bigint;
  /** Returns dot(weights, column) and does accumulator += factor·column, in one pass over a column. */
  evaluateAndAccumulate(column: Vector, weights: Vector, accumulator: Vector, factor: bigint): bigint;

  /**
   * Barycentric weights at z, w_i = ω^i (z^n − 1) / (n (z − ω^i)), and inverse differences d_i = 1/(ω^i − z).
   * @throws SolventError FIELD_DIVISION_BY_ZERO when z is on the domain
   */
  lagrangeWeights(weights: Vector, differences: Vector, z: bigint): void;
  /** Opening quotient on the rows: target_i = (f_i − y)·differences_i. */
  openingQuotient(target: Vector, f: Vector, y: bigint, differences: Vector): void;
  /** Opening quotient at 0 of a column with value 0 there: target_i = f_i·ω^(−i). */
  openingQuotientAtZero(target: Vector, f: Vector): void;

  /** Rows → coefficients, in the kernels' own order: for coset() only, but linear combinations are fine. */
  interpolate(coefficients: Vector, rows: Vector): void;
  /** Coefficients of interpolate() → values on coset j = 0…3: element i is the value at 7·η^j·ω^i. η = 7^((r−1)/16384). */
  coset(values: Vector, coefficients: Vector, j: number): void;
  /** Values on the four cosets one after another (4·4,096) → 16,384 coefficients in natural order. May be in place. */
  interpolateCosets(coefficients16384: Vector, values: Vector): void;
  /** 4,096 coefficients in natural order → rows. */
  evaluate(rows: Vector, naturalCoefficients: Vector): void;

  /**
   * Account rows of a limb column from 4,080 u16 little-endian at an even address. Reserved rows stay.
   * @throws SolventError LIMB_OUT_OF_RANGE for a limb above 2047
   */
  expandLimbs(column: Vector, limbs: number): void;
  /** target_t = 1/(α + t) − 1/α, t = 0…2047. @throws SolventError FIELD_DIVISION_BY_ZERO for α = −t */
  lookupTerms(target: Vector, alpha: bigint): void;
  /**
   * Account rows of a helper column (section 7): Σ terms[limb] over one to three limb columns, as in expandLimbs.
   * @throws SolventError LIMB_OUT_OF_RANGE
   */
  helper(column: Vector, terms: Vector, limbs: readonly number[]): void;
  /** Account rows of h_T: counts[i]·terms[i] in rows 1…2047, else 0; counts are 2,048 u32 at a multiple of 4. */
  tableHelper(column: Vector, terms: Vector, counts: number): void;
  /** Account rows of the multiplicity column: counts[i] in rows 1…2047, else 0. */
  multiplicity(column: Vector, counts: number): void;

  /** acc += weight·((h + size/α)·Π(α+l) − Σ_l Π_{l'≠l}(α+l')) on one coset; size = limbs.length, 1…3. */
  accumulateGroup(acc: Vector, h: Vector, limbs: readonly Vector[], alpha: bigint, weight: bigint): void;
  /**
   * Finishes coset j: acc = [s·acc + wTable·((α·s + t)·(hT + m/α) − s·m) + wPairs·p·(W + W(ωX))] / (X^n − 1),
   * s, t, p the public columns of section 7. @throws SolventError FIELD_DIVISION_BY_ZERO for α = 0
   */
  finishQuotient(
    acc: Vector,
    j: number,
    values: { readonly table: Vector; readonly multiplicity: Vector; readonly w: Vector },
    alpha: bigint,
    wTable: bigint,
    wPairs: bigint,
  ): void;
}

const ACCOUNT_ROWS = 4080;
const LIMB_VALUES = 2048;
const COLUMN_BYTES = ROWS * ELEMENT_BYTES;

/** A new instance with a memory of its own (about 6 MB, more as it is used). */
export function createKernels(): FieldKernels {
  const machine = new Machine();
  const wasm = machine.exports;
  const N = BigInt(ROWS);

  // Tables live below everything a caller may release; each is filled at first use.
  const lazy = (bytes: number, fill: (address: number) => void): (() => number) => {
    const address = machine.allocate(bytes);
    let filled = false;
    return () => {
      if (!filled) fill(address);
      filled = true;
      return address;
    };
  };
  const interpolation = lazy(TABLE_BYTES, (table) => {
    interpolationTable(machine, table);
    const scale = inverse(N);
    machine.writeQuad(table + TABLE_BYTES - 144, [scale, scale, scale, scale]);
  });
  const plain = lazy(TABLE_BYTES, (table) => evaluationTable(machine, table, 1n));
  const cosets = [0, 1, 2, 3].map((j) =>
    lazy(TABLE_BYTES, (table) => evaluationTable(machine, table, cosetShift(j))),
  );
  const points = lazy(COLUMN_BYTES, (vector) => powers(machine, vector, 1n, OMEGA, ROWS));
  const inversePoints = lazy(COLUMN_BYTES, (vector) => powers(machine, vector, 1n, inverse(OMEGA), ROWS));
  const integers = lazy(LIMB_VALUES * ELEMENT_BYTES, (vector) => wasm.integers(vector));
  const publicColumns = [0, 1, 2, 3].map((j) =>
    lazy(3 * COLUMN_BYTES, (vector) => {
      const rows = Array.from({ length: ROWS }, (_, i) => i);
      const columns = [
        rows.map((i) => (i < ACCOUNT_ROWS ? 1n : 0n)),
        rows.map((i) => (i < LIMB_VALUES ? BigInt(i) : 0n)),
        rows.map((i) => (i >= ACCOUNT_ROWS && i % 2 === 0 ? 1n : 0n)),
      ];
      columns.forEach((column, k) => {
        const target = vector + k * COLUMN_BYTES;
        kernels.load(target, 0, column);
        kernels.interpolate(target, target);
        kernels.coset(target, target, j);
      });
    }),
  );

  const pick = <T>(list: readonly T[], j: number): T => {
    const item = list[j];
    if (item === undefined) throw new RangeError('a coset is 0, 1, 2 or 3');
    return item;
  };
  const checkLimbs = (limbs: readonly number[]): void => {
    for (const address of limbs) {
      if (wasm.limbsUnion(address) >= LIMB_VALUES) {
        throw new SolventError(
          'LIMB_OUT_OF_RANGE',
          'internal',
          'a limb must be below 2048: split values into 11-bit limbs',
        );
      }
    }
  };
  const sum = (address: number): bigint => mod(machine.readFew(address, 4).reduce((a, b) => a + b));

  const kernels: FieldKernels = {
    elementBytes: ELEMENT_BYTES,
    allocate: (elements) => machine.allocate(elements * ELEMENT_BYTES),
    allocateBytes: (bytes) => machine.allocate(bytes),
    mark: () => machine.mark(),
    release: (mark) => machine.release(mark),
    at: (vector, index) => vector + index * ELEMENT_BYTES,
    bytes: (address, length) => machine.bytes(address, length),

    load(vector, index, values) {
      machine.writeIntegers(kernels.at(vector, index), values);
      wasm.enter(kernels.at(vector, index), values.length);
    },
    loadBytes(vector, index, bigEndian) {
      const target = kernels.at(vector, index);
      machine.bytes(target, bigEndian.length).set(bigEndian);
      wasm.swap(target, target, bigEndian.length / ELEMENT_BYTES);
      wasm.enter(target, bigEndian.length / ELEMENT_BYTES);
    },
    read: (vector, index, count) =>
      machine.borrow(count * ELEMENT_BYTES, (integers) => {
        wasm.leave(integers, kernels.at(vector, index), count);
        return machine.readIntegers(integers, count);
      }),
    readBytes: (vector, index, count) =>
      machine.borrow(count * ELEMENT_BYTES, (integers) => {
        wasm.leave(integers, kernels.at(vector, index), count);
        wasm.swap(integers, integers, count);
        return machine.bytes(integers, count * ELEMENT_BYTES).slice();
      }),
    blob(column) {
      wasm.blob(column);
      return machine.bytes(machine.blobAddress, COLUMN_BYTES);
    },
    loadWords: (vector, index, address, count, stride) =>
      wasm.loadWords(kernels.at(vector, index), address, count, stride),

    fill(vector, count, value) {
      if (count < 1) return;
      machine.writeFew(vector, [value]);
      const all = machine.bytes(vector, count * ELEMENT_BYTES);
      for (let done = ELEMENT_BYTES; done < all.length; done *= 2) all.copyWithin(done, 0, done);
    },
    copy(target, source, count) {
      machine.bytes(target, count * ELEMENT_BYTES).set(machine.bytes(source, count * ELEMENT_BYTES));
    },
    add: wasm.add,
    subtract: wasm.subtract,
    multiply: wasm.multiply,
    scale(target, source, factor, count) {
      machine.setScalars(factor);
      wasm.scale(target, source, count);
    },
    addScaled(target, source, factor, count) {
      machine.setScalars(factor);
      wasm.addScaled(target, source, count);
    },
    invert: (target, source, count) =>
      machine.borrow((count + 3) * ELEMENT_BYTES, (prefix) => {
        machine.setScalars(1n);
        wasm.prefixProducts(prefix, source, count, machine.tail);
        machine.writeFew(machine.tail, inverses(machine.readFew(machine.tail, 4)));
        wasm.suffixInverses(target, source, prefix, count, machine.tail);
      }),
    dot(a, b, count) {
      wasm.dot(machine.tail, a, b, count);
      return sum(machine.tail);
    },
    evaluateAndAccumulate(column, weights, accumulator, factor) {
      machine.setScalars(factor);
      wasm.evaluateAndAccumulate(machine.tail, column, weights, accumulator);
      return sum(machine.tail);
    },

    lagrangeWeights(weights, differences, z) {
      const domain = points();
      machine.setScalars(z);
      wasm.subtractScalar(differences, domain, ROWS);
      kernels.invert(differences, differences, ROWS);
      wasm.multiply(weights, domain, differences, ROWS);
      kernels.scale(weights, weights, mod((1n - pow(z, N)) * inverse(N)), ROWS);
    },
    openingQuotient(target, f, y, differences) {
      machine.setScalars(y);
      wasm.subtractMultiply(target, f, differences, ROWS);
    },
    openingQuotientAtZero: (target, f) => wasm.multiply(target, f, inversePoints(), ROWS),

    interpolate(coefficients, rows) {
      const table = interpolation();
      wasm.interpolate(coefficients, rows, table, table + TABLE_BYTES - 144);
    },
    coset: (values, coefficients, j) => wasm.evaluate(values, coefficients, pick(cosets, j)()),
    interpolateCosets: (coefficients, values) =>
      machine.borrow(6 * COLUMN_BYTES, (g) => {
        const table = interpolation();
        const scrambled = g + 4 * COLUMN_BYTES;
        const factors = g + 5 * COLUMN_BYTES;
        for (let j = 0; j < 4; j++) {
          const column = g + j * COLUMN_BYTES;
          wasm.interpolate(scrambled, values + j * COLUMN_BYTES, table, table + TABLE_BYTES - 144);
          wasm.reverseOrder(column, scrambled);
          powers(machine, factors, inverse(4n), inverse(cosetShift(j)), ROWS);
          wasm.multiply(column, column, factors, ROWS);
        }
        const unshift = inverse(pow(GENERATOR, N));
        machine.setScalars(inverse(pow(ETA, N)), unshift, pow(unshift, 2n), pow(unshift, 3n));
        wasm.combineCosets(coefficients, g);
      }),
    evaluate: (rows, naturalCoefficients) =>
      machine.borrow(COLUMN_BYTES, (scrambled) => {
        wasm.reverseOrder(scrambled, naturalCoefficients);
        wasm.evaluate(rows, scrambled, plain());
      }),

    expandLimbs(column, limbs) {
      checkLimbs([limbs]);
      wasm.expandLimbs(column, integers(), limbs);
    },
    lookupTerms(target, alpha) {
      machine.setScalars(mod(-alpha));
      wasm.subtractScalar(target, integers(), LIMB_VALUES);
      kernels.invert(target, target, LIMB_VALUES);
      machine.setScalars(inverse(alpha));
      wasm.subtractScalar(target, target, LIMB_VALUES);
    },
    helper(column, terms, limbs) {
      const [first, second = 0, third = 0] = limbs;
      if (first === undefined || limbs.length > 3)
        throw new RangeError('a group has one to three limb columns');
      checkLimbs(limbs);
      wasm.helper(column, terms, first, second, third);
    },
    tableHelper: wasm.tableHelper,
    multiplicity: wasm.multiplicity,

    accumulateGroup(acc, h, limbs, alpha, weight) {
      const [first, second = 0, third = 0] = limbs;
      if (first === undefined || limbs.length > 3)
        throw new RangeError('a group has one to three limb columns');
      machine.setScalars(alpha, mod(BigInt(limbs.length) * inverse(alpha)), weight, 1n);
      wasm.accumulateGroup(acc, h, first, second, third);
    },
    finishQuotient(acc, j, values, alpha, wTable, wPairs) {
      const columns = pick(publicColumns, j)();
      machine.setScalars(alpha, inverse(alpha), wTable, wPairs, inverse(pow(cosetShift(j), N) - 1n));
      wasm.finishQuotient(acc, columns, values.table, values.multiplicity, values.w);
    },
  };
  return kernels;
}

import { GENERATOR, OMEGA, ROWS } from './domain';
import { SolventError } from './errors';
import { inverse, inverses, mod, pow } from './field';
import { GROUP_QUOTIENT_ELEMENTS, GroupQuotient } from './kernels/group-quotient';
import { ELEMENT_BYTES, WasmInstance } from './kernels/instance';
import { cosetShift, ETA, evaluationTable, interpolationTable, powers, TABLE_BYTES } from './kernels/tables';
import type { Vector, VectorKernels } from './kernels/vector-kernels';

export type { Vector };

/** A wasm instance of the prover's: its loops over vectors, and what is built of them. */
export interface FieldKernels extends VectorKernels {
  /**
   * What sums accumulateGroup's terms in fewer transforms: the one of this instance, made at its first use;
   * its tables are never released.
   */
  groupQuotient(): GroupQuotient;
}

const ACCOUNT_ROWS = 4080;
const LIMB_VALUES = 2048;
const COLUMN_BYTES = ROWS * ELEMENT_BYTES;

/** A new instance with a memory of its own (about 8 MB, more as it is used). */
export function createKernels(): FieldKernels {
  const instance = new WasmInstance();
  const wasm = instance.exports;
  const N = BigInt(ROWS);

  // Tables live below everything a caller may release; each is filled at first use.
  const lazy = (bytes: number, fill: (address: number) => void): (() => number) => {
    const address = instance.allocate(bytes);
    let filled = false;
    return () => {
      if (!filled) fill(address);
      filled = true;
      return address;
    };
  };
  const interpolation = lazy(TABLE_BYTES, (table) => interpolationTable(instance, table));
  const plain = lazy(TABLE_BYTES, (table) => evaluationTable(instance, table, 1n));
  const cosets = [0, 1, 2, 3].map((j) =>
    lazy(TABLE_BYTES, (table) => evaluationTable(instance, table, cosetShift(j))),
  );
  const points = lazy(COLUMN_BYTES, (vector) => powers(instance, vector, 1n, OMEGA, ROWS));
  const inversePoints = lazy(COLUMN_BYTES, (vector) => powers(instance, vector, 1n, inverse(OMEGA), ROWS));
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
  const groupTables = instance.allocate(GROUP_QUOTIENT_ELEMENTS * ELEMENT_BYTES);
  let groups: GroupQuotient | undefined;

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
  const sum = (address: number): bigint => mod(instance.readFew(address, 4).reduce((a, b) => a + b));

  const kernels: FieldKernels = {
    elementBytes: ELEMENT_BYTES,
    allocate: (elements) => instance.allocate(elements * ELEMENT_BYTES),
    allocateBytes: (bytes) => instance.allocate(bytes),
    mark: () => instance.mark(),
    release: (mark) => instance.release(mark),
    at: (vector, index) => vector + index * ELEMENT_BYTES,
    bytes: (address, length) => instance.bytes(address, length),

    load(vector, index, values) {
      instance.writeIntegers(kernels.at(vector, index), values);
      wasm.enter(kernels.at(vector, index), values.length);
    },
    loadBytes(vector, index, bigEndian) {
      const target = kernels.at(vector, index);
      instance.bytes(target, bigEndian.length).set(bigEndian);
      wasm.swap(target, target, bigEndian.length / ELEMENT_BYTES);
      wasm.enter(target, bigEndian.length / ELEMENT_BYTES);
    },
    read: (vector, index, count) =>
      instance.borrow(count * ELEMENT_BYTES, (integers) => {
        wasm.leave(integers, kernels.at(vector, index), count);
        return instance.readIntegers(integers, count);
      }),
    readBytes: (vector, index, count) =>
      instance.borrow(count * ELEMENT_BYTES, (integers) => {
        wasm.leave(integers, kernels.at(vector, index), count);
        wasm.swap(integers, integers, count);
        return instance.bytes(integers, count * ELEMENT_BYTES).slice();
      }),
    readLittleEndian: (vector, index, count) =>
      instance.borrow(count * ELEMENT_BYTES, (integers) => {
        wasm.leave(integers, kernels.at(vector, index), count);
        return instance.bytes(integers, count * ELEMENT_BYTES).slice();
      }),
    blob(column) {
      wasm.blob(column);
      return instance.bytes(instance.blobAddress, COLUMN_BYTES);
    },
    loadWords: (vector, index, address, count, stride) =>
      wasm.loadWords(kernels.at(vector, index), address, count, stride),

    fill(vector, count, value) {
      if (count < 1) return;
      instance.writeFew(vector, [value]);
      const all = instance.bytes(vector, count * ELEMENT_BYTES);
      for (let done = ELEMENT_BYTES; done < all.length; done *= 2) all.copyWithin(done, 0, done);
    },
    copy(target, source, count) {
      instance.bytes(target, count * ELEMENT_BYTES).set(instance.bytes(source, count * ELEMENT_BYTES));
    },
    add: wasm.add,
    subtract: wasm.subtract,
    multiply: wasm.multiply,
    scale(target, source, factor, count) {
      instance.setScalars(factor);
      wasm.scale(target, source, count);
    },
    addScaled(target, source, factor, count) {
      instance.setScalars(factor);
      wasm.addScaled(target, source, count);
    },
    invert: (target, source, count) =>
      instance.borrow((count + 3) * ELEMENT_BYTES, (prefix) => {
        instance.setScalars(1n);
        wasm.prefixProducts(prefix, source, count, instance.tail);
        instance.writeFew(instance.tail, inverses(instance.readFew(instance.tail, 4)));
        wasm.suffixInverses(target, source, prefix, count, instance.tail);
      }),
    dot(a, b, count) {
      wasm.dot(instance.tail, a, b, count);
      return sum(instance.tail);
    },

    lagrangeWeights(weights, differences, z) {
      const domain = points();
      instance.setScalars(z);
      wasm.subtractScalar(differences, domain, ROWS);
      kernels.invert(differences, differences, ROWS);
      wasm.multiply(weights, domain, differences, ROWS);
      kernels.scale(weights, weights, mod((1n - pow(z, N)) * inverse(N)), ROWS);
    },
    openingQuotient(target, f, y, differences) {
      instance.setScalars(y);
      wasm.subtractMultiply(target, f, differences, ROWS);
    },
    openingQuotientAtZero: (target, f) => wasm.multiply(target, f, inversePoints(), ROWS),

    interpolate: (coefficients, rows) => wasm.interpolate(coefficients, rows, interpolation()),
    coset: (values, coefficients, j) => wasm.evaluate(values, coefficients, pick(cosets, j)()),
    interpolateCosets: (coefficients, values) =>
      instance.borrow(6 * COLUMN_BYTES, (g) => {
        const scrambled = g + 4 * COLUMN_BYTES;
        const factors = g + 5 * COLUMN_BYTES;
        for (let j = 0; j < 4; j++) {
          const column = g + j * COLUMN_BYTES;
          wasm.interpolate(scrambled, values + j * COLUMN_BYTES, interpolation());
          wasm.reverseOrder(column, scrambled);
          powers(instance, factors, inverse(4n), inverse(cosetShift(j)), ROWS);
          wasm.multiply(column, column, factors, ROWS);
        }
        const unshift = inverse(pow(GENERATOR, N));
        instance.setScalars(inverse(pow(ETA, N)), unshift, pow(unshift, 2n), pow(unshift, 3n));
        wasm.combineCosets(coefficients, g);
      }),
    evaluate: (rows, naturalCoefficients) =>
      instance.borrow(COLUMN_BYTES, (scrambled) => {
        wasm.reverseOrder(scrambled, naturalCoefficients);
        wasm.evaluate(rows, scrambled, plain());
      }),

    expandLimbs(column, limbs) {
      checkLimbs([limbs]);
      wasm.expandLimbs(column, integers(), limbs);
    },
    lookupTerms(target, alpha) {
      instance.setScalars(mod(-alpha));
      wasm.subtractScalar(target, integers(), LIMB_VALUES);
      kernels.invert(target, target, LIMB_VALUES);
      instance.setScalars(inverse(alpha));
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
      instance.setScalars(alpha, mod(BigInt(limbs.length) * inverse(alpha)), weight, 1n);
      wasm.accumulateGroup(acc, h, first, second, third);
    },
    finishQuotient(acc, j, values, alpha, wTable, wPairs) {
      const columns = pick(publicColumns, j)();
      instance.setScalars(alpha, inverse(alpha), wTable, wPairs, inverse(pow(cosetShift(j), N) - 1n));
      wasm.finishQuotient(acc, columns, values.table, values.multiplicity, values.w);
    },
    groupQuotient: () => (groups ??= new GroupQuotient(kernels, groupTables)),
  };
  return kernels;
}

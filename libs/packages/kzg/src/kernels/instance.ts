import { R } from '../field';
import { KERNELS_WASM } from '../generated/kernels';
import { compileKernels } from '../simd';

/** What libs/packages/kzg/assembly exports: functions on addresses, and the addresses of its fixed areas. */
export interface KernelExports {
  add(target: number, a: number, b: number, count: number): void;
  subtract(target: number, a: number, b: number, count: number): void;
  multiply(target: number, a: number, b: number, count: number): void;
  scale(target: number, source: number, count: number): void;
  addScaled(target: number, source: number, count: number): void;
  subtractScalar(target: number, source: number, count: number): void;
  subtractMultiply(target: number, source: number, factors: number, count: number): void;
  prefixProducts(prefix: number, source: number, count: number, total: number): void;
  suffixInverses(target: number, source: number, prefix: number, count: number, total: number): void;
  dot(result: number, a: number, b: number, count: number): void;
  powers(target: number, count: number): void;
  enter(vector: number, count: number): void;
  leave(target: number, source: number, count: number): void;
  swap(target: number, source: number, count: number): void;
  blob(column: number): void;
  loadWords(target: number, address: number, count: number, stride: number): void;
  interpolate(coefficients: number, rows: number, table: number): void;
  evaluate(values: number, coefficients: number, table: number): void;
  reverseOrder(target: number, source: number): void;
  toQuads(quads: number, source: number, count: number): void;
  limbsUnion(limbs: number): number;
  integers(table: number): void;
  expandLimbs(column: number, table: number, limbs: number): void;
  helper(column: number, terms: number, limbs0: number, limbs1: number, limbs2: number): void;
  multiplicity(column: number, counts: number): void;
  tableHelper(column: number, terms: number, counts: number): void;
  accumulateGroup(acc: number, h: number, l0: number, l1: number, l2: number): void;
  finishQuotient(acc: number, columns: number, hT: number, m: number, w: number): void;
  combineCosets(target: number, g: number): void;
}

type FixedArea =
  | 'MASK64'
  | 'MASK32'
  | 'COMPLEMENT'
  | 'BIAS'
  | 'MULTIPLES'
  | 'LIMITS'
  | 'RAISED2'
  | 'RAISED4'
  | 'INTEGER_ONE'
  | 'ENTER'
  | 'SCALARS'
  | 'TAIL'
  | 'BLOB'
  | 'HEAP';

/** Bytes of an element at rest. */
export const ELEMENT_BYTES = 32;
/** Bytes of a quad: nine vectors of four 29-bit limbs (libs/packages/kzg/assembly/generate.mjs). */
export const QUAD_BYTES = 144;

const LIMBS = 9;
const LIMB_BITS = 29n;
const LIMB_MASK = (1n << LIMB_BITS) - 1n;
const PAGE_BYTES = 65536;
/** Elements are x·2^261 mod r. */
const RADIX = (1n << 261n) % R;
const UNRADIX = (() => {
  // 2^(−261): halve 261 times.
  let x = 1n;
  for (let i = 0; i < 261; i++) x = x & 1n ? (x + R) >> 1n : x >> 1n;
  return x;
})();

let compiled: WebAssembly.Module | undefined;

/** An instance of the kernels with its memory, its constants, a bump allocator and scalars of the host's. */
export class WasmInstance {
  readonly exports: KernelExports;
  private readonly memory = new WebAssembly.Memory({ initial: 32 });
  private readonly area: Readonly<Record<FixedArea, number>>;
  private top: number;

  constructor() {
    compiled ??= compileKernels(Uint8Array.from(atob(KERNELS_WASM), (c) => c.charCodeAt(0)));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: this.memory } });
    this.exports = exports as unknown as KernelExports;
    this.area = Object.fromEntries(
      Object.entries(exports).map(([name, value]) => [
        name,
        value instanceof WebAssembly.Global ? value.value : 0,
      ]),
    ) as Record<FixedArea, number>;
    this.top = this.area.HEAP;
    this.writeConstants();
  }

  /** 16-byte aligned; a quad may be read past the end of a vector, so memory ends a little later. */
  allocate(bytes: number): number {
    const address = this.top;
    const end = address + Math.ceil(bytes / 16) * 16;
    const missing = end + 4 * ELEMENT_BYTES - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.top = end;
    return address;
  }

  mark(): number {
    return this.top;
  }

  release(mark: number): void {
    this.top = mark;
  }

  /** Runs with memory that is given back afterwards. */
  borrow<T>(bytes: number, use: (address: number) => T): T {
    const mark = this.top;
    try {
      return use(this.allocate(bytes));
    } finally {
      this.top = mark;
    }
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /** Where blob() leaves its result. */
  get blobAddress(): number {
    return this.area.BLOB;
  }

  /** A place of four elements that calls on whole quads leave alone. */
  get tail(): number {
    return this.area.TAIL;
  }

  /** Little-endian integers of 32 bytes, as they stand. */
  writeIntegers(address: number, values: readonly bigint[]): void {
    const view = new DataView(this.memory.buffer, address, values.length * ELEMENT_BYTES);
    values.forEach((value, i) => {
      if (value < 0n || value >= R) throw new RangeError('a field element must be in 0…r−1');
      for (let word = 0; word < 4; word++) {
        view.setBigUint64(i * ELEMENT_BYTES + 8 * word, BigInt.asUintN(64, value >> BigInt(64 * word)), true);
      }
    });
  }

  readIntegers(address: number, count: number): bigint[] {
    const view = new DataView(this.memory.buffer, address, count * ELEMENT_BYTES);
    return Array.from({ length: count }, (_, i) => {
      let value = 0n;
      for (let word = 3; word >= 0; word--) {
        value = (value << 64n) | view.getBigUint64(i * ELEMENT_BYTES + 8 * word, true);
      }
      return value;
    });
  }

  /** The numbers that elements at rest stand for, one by one; for a few of them. */
  readFew(address: number, count: number): bigint[] {
    return this.readIntegers(address, count).map((x) => (x * UNRADIX) % R);
  }

  writeFew(address: number, values: readonly bigint[]): void {
    this.writeIntegers(
      address,
      values.map((x) => (x * RADIX) % R),
    );
  }

  /** The scalars 0, 1, … of the next call. */
  setScalars(...values: readonly bigint[]): void {
    values.forEach((value, k) =>
      this.writeQuad(this.area.SCALARS + k * QUAD_BYTES, [value, value, value, value]),
    );
  }

  /** Scalar k as a quad of four numbers. */
  setScalarLanes(k: number, values: readonly [bigint, bigint, bigint, bigint]): void {
    this.writeQuad(this.area.SCALARS + k * QUAD_BYTES, values);
  }

  /** Four numbers as a quad in Montgomery form. */
  writeQuad(address: number, values: readonly [bigint, bigint, bigint, bigint]): void {
    const words = new Uint32Array(this.memory.buffer, address, 4 * LIMBS);
    values.forEach((value, e) =>
      limbs((value * RADIX) % R).forEach((limb, j) => (words[4 * j + e] = Number(limb))),
    );
  }

  private writeConstants(): void {
    const words = (address: number, values: readonly bigint[]): void =>
      values.forEach((value, j) =>
        new Uint32Array(this.memory.buffer, address + 16 * j, 4).fill(Number(value)),
      );
    const longs = (address: number, values: readonly bigint[]): void =>
      values.forEach((value, j) => new BigInt64Array(this.memory.buffer, address + 16 * j, 2).fill(value));
    longs(this.area.MASK64, [LIMB_MASK]);
    words(this.area.MASK32, [LIMB_MASK]);
    words(this.area.COMPLEMENT, limbs((1n << 261n) - R));
    longs(this.area.BIAS, raised(R, 1n));
    [16n, 8n, 4n, 2n, 1n].forEach((k, index) => {
      const multiple = limbs(k * R);
      words(this.area.MULTIPLES + index * QUAD_BYTES, multiple);
      words(this.area.LIMITS + 16 * index, [multiple[LIMBS - 1]! + 7n]);
    });
    words(this.area.RAISED2, raised(2n * R, 2n));
    words(this.area.RAISED4, raised(4n * R, 2n));
    words(this.area.INTEGER_ONE, limbs(1n));
    words(this.area.ENTER, limbs((RADIX * RADIX) % R));
  }
}

/** Nine limbs of 29 bits, the lowest first; the top one takes the rest. */
function limbs(x: bigint): bigint[] {
  return Array.from({ length: LIMBS }, (_, j) =>
    j === LIMBS - 1 ? x >> (LIMB_BITS * 8n) : (x >> (LIMB_BITS * BigInt(j))) & LIMB_MASK,
  );
}

/** The same number with `units`·2^29 in each limb but the top one, taken off the next limb. */
function raised(x: bigint, units: bigint): bigint[] {
  return limbs(x).map((limb, j) => limb + (j < LIMBS - 1 ? units << LIMB_BITS : 0n) - (j > 0 ? units : 0n));
}

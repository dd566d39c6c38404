import { P } from '../kzg/fp';
import { BETA } from '../kzg/jacobian';
import { G1_WASM } from '../generated/g1';
import { compileKernels } from '../simd';

/**
 * What libs/packages/kzg/assembly/g1 exports: functions on addresses, and the addresses of its fixed areas.
 */
export interface G1Exports {
  open(workspace: number): void;
  /** For tests of the products at the bounds of their limbs (generate.mjs). */
  multiply(out: number, a: number, b: number): void;
  square(out: number, a: number): void;
  sums(): number;
  firsts(): number;
  seconds(): number;
  denominators(): number;
  prepare(count: number): void;
  prepareDoubling(count: number): void;
  setKind(addition: number, kind: number): void;
  chain(count: number): number;
  complete(count: number): void;
  completeDoubling(count: number): void;
  endomorphism(count: number): void;
  compress(bytes: number, list: number, count: number): void;
  decompress(points: number, bytes: number, count: number): number;
  enterPoints(points: number, count: number): void;
  clearPoints(points: number, count: number): void;
  recode(target: number, scalars: number, count: number, offset: number): void;
  tableStep(
    accumulators: number,
    recoded: number,
    stride: number,
    count: number,
    width: number,
    window: number,
    table: number,
  ): number;
  tableEntries(
    entries: number,
    recoded: number,
    count: number,
    width: number,
    windows: number,
    tables: number,
  ): number;
  scalarDigits(
    entries: number,
    slots: number,
    recoded: number,
    rows: number,
    count: number,
    width: number,
    windows: number,
    subs: number,
    points: number,
    pitch: number,
  ): void;
  smallDigits(
    entries: number,
    slots: number,
    values: number,
    common: number,
    count: number,
    width: number,
    subs: number,
    points: number,
  ): void;
  bounds(slots: number, starts: number, lengths: number, lists: number, first: number): number;
  fromBlob(scalars: number, blob: number, modulus: number): number;
  compact(scalars: number, rows: number, count: number): number;
  digitCount(scalars: number, count: number): number;
  countEqual(scalars: number, value: number, count: number): number;
  subtractAll(scalars: number, value: number, modulus: number, count: number): void;
  runStep(
    entries: number,
    starts: number,
    lengths: number,
    runs: number,
    first: number,
    segments: number,
    length: number,
    i: number,
  ): number;
  totalStep(runs: number, totals: number, first: number, segments: number): number;
  startSums(places: number): void;
  startRound(): void;
  pairUp(entries: number, starts: number, lengths: number, buckets: number): number;
}

type FixedArea =
  | 'MODULUS'
  | 'NEGATIVE_INVERSE'
  | 'INVERSE'
  | 'PLAIN_MODULUS'
  | 'HALF_MODULUS'
  | 'ONE'
  | 'CUBE'
  | 'ENTER'
  | 'INTEGER_ONE'
  | 'TWICE'
  | 'FOUR'
  | 'BETA'
  | 'ROOT'
  | 'HEAP'
  | 'CAPACITY'
  | 'WORKSPACE';

/** Bytes of a point at rest, of a compressed one, and of a recoded scalar (libs/packages/kzg/assembly/g1). */
export const POINT = 112;
export const COMPRESSED = 48;
export const RECODED = 40;
/** Bytes of a scalar as the kernels read it: little-endian. */
export const SCALAR = 32;

const LIMBS = 13;
const BITS = 30n;
const MASK = (1n << BITS) - 1n;
const RADIX = 1n << 390n;
/** 2^(−390) mod p. */
const UNRADIX = (() => {
  let x = 1n;
  for (let i = 0; i < 390; i++) x = x & 1n ? (x + P) >> 1n : x >> 1n;
  return x;
})();
const PAGE_BYTES = 65536;
/** At most 1 GiB; a shared memory must name its largest size. */
const MAXIMUM_PAGES = 16384;
/** A u32 below the constants: the end of everything allocated, by whatever instance on this memory. */
const TOP = 512;

let modules: { readonly shared: WebAssembly.Module; readonly own: WebAssembly.Module } | undefined;

/**
 * An instance of the G1 kernels. Instances of several threads may work on one shared memory: tables of points
 * are then there once, while each has a workspace of its own. What is allocated is never given back but with
 * the memory.
 */
export class G1Instance {
  readonly exports: G1Exports;
  readonly capacity: number;
  private readonly area: Readonly<Record<FixedArea, number>>;

  /** @param memory of another instance, from memoryForTables(); without it a memory of its own */
  constructor(readonly memory: WebAssembly.Memory = newMemory(false)) {
    const { shared, own } = (modules ??= compile());
    // Not by instanceof: a memory may come from another realm.
    const isShared = Object.prototype.toString.call(memory.buffer) === '[object SharedArrayBuffer]';
    const { exports } = new WebAssembly.Instance(isShared ? shared : own, { env: { memory } });
    this.exports = exports as unknown as G1Exports;
    this.area = Object.fromEntries(
      Object.entries(exports).map(([name, value]) => [
        name,
        value instanceof WebAssembly.Global ? Number(value.value) : 0,
      ]),
    ) as Record<FixedArea, number>;
    this.capacity = this.area.CAPACITY;
    if (Atomics.compareExchange(this.words(TOP, 1), 0, 0, this.area.HEAP) === 0) this.writeConstants();
    this.exports.open(this.allocate(this.area.WORKSPACE));
  }

  /**
   * 16-byte aligned, not cleared. Points are read a few bytes past their end, so memory ends a little later.
   */
  allocate(bytes: number): number {
    const size = Math.ceil(bytes / 16) * 16;
    const address = Atomics.add(this.words(TOP, 1), 0, size);
    const missing = address + size + 64 - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }

  /** A view; growth invalidates it: take it fresh. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  /** Denominator `index` of the additions under way, as a number mod p (not in Montgomery form). */
  denominator(index: number): bigint {
    const pair = this.exports.denominators() + (index >> 1) * POINT;
    const limbs = new Int32Array(this.memory.buffer, pair, 2 * LIMBS);
    return this.number((j) => limbs[2 * j + (index & 1)]!);
  }

  /** y of a point at rest, in Montgomery form. */
  ordinate(point: number): bigint {
    const limbs = new Int32Array(this.memory.buffer, point + POINT / 2, LIMBS);
    return this.number((j) => limbs[j]!);
  }

  /** A point at rest as numbers, or undefined for infinity. */
  affine(point: number): { x: bigint; y: bigint } | undefined {
    const words = new Int32Array(this.memory.buffer, point, POINT / 4);
    if (words[LIMBS] !== 0) return undefined;
    const [x, y] = [0, POINT / 8].map((first) => (this.number((j) => words[first + j]!) * UNRADIX) % P);
    return { x: x!, y: y! };
  }

  private number(limb: (j: number) => number): bigint {
    let x = 0n;
    for (let j = LIMBS - 1; j >= 0; j--) x = (x << BITS) + BigInt(limb(j));
    return ((x % P) + P) % P;
  }

  private writeConstants(): void {
    const int32 = (address: number, values: readonly bigint[], times = 1): void =>
      values.forEach((value, j) =>
        new Int32Array(this.memory.buffer, address + 4 * times * j, times).fill(
          Number(BigInt.asIntN(32, value)),
        ),
      );
    const pair = (address: number, x: bigint): void => int32(address, [...balanced(x), 0n], 2);
    let inverse = 1n;
    for (let i = 0; i < 5; i++) inverse = (inverse * (2n - P * inverse)) & MASK;
    int32(this.area.MODULUS, balanced(P), 4);
    int32(this.area.NEGATIVE_INVERSE, [-inverse & MASK], 4);
    int32(this.area.INVERSE, [inverse]);
    int32(this.area.PLAIN_MODULUS, plain(P));
    int32(this.area.HALF_MODULUS, plain((P - 1n) / 2n));
    pair(this.area.ONE, RADIX % P);
    pair(this.area.CUBE, RADIX ** 3n % P);
    pair(this.area.ENTER, RADIX ** 2n % P);
    pair(this.area.INTEGER_ONE, 1n);
    pair(this.area.TWICE, 2n * P);
    pair(this.area.FOUR, (4n * RADIX) % P);
    pair(this.area.BETA, (BETA * RADIX) % P);
    const exponent = ((P + 1n) / 4n).toString(16);
    this.bytes(this.area.ROOT, exponent.length + 1).set([
      exponent.length,
      ...[...exponent].map((digit) => parseInt(digit, 16)),
    ]);
  }
}

/**
 * A memory that threads can share: hand it to each one's G1Instance. Not in a page without cross-origin
 * isolation.
 */
export function memoryForTables(): WebAssembly.Memory {
  return newMemory(true);
}

function newMemory(shared: boolean): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM_PAGES, shared });
}

/**
 * The module imports a shared memory; its twin for a memory of its own differs in one bit, that of the
 * import.
 */
function compile(): { shared: WebAssembly.Module; own: WebAssembly.Module } {
  const bytes = Uint8Array.from(atob(G1_WASM), (c) => c.charCodeAt(0));
  const shared = compileKernels(bytes);
  // "env", "memory", kind 2 (memory), flags 3 (shared, with a maximum).
  const entry = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3];
  const at = bytes.findIndex((_, i) => entry.every((byte, j) => bytes[i + j] === byte));
  if (at < 0) throw new Error('the G1 kernels do not import a shared memory: build them again');
  bytes[at + entry.length - 1] = 1;
  return { shared, own: compileKernels(bytes) };
}

/** 13 signed limbs of 30 bits, the lowest first; the top one takes the rest. */
function balanced(x: bigint): bigint[] {
  const limbs: bigint[] = [];
  let rest = x;
  for (let j = 0; j < LIMBS - 1; j++) {
    const limb = BigInt.asIntN(Number(BITS), rest);
    limbs.push(limb);
    rest = (rest - limb) >> BITS;
  }
  return [...limbs, rest];
}

function plain(x: bigint): bigint[] {
  return Array.from({ length: LIMBS }, (_, j) => (x >> (BITS * BigInt(j))) & MASK);
}

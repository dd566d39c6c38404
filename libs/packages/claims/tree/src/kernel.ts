import { compileKernels } from '@solvent-por/kzg';
import { BN254_R } from '@solvent-por/claims';
import { POSEIDON_WASM } from './generated/poseidon';
import { sparseConstants } from './sparse';

/** What libs/packages/claims/assembly exports. */
interface KernelExports {
  hash(
    ...parameters: [
      target: number,
      inputs: number,
      stride: number,
      count: number,
      t: number,
      partialRounds: number,
      constants: number,
    ]
  ): void;
  enter(vector: number, count: number): void;
  leave(target: number, source: number, count: number): void;
}

type FixedArea = 'MASK64' | 'MASK32' | 'COMPLEMENT' | 'BIAS' | 'MULTIPLES' | 'INTEGER_ONE' | 'ENTER' | 'HEAP';

/** Bytes of an element at rest. */
export const ELEMENT_BYTES = 32;
const QUAD_BYTES = 144;
const LIMBS = 9;
const LIMB_BITS = 29n;
const LIMB_MASK = (1n << LIMB_BITS) - 1n;
const PAGE_BYTES = 65_536;
const RADIX = (1n << 261n) % BN254_R;

let compiled: WebAssembly.Module | undefined;

/**
 * Poseidon of many inputs at once, in WebAssembly, four hashes side by side: memory with a bump allocator,
 * and constants for each number of inputs, made when they are first needed.
 */
export class PoseidonKernel {
  readonly #exports: KernelExports;
  readonly #memory = new WebAssembly.Memory({ initial: 4 });
  readonly #area: Readonly<Record<FixedArea, number>>;
  readonly #constants = new Map<number, { t: number; partialRounds: number; address: number }>();
  #top: number;

  constructor() {
    compiled ??= compileKernels(Uint8Array.from(atob(POSEIDON_WASM), (c) => c.charCodeAt(0)));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } });
    this.#exports = exports as unknown as KernelExports;
    this.#area = Object.fromEntries(
      Object.entries(exports).map(([name, value]) => [
        name,
        value instanceof WebAssembly.Global ? value.value : 0,
      ]),
    ) as Record<FixedArea, number>;
    this.#top = this.#area.HEAP;
    this.#writeFixed();
  }

  /** Runs with memory for so many elements, which is given back afterwards; `count` is rounded up to fours. */
  borrow<T>(count: number, use: (address: number) => T): T {
    const mark = this.#top;
    try {
      return use(this.#allocate(ELEMENT_BYTES * 4 * Math.ceil(count / 4)));
    } finally {
      this.#top = mark;
    }
  }

  /** Valid until the next allocation. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length);
  }

  /**
   * Constants for hashes of so many inputs: to be asked for before memory is borrowed, so that they stay.
   * @param inputs 1…16
   */
  prepare(inputs: number): void {
    if (this.#constants.has(inputs)) return;
    const { t, partialRounds, constants } = sparseConstants(inputs);
    const address = this.#allocate(4 * LIMBS * constants.length);
    const words = new Uint32Array(this.#memory.buffer, address, LIMBS * constants.length);
    constants.forEach((x, i) => words.set(limbs((x * RADIX) % BN254_R).map(Number), LIMBS * i));
    this.#constants.set(inputs, { t, partialRounds, address });
  }

  /**
   * `count` hashes of elements at rest; `target` may not overlap with what is read later.
   * @param count is rounded up to fours: memory behind must be there
   * @param stride bytes from one hash's inputs to the next one's
   */
  hash(target: number, source: number, stride: number, count: number, inputs: number): void {
    const { t, partialRounds, address } = this.#constants.get(inputs)!;
    this.#exports.hash(target, source, stride, count, t, partialRounds, address);
  }

  /** Big-endian integers below 2^256 → elements at rest; `count` is rounded up to fours. */
  write(address: number, integers: Uint8Array): void {
    const view = this.bytes(address, integers.length);
    view.set(integers);
    reverseEach(view);
    this.#exports.enter(address, 4 * Math.ceil(integers.length / ELEMENT_BYTES / 4));
  }

  /** Elements at rest → big-endian integers below r. */
  read(address: number, count: number): Uint8Array {
    return this.borrow(count, (target) => {
      this.#exports.leave(target, address, 4 * Math.ceil(count / 4));
      const integers = this.bytes(target, ELEMENT_BYTES * count).slice();
      reverseEach(integers);
      return integers;
    });
  }

  #allocate(bytes: number): number {
    const address = this.#top;
    this.#top = address + Math.ceil(bytes / 16) * 16;
    // A quad may be read past the end.
    const missing = this.#top + 4 * ELEMENT_BYTES - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }

  #writeFixed(): void {
    const area = this.#area;
    const words = (address: number, values: readonly bigint[]): void =>
      values.forEach((value, j) =>
        new Uint32Array(this.#memory.buffer, address + 16 * j, 4).fill(Number(value)),
      );
    const longs = (address: number, values: readonly bigint[]): void =>
      values.forEach((value, j) => new BigInt64Array(this.#memory.buffer, address + 16 * j, 2).fill(value));
    longs(area.MASK64, [LIMB_MASK]);
    words(area.MASK32, [LIMB_MASK]);
    words(area.COMPLEMENT, limbs((1n << 261n) - BN254_R));
    longs(
      area.BIAS,
      limbs(BN254_R).map((limb, j) => limb + (j < LIMBS - 1 ? 1n << LIMB_BITS : 0n) - (j > 0 ? 1n : 0n)),
    );
    words(area.MULTIPLES + 4 * QUAD_BYTES, limbs(BN254_R));
    words(area.INTEGER_ONE, limbs(1n));
    words(area.ENTER, limbs((RADIX * RADIX) % BN254_R));
  }
}

/** Nine limbs of 29 bits, the lowest first; the top one takes the rest. */
function limbs(x: bigint): bigint[] {
  return Array.from({ length: LIMBS }, (_, j) =>
    j === LIMBS - 1 ? x >> (LIMB_BITS * 8n) : (x >> (LIMB_BITS * BigInt(j))) & LIMB_MASK,
  );
}

function reverseEach(elements: Uint8Array): void {
  for (let at = 0; at < elements.length; at += ELEMENT_BYTES)
    elements.subarray(at, at + ELEMENT_BYTES).reverse();
}

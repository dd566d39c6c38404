import { compileKernels } from '@solvent-por/kzg';
import { BN254_R } from '@solvent-por/claims';
import { fusedForm } from './fused-form';
import { integerForm } from './integer-form';
import type { KernelForm, Layout } from './kernel-form';
import { kernelRounds } from './rounds';

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

/** Bytes of an element at rest. */
export const ELEMENT_BYTES = 32;
const PAGE_BYTES = 65_536;

/** Compiled once a thread. */
const compiled = new Map<KernelForm, WebAssembly.Module>();

/**
 * Poseidon of many inputs at once, in WebAssembly, several hashes side by side: memory with a bump allocator,
 * and constants for each number of inputs, made when they are first needed.
 */
export class PoseidonKernel {
  /** How many hashes are computed side by side: counts are rounded up to multiples of it. */
  readonly lanes: number;
  readonly #exports: KernelExports;
  readonly #form: KernelForm;
  readonly #memory = new WebAssembly.Memory({ initial: 4 });
  readonly #constants = new Map<number, { t: number; partialRounds: number; address: number }>();
  #top: number;

  /** @param form by default what is fastest here */
  constructor(form: KernelForm = fastestForm()) {
    this.#form = form;
    const { exports } = new WebAssembly.Instance(moduleOf(form), { env: { memory: this.#memory } });
    this.#exports = exports as unknown as KernelExports;
    const layout: Layout = Object.fromEntries(
      Object.entries(exports).map(([name, value]) => [
        name,
        value instanceof WebAssembly.Global ? value.value : 0,
      ]),
    );
    this.lanes = layout['LANES']!;
    this.#top = layout['HEAP']!;
    form.writeFixed(this.#memory.buffer, layout);
  }

  /** Runs with memory for so many elements, which is given back afterwards; `count` is rounded up to `lanes`. */
  borrow<T>(count: number, use: (address: number) => T): T {
    const mark = this.#top;
    try {
      return use(this.#allocate(ELEMENT_BYTES * this.#whole(count)));
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
    const { t, partialRounds, inputs: added, rows } = kernelRounds(inputs);
    const { radix } = this.#form;
    const montgomery = (x: bigint) => this.#form.constant((x * radix) % BN254_R);
    const parts = [
      ...added.map(montgomery),
      ...rows.flatMap(({ constant, factors }) => [
        this.#form.initial((constant * radix) % BN254_R, factors.length),
        ...factors.map(montgomery),
      ]),
    ];
    const address = this.#allocate(parts.reduce((sum, { length }) => sum + length, 0));
    let at = address;
    for (const part of parts) {
      this.bytes(at, part.length).set(part);
      at += part.length;
    }
    this.#constants.set(inputs, { t, partialRounds, address });
  }

  /**
   * `count` hashes of elements at rest; `target` may not overlap with what is read later.
   * @param count is rounded up to `lanes`: memory behind must be there
   * @param stride bytes from one hash's inputs to the next one's
   */
  hash(target: number, source: number, stride: number, count: number, inputs: number): void {
    const { t, partialRounds, address } = this.#constants.get(inputs)!;
    this.#exports.hash(target, source, stride, this.#whole(count), t, partialRounds, address);
  }

  /** Big-endian integers below 2^256 → elements at rest; `count` is rounded up to `lanes`. */
  write(address: number, integers: Uint8Array): void {
    const view = this.bytes(address, integers.length);
    view.set(integers);
    reverseEach(view);
    this.#exports.enter(address, this.#whole(integers.length / ELEMENT_BYTES));
  }

  /** Elements at rest → big-endian integers below r. */
  read(address: number, count: number): Uint8Array {
    return this.borrow(count, (target) => {
      this.#exports.leave(target, address, this.#whole(count));
      const integers = this.bytes(target, ELEMENT_BYTES * count).slice();
      reverseEach(integers);
      return integers;
    });
  }

  #allocate(bytes: number): number {
    const address = this.#top;
    this.#top = address + Math.ceil(bytes / 16) * 16;
    // A block may be read past the end.
    const missing = this.#top + 17 * this.lanes * ELEMENT_BYTES - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }

  /** `count` as the kernel takes it. */
  #whole(count: number): number {
    return this.lanes * Math.ceil(count / this.lanes);
  }
}

function reverseEach(elements: Uint8Array): void {
  for (let at = 0; at < elements.length; at += ELEMENT_BYTES)
    elements.subarray(at, at + ELEMENT_BYTES).reverse();
}

function moduleOf(form: KernelForm): WebAssembly.Module {
  let module = compiled.get(form);
  if (module === undefined) compiled.set(form, (module = compileKernels(bytesOf(form))));
  return module;
}

function bytesOf({ wasm }: KernelForm): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(wasm), (c) => c.charCodeAt(0));
}

let fastest: KernelForm | undefined;

/**
 * Fused multiply-adds where the engine has relaxed SIMD and the processor rounds them once (the standard
 * leaves that open): then a hash comes out as it does in integers.
 */
function fastestForm(): KernelForm {
  return (fastest ??= runsFused() ? fusedForm : integerForm);
}

/** A hash each, side by side, of as many inputs as the widest form takes twice. */
const PROBES = 16;

function runsFused(): boolean {
  if (!WebAssembly.validate(bytesOf(fusedForm))) return false;
  const [fused, integer] = [fusedForm, integerForm].map((form) => {
    const kernel = new PoseidonKernel(form);
    kernel.prepare(2);
    return kernel.borrow(3 * PROBES, (address) => {
      kernel.write(
        address,
        Uint8Array.from({ length: 2 * PROBES * ELEMENT_BYTES }, (_, i) => i * 101),
      );
      const target = address + 2 * PROBES * ELEMENT_BYTES;
      kernel.hash(target, address, 2 * ELEMENT_BYTES, PROBES, 2);
      return kernel.read(target, PROBES).join();
    });
  });
  return fused === integer;
}

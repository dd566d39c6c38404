/** Numbers that the kernel exports: addresses and sizes of assembly/layout.ts. */
export type Layout = Readonly<Record<string, number>>;

/** How a kernel writes numbers: in integers, or in doubles for fused multiply-adds. */
export interface KernelForm {
  /** The module, in base64. */
  readonly wasm: string;
  /** Montgomery's radix. */
  readonly radix: bigint;
  /** Bytes of one factor of a sum, the same for all lanes; x in 0…r−1. */
  constant(x: bigint): Uint8Array;
  /** Bytes of what a sum of so many products starts from. */
  initial(x: bigint, products: number): Uint8Array;
  /** Writes what stands below HEAP and is always the same. */
  writeFixed(memory: ArrayBuffer, layout: Layout): void;
}

/** Writes 64-bit values twice each, for both lanes of a vector. */
export function writePairs(memory: ArrayBuffer, address: number, values: readonly bigint[]): void {
  values.forEach((value, j) => new BigInt64Array(memory, address + 16 * j, 2).fill(value));
}

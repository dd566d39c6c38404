import { type FieldKernels, type Vector } from '../src/kernels';
import { GENERATOR, lagrangeAt, rowPoint, ROWS } from '../src/domain';
import { inverse, mod, pow, R, toBytes } from '../src/field';

/** Slow and plain references for the tests of the kernels. */
export const N = BigInt(ROWS);
export const ETA = pow(GENERATOR, (R - 1n) / 16384n);
export const ALL_ROWS = Array.from({ length: ROWS }, (_, i) => i);
/** Elements at rest are x·2^261 mod r, or r more. */
export const RADIX = mod(1n << 261n);

/** Numbers where carries, borrows and reductions are at their limits, in Montgomery form or out of it. */
const PLAIN = [
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
export const EDGES = [...PLAIN, ...PLAIN.map((x) => mod(x * inverse(RADIX)))];

/** Reproducible numbers without a pattern, an edge now and then. */
export function numbers(seed: bigint, count: number): bigint[] {
  let state = mod(seed * 0x9e3779b97f4a7c15f39cc0605cedc834n + 11n);
  return Array.from({ length: count }, (_, i) => {
    state = mod(state * state + 0x243f6a8885a308d313198a2e03707344n);
    return i % 97 === 5 ? EDGES[i % EDGES.length]! : state;
  });
}

/** A vector of these numbers. */
export function vector(kernels: FieldKernels, values: readonly bigint[]): Vector {
  const address = kernels.allocate(values.length);
  kernels.load(address, 0, values);
  return address;
}

/** Writes 256-bit integers over elements as they stand in memory, to have them less than fully reduced. */
export function writeRaw(kernels: FieldKernels, target: Vector, raw: readonly bigint[]): void {
  raw.forEach((x, i) => kernels.bytes(kernels.at(target, i), 32).set(toBytes(x).reverse()));
}

export function evaluateAt(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduceRight((sum, c) => mod(sum * x + c), 0n);
}

/** The polynomial of a column at any point off the domain. */
export function columnAt(rows: readonly bigint[], z: bigint): bigint {
  return mod(lagrangeAt(z, ALL_ROWS).reduce((sum, weight, i) => sum + weight * rows[i]!, 0n));
}

/** Point i of coset j. */
export function cosetPoint(j: number, i: number): bigint {
  return mod(GENERATOR * pow(ETA, BigInt(j)) * rowPoint(i));
}

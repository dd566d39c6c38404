// What one instance writes: lists of additions, and pairs for their intermediate results.
import { PAIR } from './layout';

/** Most additions that share one inversion. */
export const CAPACITY: usize = 2048;

let base: usize = 0;

/** Bytes of a workspace. */
export const WORKSPACE: usize = 32 * PAIR + CAPACITY * PAIR + 13 * CAPACITY + 1024;

/** This instance works at `address` (a multiple of 16), where WORKSPACE bytes are its own. */
export function open(address: usize): void {
  base = address;
}

/** Pair k = 0…31 for intermediate results. */
// @ts-ignore: decorator
@inline
export function temporary(k: usize): usize {
  return base + k * PAIR;
}

/** Denominators of the additions, two by two. */
// @ts-ignore: decorator
@inline
export function denominators(): usize {
  return base + 32 * PAIR;
}

/** Products of all denominators before each. */
// @ts-ignore: decorator
@inline
export function prefixes(): usize {
  return denominators() + (CAPACITY / 2) * PAIR;
}

/**
 * Addresses (u32) of sums, first and second summands; bit 0 of a second summand's says that it is to be
 * subtracted.
 */
export function sums(): usize {
  return prefixes() + (CAPACITY / 2) * PAIR;
}

export function firsts(): usize {
  return sums() + 4 * CAPACITY;
}

export function seconds(): usize {
  return firsts() + 4 * CAPACITY;
}

/** One byte an addition: a Kind. */
export function kinds(): usize {
  return seconds() + 4 * CAPACITY;
}

/** Addition `at` of the machine's lists. `second` is a signed address. */
// @ts-ignore: decorator
@inline
export function push(at: usize, out: usize, first: usize, second: u32): void {
  store<u32>(sums() + 4 * at, <u32>out);
  store<u32>(firsts() + 4 * at, <u32>first);
  store<u32>(seconds() + 4 * at, second);
}

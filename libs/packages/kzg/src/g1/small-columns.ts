import { ROWS } from '../domain';
import { SolventError } from '../errors';
import { SCALAR, type G1Instance } from './instance';

/** Small numbers are below this. */
export const SMALL_VALUES = 2048;

/**
 * The most frequent of small numbers, and how often it occurs.
 * @throws SolventError LIMB_OUT_OF_RANGE (internal)
 */
export function mostFrequent(rows: Uint16Array): { value: number; count: number } {
  const counts = new Uint16Array(SMALL_VALUES);
  let value = 0;
  for (const x of rows) {
    if (x >= SMALL_VALUES)
      throw new SolventError(
        'LIMB_OUT_OF_RANGE',
        'internal',
        'a limb must be below 2048: split values into 11-bit limbs',
      );
    if (++counts[x]! > counts[value]!) value = x;
  }
  return { value, count: counts[value]! };
}

/** So many rows, spread over the column, are looked at for a value that many share. */
const SAMPLES = 60;
const OFTEN = 8;
const APART = 67;
/** Rows that a value must make zero, more than it takes zeros from, to be worth taking off. */
const WORTH = 64;

/**
 * Takes a column's most frequent value off all its rows, where that leaves more zeros than there were.
 * @param values address of 4,096 scalars, changed in place; @param modulus of r; @param scratch 64 bytes
 * @returns the value taken off, 32 bytes little-endian, or undefined
 */
export function commonValue(
  instance: G1Instance,
  values: number,
  modulus: number,
  scratch: number,
): Uint8Array | undefined {
  const seen = new Map<string, { row: number; count: number }>();
  for (let i = 0; i < SAMPLES; i++) {
    const row = i * APART;
    const key = instance.words(values + row * SCALAR, 8).join();
    const known = seen.get(key);
    if (known) known.count++;
    else seen.set(key, { row, count: 1 });
  }
  const best = [...seen.values()].reduce((a, b) => (b.count > a.count ? b : a));
  if (best.count < OFTEN) return undefined;
  const { exports } = instance;
  const value = instance.bytes(values + best.row * SCALAR, SCALAR).slice();
  instance.bytes(scratch, SCALAR).set(value);
  instance.bytes(scratch + SCALAR, SCALAR).fill(0);
  const zeros = exports.countEqual(values, scratch + SCALAR, ROWS);
  if (exports.countEqual(values, scratch, ROWS) < zeros + WORTH || value.every((byte) => byte === 0))
    return undefined;
  exports.subtractAll(values, scratch, modulus, ROWS);
  return value;
}

import { SolventError } from './errors';

/** Order of the BLS12-381 scalar field (EIP-4844's BLS_MODULUS). */
export const R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

/** Bytes of an encoded field element: big-endian. */
export const SCALAR_BYTES = 32;

/** x mod r in 0…r−1, for any integer x. */
export function mod(x: bigint): bigint {
  const y = x % R;
  return y < 0n ? y + R : y;
}

/** base^exponent mod r; exponent ≥ 0. */
export function pow(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % R;
    square = (square * square) % R;
  }
  return result;
}

/**
 * 1/x mod r (extended Euclid).
 * @throws SolventError FIELD_DIVISION_BY_ZERO
 */
export function inverse(x: bigint): bigint {
  let [a, b] = [mod(x), R];
  if (a === 0n) throw new SolventError('FIELD_DIVISION_BY_ZERO', 'internal', 'zero has no inverse');
  let [u, v] = [1n, 0n];
  while (a !== 1n) {
    const q = b / a;
    [a, b] = [b - q * a, a];
    [u, v] = [v - q * u, u];
  }
  return mod(u);
}

/** Inverses of a list with one inversion (Montgomery's trick). @throws SolventError FIELD_DIVISION_BY_ZERO */
export function inverses(values: readonly bigint[]): bigint[] {
  const prefix: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefix.push(product);
    product = (product * value) % R;
  }
  let back = inverse(product);
  const result = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = mod(back * prefix[i]!);
    back = mod(back * values[i]!);
  }
  return result;
}

/**
 * Big-endian bytes of a non-negative integer, left-padded to `length`.
 * @throws RangeError when it doesn't fit
 */
export function toBytes(x: bigint, length = SCALAR_BYTES): Uint8Array {
  if (x < 0n || x >> BigInt(8 * length)) throw new RangeError(`integer does not fit ${length} bytes`);
  const bytes = new Uint8Array(length);
  const hex = x.toString(16).padStart(2 * length, '0');
  for (let i = 0; i < length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** The big-endian integer of the bytes, not reduced. */
export function fromBytes(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/**
 * A field element read from outside: exactly 32 bytes, big-endian, below r.
 * @throws SolventError SCALAR_MALFORMED
 */
export function decodeScalar(bytes: Uint8Array): bigint {
  const x = bytes.length === SCALAR_BYTES ? fromBytes(bytes) : R;
  if (x >= R)
    throw new SolventError('SCALAR_MALFORMED', 'malformed', 'a field element must be 32 bytes below r');
  return x;
}

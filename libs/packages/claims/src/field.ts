import { fromBytes, SolventError, toBytes } from '@solvent-por/kzg';

/** Order of BN254's scalar field, over which claims are proved: 254 bits. */
export const BN254_R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

/** Bytes that are below the order whatever they are: claim keys, scopes and challenges have so many. */
export const SHORT_BYTES = 31;

/** An integer of 0…r−1 as 32 bytes, big-endian. */
export function elementBytes(element: bigint): Uint8Array {
  return toBytes(element);
}

/**
 * The integer of big-endian bytes, which must be below the order.
 * @param what names it in the message
 * @throws SolventError CLAIM_ELEMENT (kind malformed): it would stand for another element a second time
 */
export function elementOf(bytes: Uint8Array, what: string): bigint {
  const element = fromBytes(bytes);
  if (element >= BN254_R)
    throw new SolventError('CLAIM_ELEMENT', 'malformed', `${what} must be below the order of BN254`);
  return element;
}

/** x mod r, 0…r−1. */
export function modulo(x: bigint): bigint {
  const rest = x % BN254_R;
  return rest < 0n ? rest + BN254_R : rest;
}

/** 1/x mod r for x ≢ 0 (extended Euclid). */
export function invert(x: bigint): bigint {
  let [a, b, u, v] = [modulo(x), BN254_R, 1n, 0n];
  while (a > 1n) {
    const q = b / a;
    [a, b, u, v] = [b - q * a, a, v - q * u, u];
  }
  return modulo(u);
}

import { bls12_381 } from '@noble/curves/bls12-381.js';

/** The prime of BLS12-381's base field, in which coordinates lie. p ≡ 3 (mod 4). */
export const P = bls12_381.fields.Fp.ORDER;

/** x mod p in 0…p−1, for any integer x. */
export function reduce(x: bigint): bigint {
  const y = x % P;
  return y < 0n ? y + P : y;
}

/** Digits of (p+1)/4 in base 32, most significant first. */
const ROOT_DIGITS: readonly number[] = [...((P + 1n) / 4n).toString(32)].map((digit) => parseInt(digit, 32));

/**
 * A square root of x (0 ≤ x < p), or undefined where x is not a square: x^((p+1)/4) by fixed windows, then
 * checked.
 */
export function squareRoot(x: bigint): bigint | undefined {
  const powers = [1n];
  for (let i = 1; i < 32; i++) powers.push((powers[i - 1]! * x) % P);
  let root = 1n;
  for (const digit of ROOT_DIGITS) {
    for (let i = 0; i < 5; i++) root = (root * root) % P;
    if (digit) root = (root * powers[digit]!) % P;
  }
  return (root * root) % P === x ? root : undefined;
}

/**
 * Inverses of a list of non-zero elements, with one inversion (Montgomery's trick). Elements may be negative,
 * above −p.
 */
export function inverseAll(values: readonly bigint[]): bigint[] {
  const prefix = new Array<bigint>(values.length);
  let product = 1n;
  for (let i = 0; i < values.length; i++) {
    prefix[i] = product;
    product = (product * values[i]!) % P;
  }
  let back = values.length ? bls12_381.fields.Fp.inv(reduce(product)) : 1n;
  const inverses = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = (back * prefix[i]!) % P;
    back = (back * values[i]!) % P;
  }
  return inverses;
}

// Pairs: loading, storing and the few linear operations on them. generate.mjs has the form and its bounds.
import { FLAG, MODULUS, PAIR, TWICE, Y } from './layout';

const BITS = 30;

/** One coordinate of two points → a pair. */
// @ts-ignore: decorator
@inline
export function gather(out: usize, p: usize, q: usize): void {
  for (let j: usize = 0; j < 48; j += 16) {
    const a = v128.load(p + j), b = v128.load(q + j);
    v128.store(out + 2 * j, v128.shuffle<u32>(a, b, 0, 4, 1, 5));
    v128.store(out + 2 * j, v128.shuffle<u32>(a, b, 2, 6, 3, 7), 16);
  }
  store<u32>(out, load<u32>(p, 48), 96);
  store<u32>(out, load<u32>(q, 48), 100);
}

/** As gather(), each negated where asked for. */
// @ts-ignore: decorator
@inline
export function gatherSigned(out: usize, p: usize, q: usize, negateP: u32, negateQ: u32): void {
  const signP = i32x4.splat(-<i32>negateP), signQ = i32x4.splat(-<i32>negateQ);
  for (let j: usize = 0; j < 64; j += 16) {
    const a = i32x4.sub(v128.xor(v128.load(p + j), signP), signP);
    const b = i32x4.sub(v128.xor(v128.load(q + j), signQ), signQ);
    v128.store(out + 2 * j, v128.shuffle<u32>(a, b, 0, 4, 1, 5));
    if (j < 48) v128.store(out + 2 * j, v128.shuffle<u32>(a, b, 2, 6, 3, 7), 16);
  }
}

/** Element 0 or 1 of a pair → one coordinate of a point. */
// @ts-ignore: decorator
@inline
export function scatter(pair: usize, element: i32, p: usize): void {
  for (let j: usize = 0; j < 48; j += 16) {
    const a = v128.load(pair + 2 * j), b = v128.load(pair + 2 * j, 16);
    v128.store(
      p + j,
      element ? v128.shuffle<u32>(a, b, 1, 3, 5, 7) : v128.shuffle<u32>(a, b, 0, 2, 4, 6),
    );
  }
  store<u32>(p, load<u32>(pair + 96 + 4 * element), 48);
}

/** out = a − b, limbs as they come: below 2^30 for balanced a and b. */
// @ts-ignore: decorator
@inline
export function difference(out: usize, a: usize, b: usize): void {
  for (let j: usize = 0; j < PAIR; j += 16) v128.store(out + j, i32x4.sub(v128.load(a + j), v128.load(b + j)));
}

/** out = a + b, likewise. */
// @ts-ignore: decorator
@inline
export function sum(out: usize, a: usize, b: usize): void {
  for (let j: usize = 0; j < PAIR; j += 16) v128.store(out + j, i32x4.add(v128.load(a + j), v128.load(b + j)));
}

/** Limbs below 2^31 in absolute value → balanced, by one parallel carry. */
export function balance(a: usize): void {
  const one = i32x4.splat(1);
  let before = i32x4.splat(0);
  for (let j: usize = 0; j < 96; j += 16) {
    const limbs = v128.load(a + j);
    // ⌊(limb + 2^29) / 2^30⌋, without the sum, which may pass 2^31.
    const carry = i32x4.add(i32x4.shr_s(limbs, BITS), v128.and(i32x4.shr_u(limbs, BITS - 1), one));
    const rest = i32x4.sub(limbs, i32x4.shl(carry, BITS));
    v128.store(a + j, i32x4.add(rest, v128.shuffle<u64>(before, carry, 1, 2)));
    before = carry;
  }
  // The top limb keeps what it has.
  v128.store(a + 96, i32x4.add(v128.load(a + 96), v128.shuffle<u64>(before, before, 1, 1)));
}

/**
 * Values up to 3p in absolute value → up to 1.0001p, balanced: 2p is taken off, or added, where the top limb
 * is beyond p's.
 * a is balanced.
 */
export function fold(a: usize): void {
  const top = v128.load(a + 96);
  const limit = v128.load(MODULUS + 16 * 12);
  let above = i32x4.gt_s(top, limit), below = i32x4.lt_s(top, i32x4.neg(limit));
  above = v128.shuffle<u32>(above, above, 0, 1, 0, 1);
  below = v128.shuffle<u32>(below, below, 0, 1, 0, 1);
  for (let j: usize = 0; j < PAIR; j += 16) {
    const twice = v128.load(TWICE + j);
    v128.store(
      a + j,
      i32x4.add(v128.load(a + j), i32x4.sub(v128.and(below, twice), v128.and(above, twice))),
    );
  }
  balance(a);
}

/** out = a's elements in the other order. */
export function exchange(out: usize, a: usize): void {
  for (let j: usize = 0; j < PAIR; j += 16) {
    const limbs = v128.load(a + j);
    v128.store(out + j, v128.shuffle<u32>(limbs, limbs, 1, 0, 3, 2));
  }
}

/** One element of `out` = that of `a`. */
export function replace(out: usize, a: usize, element: usize): void {
  for (let j: usize = 4 * element; j < PAIR; j += 8) store<i32>(out + j, load<i32>(a + j));
}

// @ts-ignore: decorator
@inline
export function isInfinity(point: usize): u32 {
  return load<u32>(point, FLAG);
}

export function setInfinity(point: usize): void {
  memory.fill(point, 0, 112);
  store<u32>(point, 1, FLAG);
}

/** target = ± source. */
export function copyPoint(target: usize, source: usize, negate: u32): void {
  memory.copy(target, source, 112);
  if (negate) for (let j: usize = Y; j < Y + 52; j += 4) store<i32>(target + j, -load<i32>(target + j));
}

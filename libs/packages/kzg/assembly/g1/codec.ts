// Between points at rest and the 48 compressed bytes of section 2 of the specification.
import { multiply, square } from './generated/fp';
import {
  ENTER,
  FLAG,
  FOUR,
  HALF_MODULUS,
  INTEGER_ONE,
  LIMBS,
  PAIR,
  PLAIN_MODULUS,
  POINT,
  ROOT,
  Y,
} from './layout';
import { balance, copyPoint, difference, gather, isInfinity, scatter, setInfinity, sum } from './pairs';
import { temporary } from './workspace';

const MASK: i32 = (1 << 30) - 1;
const BYTES: usize = 48;

/**
 * 13 limbs 0…2^30−1 of an element's canonical number in 0…p−1; `pair` is a product by the integer 1, above −p
 * and below p.
 */
function canonical(out: usize, pair: usize, element: usize): void {
  for (let shift: i32 = 0; ; shift = 1) {
    let carry: i32 = 0;
    for (let j: usize = 0; j < LIMBS; j++) {
      const x =
        load<i32>(pair + 8 * j + 4 * element) + carry + (shift ? load<i32>(PLAIN_MODULUS + 4 * j) : 0);
      store<i32>(out + 4 * j, x & MASK);
      carry = x >> 30;
    }
    if (!carry) return;
  }
}

/** Whether a ≥ b, limbs 0…2^30−1. */
function atLeast(a: usize, b: usize): boolean {
  for (let j: i32 = 12; j >= 0; j--) {
    const x = load<i32>(a + 4 * j),
      y = load<i32>(b + 4 * j);
    if (x != y) return x > y;
  }
  return true;
}

function sameLimbs(a: usize, b: usize): boolean {
  for (let j: usize = 0; j < LIMBS; j++) if (load<i32>(a + 4 * j) != load<i32>(b + 4 * j)) return false;
  return true;
}

function writeBytes(out: usize, limbs: usize): void {
  let bits: u64 = 0,
    held: i32 = 0;
  let next: usize = 0;
  for (let i: i32 = 47; i >= 0; i--) {
    if (held < 8) {
      bits |= (<u64>load<u32>(limbs + 4 * next++)) << held;
      held += 30;
    }
    store<u8>(out + i, <u8>bits);
    bits >>= 8;
    held -= 8;
  }
}

/**
 * Big-endian bytes below 2^381 (the flags of the first are left out) → element of a pair, not in Montgomery
 * form.
 */
function readBytes(pair: usize, element: usize, bytes: usize): void {
  let bits: u64 = 0,
    held: i32 = 0;
  let i: i32 = 47;
  for (let j: usize = 0; j < LIMBS; j++) {
    while (held < 30 && i >= 0) {
      bits |= ((<u64>load<u8>(bytes + i)) & (i ? 255 : 31)) << held;
      held += 8;
      i--;
    }
    store<u32>(pair + 8 * j + 4 * element, (<u32>bits) & MASK);
    bits >>= 30;
    held -= 30;
  }
}

/** out = a^((p+1)/4), a square root of a where there is one: fixed windows of four bits. */
function root(out: usize, a: usize): void {
  const powers = temporary(11);
  const length = <usize>load<u8>(ROOT);
  memory.copy(powers, a, PAIR);
  for (let k: usize = 1; k < 15; k++) multiply(powers + k * PAIR, powers + (k - 1) * PAIR, a);
  memory.copy(out, powers + (<usize>load<u8>(ROOT + 1) - 1) * PAIR, PAIR);
  for (let i: usize = 2; i <= length; i++) {
    for (let k = 0; k < 4; k++) square(out, out);
    const digit = <usize>load<u8>(ROOT + i);
    if (digit) multiply(out, out, powers + (digit - 1) * PAIR);
  }
}

/**
 * `count` points from 48 compressed bytes each. They are trusted to lie in the subgroup: the set-up's points,
 * pinned by a digest.
 * Returns how many come before the first that is not on the curve.
 */
export function decompress(points: usize, bytes: usize, count: usize): usize {
  const x = temporary(0),
    y = temporary(1),
    t = temporary(2),
    check = temporary(3),
    limbs = temporary(4),
    other = temporary(5);
  for (let i: usize = 0; i < count; i += 2) {
    const last = i + 1 < count ? i + 1 : i;
    readBytes(x, 0, bytes + i * BYTES);
    readBytes(x, 1, bytes + last * BYTES);
    multiply(x, x, ENTER);
    square(t, x);
    multiply(t, t, x);
    sum(t, t, FOUR);
    balance(t);
    root(y, t);
    square(check, y);
    difference(check, check, t);
    multiply(check, check, INTEGER_ONE);
    multiply(t, y, INTEGER_ONE);
    for (let element: usize = 0; element < 2; element++) {
      const k = element ? last : i;
      const point = points + k * POINT,
        source = bytes + k * BYTES;
      if (load<u8>(source) & 0x40) {
        setInfinity(point);
        continue;
      }
      canonical(limbs, check, element);
      memory.fill(other, 0, 52);
      if (!sameLimbs(limbs, other)) return k;
      scatter(x, <i32>element, point);
      store<u32>(point, 0, FLAG);
      scatter(y, <i32>element, point + Y);
      canonical(limbs, t, element);
      // A root beyond (p−1)/2 is the larger of the two.
      const larger: u32 = atLeast(limbs, HALF_MODULUS) && !sameLimbs(limbs, HALF_MODULUS) ? 1 : 0;
      if (larger != ((load<u8>(source) >> 5) & 1)) copyPoint(point, point, 1);
    }
  }
  return count;
}

/** `count` points at the addresses in `list` (u32, bit 0: the negative) → 48 compressed bytes each. */
export function compress(bytes: usize, list: usize, count: usize): void {
  const x = temporary(0),
    y = temporary(1),
    limbs = temporary(4);
  for (let i: usize = 0; i < count; i += 2) {
    const first = load<u32>(list + 4 * i);
    const second = i + 1 < count ? load<u32>(list + 4 * i + 4) : first;
    const p = <usize>(first & ~1),
      q = <usize>(second & ~1);
    gather(x, p, q);
    gather(y, p + Y, q + Y);
    multiply(x, x, INTEGER_ONE);
    multiply(y, y, INTEGER_ONE);
    for (let element: usize = 0; element < 2 && i + element < count; element++) {
      const out = bytes + (i + element) * BYTES;
      if (isInfinity(element ? q : p)) {
        memory.fill(out, 0, BYTES);
        store<u8>(out, 0xc0);
        continue;
      }
      canonical(limbs, x, element);
      writeBytes(out, limbs);
      canonical(limbs, y, element);
      const larger: u32 = atLeast(limbs, HALF_MODULUS) && !sameLimbs(limbs, HALF_MODULUS) ? 1 : 0;
      const negative = (element ? second : first) & 1;
      store<u8>(out, load<u8>(out) | 0x80 | (<u8>((larger ^ negative) << 5)));
    }
  }
}

/** Coordinates of `count` finite points from limbs 0…2^30−1 to Montgomery form, in place. */
export function enterPoints(points: usize, count: usize): void {
  const x = temporary(0), y = temporary(1);
  for (let i: usize = 0; i < count; i += 2) {
    const p = points + i * POINT;
    const q = i + 1 < count ? p + POINT : p;
    gather(x, p, q);
    gather(y, p + Y, q + Y);
    multiply(x, x, ENTER);
    multiply(y, y, ENTER);
    for (let element: usize = 0; element < 2 && i + element < count; element++) {
      scatter(x, <i32>element, element ? q : p);
      scatter(y, <i32>element, (element ? q : p) + Y);
    }
  }
}

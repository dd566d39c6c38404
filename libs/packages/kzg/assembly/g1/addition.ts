// Sums of points in affine coordinates, many at a time: one inversion serves all of them (Montgomery's
// trick), so that a sum costs five products and a square. The host, or lists.ts, fills sums(), firsts() and
// seconds(); no sum's address may be another one's summand.
import { multiply, square } from './generated/fp';
import { BETA, FLAG, ONE, PAIR, Y } from './layout';
import { invert } from './invert';
import {
  balance, copyPoint, difference, exchange, fold, gather, gatherSigned, isInfinity, replace, scatter, setInfinity, sum,
} from './pairs';
import { denominators, firsts, kinds, prefixes, seconds, sums, temporary } from './workspace';

/** How an addition is carried out. */
export const PLAIN: u8 = 0;
/** The first is infinity: the sum is the second. */
export const SECOND: u8 = 1;
/** The second is infinity: the sum is the first. */
export const FIRST: u8 = 2;
/** Opposite points. */
export const INFINITY: u8 = 3;
/** Equal points: left to the host, which doubles. */
export const EQUAL: u8 = 4;

// @ts-ignore: decorator
@inline
function first(i: usize): usize {
  return <usize>load<u32>(firsts() + 4 * i);
}

// @ts-ignore: decorator
@inline
function second(i: usize): usize {
  return <usize>(load<u32>(seconds() + 4 * i) & ~1);
}

// @ts-ignore: decorator
@inline
function negated(i: usize): u32 {
  return load<u32>(seconds() + 4 * i) & 1;
}

/** An odd list's last addition is done twice, once for nothing. */
function even(count: usize): usize {
  if (count & 1) {
    store<u32>(firsts() + 4 * count, <u32>first(count - 1));
    store<u32>(seconds() + 4 * count, load<u32>(seconds() + 4 * count - 4));
    store<u32>(sums() + 4 * count, <u32>temporary(22));
    return count + 1;
  }
  return count;
}

/** Denominators x₂ − x₁ of `count` additions; 1 where a summand is infinity. */
export function prepare(count: usize): void {
  const all = even(count);
  for (let i: usize = 0; i < all; i += 2) {
    const a0 = first(i), a1 = first(i + 1), b0 = second(i), b1 = second(i + 1);
    const out = denominators() + (i >> 1) * PAIR;
    gather(temporary(0), a0, a1);
    gather(temporary(1), b0, b1);
    difference(out, temporary(1), temporary(0));
    const kind0 = isInfinity(a0) ? SECOND : isInfinity(b0) ? FIRST : PLAIN;
    const kind1 = isInfinity(a1) ? SECOND : isInfinity(b1) ? FIRST : PLAIN;
    setKind(i, kind0);
    setKind(i + 1, kind1);
  }
}

/** Says how addition i is carried out; 1 takes the place of its denominator unless it is plain. */
export function setKind(i: usize, kind: u8): void {
  store<u8>(kinds() + i, kind);
  if (kind) replace(denominators() + (i >> 1) * PAIR, ONE, i & 1);
}

/**
 * Multiplies the denominators of `count` additions or doublings up and inverts the product; 0 where one of
 * them is zero.
 */
export function chain(count: usize): u32 {
  const run = temporary(2);
  memory.copy(run, ONE, PAIR);
  const pairs = (count + 1) >> 1;
  let d = denominators(), prefix = prefixes();
  for (let i: usize = 0; i < pairs; i++) {
    memory.copy(prefix, run, PAIR);
    multiply(run, prefix, d);
    d += PAIR;
    prefix += PAIR;
  }
  // The product of both elements is inverted, and each gets its inverse by the other.
  const other = temporary(3), both = temporary(4);
  exchange(other, run);
  multiply(both, run, other);
  if (!invert(both, both)) return 0;
  multiply(run, both, other);
  return 1;
}

/** Inverse of denominator pair i, for i falling from the last. */
// @ts-ignore: decorator
@inline
function nextInverse(out: usize, i: usize): void {
  const run = temporary(2);
  multiply(out, run, prefixes() + i * PAIR);
  multiply(run, run, denominators() + i * PAIR);
}

/** The sums, after prepare() and chain(). */
export function complete(count: usize): void {
  const x1 = temporary(5), y1 = temporary(6), t = temporary(7), x3 = temporary(8), y3 = temporary(9), slope = temporary(10);
  for (let pair = (count + 1) >> 1; pair > 0;) {
    pair--;
    const i = 2 * pair;
    const a0 = first(i), a1 = first(i + 1);
    nextInverse(t, pair);
    gather(y1, a0 + Y, a1 + Y);
    gatherSigned(slope, second(i) + Y, second(i + 1) + Y, negated(i), negated(i + 1));
    difference(slope, slope, y1);
    multiply(slope, t, slope);
    square(x3, slope);
    gather(x1, a0, a1);
    sum(t, denominators() + pair * PAIR, x1);
    difference(x3, x3, x1);
    difference(x3, x3, t);
    finish(i, x1, y1, x3, y3, slope);
  }
}

/** From λ, x₁, y₁ and the raw x₃ to the points. */
// @ts-ignore: decorator
@inline
function finish(i: usize, x1: usize, y1: usize, x3: usize, y3: usize, slope: usize): void {
  balance(x3);
  fold(x3);
  difference(x1, x1, x3);
  multiply(y3, slope, x1);
  difference(y3, y3, y1);
  balance(y3);
  fold(y3);
  place(i, 0, x3, y3);
  place(i + 1, 1, x3, y3);
}

function place(i: usize, element: i32, x3: usize, y3: usize): void {
  const out = <usize>load<u32>(sums() + 4 * i);
  const kind = load<u8>(kinds() + i);
  if (kind == PLAIN) {
    scatter(x3, element, out);
    store<u32>(out, 0, FLAG);
    scatter(y3, element, out + Y);
  } else if (kind == SECOND) copyPoint(out, second(i), negated(i));
  else if (kind == FIRST) copyPoint(out, first(i), 0);
  else if (kind == INFINITY) setInfinity(out);
}

/** Denominators 2y of `count` doublings: sums()[i] = 2·firsts()[i]. No point of the curve has y = 0. */
export function prepareDoubling(count: usize): void {
  const all = even(count);
  for (let i: usize = 0; i < all; i += 2) {
    const a0 = first(i), a1 = first(i + 1);
    const out = denominators() + (i >> 1) * PAIR;
    gather(out, a0 + Y, a1 + Y);
    sum(out, out, out);
    setKind(i, isInfinity(a0) ? FIRST : PLAIN);
    setKind(i + 1, isInfinity(a1) ? FIRST : PLAIN);
  }
}

/** The doubled points, after prepareDoubling() and chain(). */
export function completeDoubling(count: usize): void {
  const x1 = temporary(5), y1 = temporary(6), t = temporary(7), x3 = temporary(8), y3 = temporary(9), slope = temporary(10);
  for (let pair = (count + 1) >> 1; pair > 0;) {
    pair--;
    const i = 2 * pair;
    const a0 = first(i), a1 = first(i + 1);
    nextInverse(t, pair);
    gather(x1, a0, a1);
    gather(y1, a0 + Y, a1 + Y);
    square(slope, x1);
    sum(y3, slope, slope);
    sum(slope, slope, y3);
    balance(slope);
    multiply(slope, t, slope);
    square(x3, slope);
    difference(x3, x3, x1);
    difference(x3, x3, x1);
    finish(i, x1, y1, x3, y3, slope);
  }
}

/** sums()[i] = (β·x, y) of firsts()[i]. */
export function endomorphism(count: usize): void {
  const x = temporary(5), y = temporary(6);
  const all = even(count);
  for (let i: usize = 0; i < all; i += 2) {
    const a0 = first(i), a1 = first(i + 1);
    gather(x, a0, a1);
    gather(y, a0 + Y, a1 + Y);
    multiply(x, x, BETA);
    setKind(i, isInfinity(a0) ? FIRST : PLAIN);
    setKind(i + 1, isInfinity(a1) ? FIRST : PLAIN);
    place(i, 0, x, y);
    place(i + 1, 1, x, y);
  }
}

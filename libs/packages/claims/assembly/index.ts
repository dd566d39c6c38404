// Poseidon over BN254's scalar field, a block of hashes at a time. What a call reads and writes is at rest: 32
// bytes an element, little-endian integers below r in Montgomery form.
import { copy, dot, load, multiply, square, store } from './arithmetic';
import {
  BLOCK, CONSTANT, ELEMENT, ENTER, INITIAL, INTEGER_ONE, LANES, OTHER, STATE, WINDOW, X2, X4, ZERO,
} from './layout';

export * from './layout';

/** Rounds in which every element goes through the S-box: half of them before the others, half after. */
const FULL: usize = 8;

/** out = x^5. */
function sbox(out: usize, x: usize): void {
  square(X2, x);
  square(X4, X2);
  multiply(out, X4, x);
}

/**
 * Rows of a matrix: `rows` blocks from `out` on, each a sum that starts with `plus`; returns where the
 * constants end.
 */
function mix(out: usize, rows: usize, plus: usize, a: usize, at: usize, count: usize): usize {
  for (let i: usize = 0; i < rows; i++) {
    dot(out + i * BLOCK, plus, a, at, count);
    at += INITIAL + count * CONSTANT;
  }
  return at;
}

/**
 * What goes into the first S-boxes, t blocks at STATE, of which the first is not read → the hash, at OTHER.
 * The order of the constants is that of `kernelConstants` (tree/src/rounds.ts), where the sums are explained.
 */
function permute(t: usize, partial: usize, at: usize): void {
  let from: usize = STATE, to: usize = OTHER;
  for (let round: usize = 0; round < FULL / 2; round++) {
    const first: usize = round === 0 ? 1 : 0;
    for (let i = first; i < t; i++) sbox(from + i * BLOCK, from + i * BLOCK);
    if (round === FULL / 2 - 1) break;
    const plus = from + first * BLOCK;
    at = mix(to, t, plus, plus + BLOCK, at, t - 1 - first);
    const swapped = from;
    from = to;
    to = swapped;
  }
  at = mix(WINDOW, t - 2, from + BLOCK, from + 2 * BLOCK, at, t - 2);
  copy(WINDOW + (t - 2) * BLOCK, from);
  let end: usize = WINDOW + (t - 1) * BLOCK;
  at = mix(end, 1, from, from + BLOCK, at, t - 1);
  let count = t;
  for (let r: usize = 0; r < partial; r++) {
    if (count > 2 * t - 2) count = 2 * t - 2;
    const y = end + BLOCK;
    sbox(y, end);
    at = mix(y + BLOCK, 1, y, y - count * BLOCK, at, count);
    end = y + BLOCK;
    count += 2;
  }
  copy(STATE, end);
  count = 2 * t - 3;
  at = mix(STATE + BLOCK, t - 1, end, end - count * BLOCK, at, count);
  from = STATE;
  to = OTHER;
  for (let round: usize = 0; round < FULL / 2; round++) {
    for (let i: usize = 0; i < t; i++) sbox(from + i * BLOCK, from + i * BLOCK);
    if (round === FULL / 2 - 1) break;
    at = mix(to, t, from, from + BLOCK, at, t - 1);
    const swapped = from;
    from = to;
    to = swapped;
  }
  mix(to, 1, ZERO, from, at, t);
  if (to !== OTHER) copy(OTHER, to);
}

/**
 * `count` hashes (a multiple of LANES) of t − 1 inputs each: those of one hash stand `stride` bytes from those
 * of the next, one after another; targets are consecutive.
 */
export function hash(target: usize, inputs: usize, stride: usize, count: usize, t: usize, partial: usize, constants: usize): void {
  for (let i: usize = 0; i < count; i += LANES) {
    for (let j: usize = 1; j < t; j++)
      load(STATE + j * BLOCK, inputs + i * stride + (j - 1) * ELEMENT, stride, constants + (j - 1) * CONSTANT);
    permute(t, partial, constants + (t - 1) * CONSTANT);
    store(target + i * ELEMENT, OTHER);
  }
}

/** Integers below 2^256 times a block, over the radix, → integers below r; `count` is a multiple of LANES. */
function scale(target: usize, source: usize, count: usize, factor: usize): void {
  for (let at: usize = 0; at < count * ELEMENT; at += LANES * ELEMENT) {
    load(X2, source + at, ELEMENT, ZERO);
    multiply(X2, X2, factor);
    store(target + at, X2);
  }
}

/** Integers below 2^256 → Montgomery form, in place; `count` is a multiple of LANES. */
export function enter(vector: usize, count: usize): void {
  scale(vector, vector, count, ENTER);
}

/** Montgomery form → integers below r; `count` is a multiple of LANES. */
export function leave(target: usize, source: usize, count: usize): void {
  scale(target, source, count, INTEGER_ONE);
}

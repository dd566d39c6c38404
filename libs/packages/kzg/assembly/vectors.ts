// Element by element over vectors at rest: 32 bytes an element, below 1.1r. (A product of two such is below
// 1.02r, a reduced sum below r + 2^236, and an integer below 2^256 that enters below 1.04r.)
// A vector's length need not be a multiple of four: the last, incomplete quad goes through TAIL.
import {
  add as addQuads, canonical, load4, multiply as multiplyQuads, reduceSmall, store4,
  subtract as subtractQuads,
} from './generated/arithmetic';
import { BLOB, ELEMENT, ENTER, INTEGER_ONE, QUAD, RAISED2, ROWS, SCALARS, SCRATCH, TAIL } from './layout';

export const A: usize = SCRATCH;
export const B: usize = SCRATCH + QUAD;
export const C: usize = SCRATCH + 2 * QUAD;
export const D: usize = SCRATCH + 3 * QUAD;
export const E: usize = SCRATCH + 4 * QUAD;
export const F: usize = SCRATCH + 5 * QUAD;

/** Four consecutive elements. */
// @ts-ignore: decorator
@inline
export function loadRow(out: usize, p: usize): void {
  load4(out, p, p + ELEMENT, p + 2 * ELEMENT, p + 3 * ELEMENT);
}

// @ts-ignore: decorator
@inline
export function storeRow(a: usize, p: usize): void {
  store4(a, p, p + ELEMENT, p + 2 * ELEMENT, p + 3 * ELEMENT);
}

/** Up to four elements; missing ones are 0. */
export function loadSome(out: usize, p: usize, left: usize): void {
  if (left < 4) {
    memory.fill(TAIL, 0, 4 * ELEMENT);
    memory.copy(TAIL, p, left * ELEMENT);
    p = TAIL;
  }
  loadRow(out, p);
}

export function storeSome(a: usize, p: usize, left: usize): void {
  if (left >= 4) {
    storeRow(a, p);
  } else {
    storeRow(a, TAIL);
    memory.copy(p, TAIL, left * ELEMENT);
  }
}

/** Address of the host's scalar k. */
// @ts-ignore: decorator
@inline
export function scalar(k: usize): usize {
  return SCALARS + k * QUAD;
}

export function add(target: usize, a: usize, b: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, a + i * ELEMENT, count - i);
    loadSome(B, b + i * ELEMENT, count - i);
    addQuads(C, A, B);
    reduceSmall(C, C);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

export function subtract(target: usize, a: usize, b: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, a + i * ELEMENT, count - i);
    loadSome(B, b + i * ELEMENT, count - i);
    subtractQuads(C, A, B, RAISED2);
    reduceSmall(C, C);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

export function multiply(target: usize, a: usize, b: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, a + i * ELEMENT, count - i);
    loadSome(B, b + i * ELEMENT, count - i);
    multiplyQuads(C, A, B);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

/** target = source · (the quad at factor). */
export function scaleBy(target: usize, source: usize, factor: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, source + i * ELEMENT, count - i);
    multiplyQuads(C, A, factor);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

/** Scalar 0 is the factor. */
export function scale(target: usize, source: usize, count: usize): void {
  scaleBy(target, source, scalar(0), count);
}

/** target += scalar 0 · source. */
export function addScaled(target: usize, source: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, source + i * ELEMENT, count - i);
    loadSome(B, target + i * ELEMENT, count - i);
    multiplyQuads(C, A, scalar(0));
    addQuads(C, C, B);
    reduceSmall(C, C);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

/** target = source − scalar 0. */
export function subtractScalar(target: usize, source: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, source + i * ELEMENT, count - i);
    subtractQuads(C, A, scalar(0), RAISED2);
    reduceSmall(C, C);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

/** target = (source − scalar 0) · factors. */
export function subtractMultiply(target: usize, source: usize, factors: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, source + i * ELEMENT, count - i);
    loadSome(B, factors + i * ELEMENT, count - i);
    subtractQuads(C, A, scalar(0), RAISED2);
    multiplyQuads(C, C, B);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

/**
 * First half of Montgomery's trick, four independent chains: prefix quad i = product of the quads before i;
 * the product of all is left in `total` as four elements. Elements past the end count as 1 (scalar 0 must
 * hold 1).
 */
export function prefixProducts(prefix: usize, source: usize, count: usize, total: usize): void {
  memory.copy(D, scalar(0), QUAD);
  for (let i: usize = 0; i < count; i += 4) {
    loadOrOne(A, source + i * ELEMENT, count - i);
    storeRow(D, prefix + i * ELEMENT);
    multiplyQuads(D, D, A);
  }
  storeRow(D, total);
}

/** Second half: `total` holds the inverses of the four products. */
export function suffixInverses(target: usize, source: usize, prefix: usize, count: usize, total: usize): void {
  loadRow(D, total);
  for (let next: usize = (count + 3) & ~3; next > 0; next -= 4) {
    const i = next - 4;
    loadOrOne(A, source + i * ELEMENT, count - i);
    loadRow(B, prefix + i * ELEMENT);
    multiplyQuads(C, D, B);
    multiplyQuads(D, D, A);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

function loadOrOne(out: usize, p: usize, left: usize): void {
  if (left < 4) {
    storeRow(scalar(0), TAIL);
    memory.copy(TAIL, p, left * ELEMENT);
    p = TAIL;
  }
  loadRow(out, p);
}

/** result = four elements whose sum is Σ a_i·b_i. */
export function dot(result: usize, a: usize, b: usize, count: usize): void {
  memory.fill(D, 0, QUAD);
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, a + i * ELEMENT, count - i);
    loadSome(B, b + i * ELEMENT, count - i);
    multiplyQuads(C, A, B);
    addQuads(D, D, C);
    reduceSmall(D, D);
  }
  storeRow(D, result);
}

/**
 * target_i = scalar 0 · scalar 1^i, i < count (a multiple of 4), both in Montgomery form; scalar 2 = scalar 1
 * ^ 4; scalar 3 = (1, s, s², s³).
 */
export function powers(target: usize, count: usize): void {
  multiplyQuads(A, scalar(3), scalar(0));
  for (let i: usize = 0; i < count; i += 4) {
    storeRow(A, target + i * ELEMENT);
    multiplyQuads(A, A, scalar(2));
  }
}

/** Integers below 2^256 → Montgomery form, in place. */
export function enter(vector: usize, count: usize): void {
  scaleBy(vector, vector, ENTER, count);
}

// @ts-ignore: decorator
@inline
function reversed(p: usize): v128 {
  return i8x16.swizzle(v128.load(p), i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

/** count integers of 32 bytes, big-endian ↔ little-endian; in place or not. */
export function swap(target: usize, source: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const low = reversed(source + i * ELEMENT + 16);
    const high = reversed(source + i * ELEMENT);
    v128.store(target + i * ELEMENT, low);
    v128.store(target + i * ELEMENT, high, 16);
  }
}

/** The canonical integers of count elements, 32 bytes little-endian each. target ≠ source or the same. */
export function leave(target: usize, source: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    loadSome(A, source + i * ELEMENT, count - i);
    multiplyQuads(C, A, INTEGER_ONE);
    canonical(C, C);
    storeSome(C, target + i * ELEMENT, count - i);
  }
}

/** EIP-4844 blob of a column, at BLOB: row i at index bitReverse12(i), 32 bytes big-endian, canonical. */
export function blob(column: usize): void {
  for (let i: usize = 0; i < ROWS; i += 4) {
    // Rows i … i+3 go to indices reverse(i), + 2048, + 1024, + 3072.
    const p = BLOB + reverse12(<u32>i) * ELEMENT;
    loadRow(A, column + i * ELEMENT);
    multiplyQuads(C, A, INTEGER_ONE);
    canonical(C, C);
    store4(C, p, p + 2048 * ELEMENT, p + 1024 * ELEMENT, p + 3072 * ELEMENT);
  }
  swap(BLOB, BLOB, ROWS);
}

/** The low twelve bits in reverse. */
export function reverse12(i: u32): usize {
  i = ((i & 0x555) << 1) | ((i >> 1) & 0x555);
  i = ((i & 0x333) << 2) | ((i >> 2) & 0x333);
  // three nibbles of four bits, each now reversed
  return ((i & 0xf) << 8) | (i & 0xf0) | (i >> 8);
}

/** Unsigned integers of three little-endian u32, `stride` bytes apart → elements. */
export function loadWords(target: usize, address: usize, count: usize, stride: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const p = target + i * ELEMENT;
    const q = address + i * stride;
    store<u64>(p, load<u64>(q));
    store<u64>(p, <u64>load<u32>(q, 8), 8);
    store<u64>(p, 0, 16);
    store<u64>(p, 0, 24);
  }
  enter(target, count);
}

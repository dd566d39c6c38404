// Poseidon over BN254's scalar field, four hashes at a time. What a call reads and writes is at rest: 32
// bytes an element, little-endian integers below r in Montgomery form.
import {
  add, addConstant, canonical, dotFew, dotMany, load4, multiply, store4,
} from './generated/arithmetic';
import {
  CONSTANT, ELEMENT, ENTER, INTEGER_ONE, OTHER, QUAD, STATE, X2, X4,
} from './layout';

export {
  BIAS, COMPLEMENT, ENTER, HEAP, INTEGER_ONE, MASK32, MASK64, MULTIPLES,
} from './layout';

/** Rounds in which every element goes through the S-box: half of them before the others, half after. */
const FULL: usize = 8;

/** Terms of a product of limbs that need no carry on the way. */
const FEW: usize = 6;

// @ts-ignore: decorator
@inline
function dot(out: usize, a: usize, b: usize, count: usize): void {
  if (count <= FEW) dotFew(out, a, b, count);
  else dotMany(out, a, b, count);
}

/** x ← x^5. */
function sbox(x: usize): void {
  multiply(X2, x, x);
  multiply(X4, X2, X2);
  multiply(x, X4, x);
}

/**
 * The state of t quads at STATE, permuted; returns where it is then, STATE or OTHER. `constants`: four full
 * rounds, each of t round constants and a matrix of t·t, row by row; `partial` rounds, each of a round
 * constant, the t entries of the matrix's first row and the t − 1 of its first column; four full rounds.
 *
 * An element that only gets products added grows by less than 1.1·r a round, so after 70 it is below 2^261.
 */
function permute(t: usize, partial: usize, constants: usize): usize {
  let from: usize = STATE, to: usize = OTHER, at = constants;
  for (let round: usize = 0; round < FULL; round++) {
    if (round === FULL / 2) {
      for (let r: usize = 0; r < partial; r++) {
        addConstant(from, from, at);
        sbox(from);
        at += CONSTANT;
        dot(to, from, at, t);
        at += t * CONSTANT;
        for (let i: usize = 1; i < t; i++) {
          dotFew(X2, from, at, 1);
          add(from + i * QUAD, from + i * QUAD, X2);
          at += CONSTANT;
        }
        memory.copy(from, to, QUAD);
      }
    }
    for (let i: usize = 0; i < t; i++) {
      addConstant(from + i * QUAD, from + i * QUAD, at);
      sbox(from + i * QUAD);
      at += CONSTANT;
    }
    for (let i: usize = 0; i < t; i++) {
      dot(to + i * QUAD, from, at, t);
      at += t * CONSTANT;
    }
    const swapped = from;
    from = to;
    to = swapped;
  }
  return from;
}

/**
 * `count` hashes (a multiple of four) of t − 1 inputs each: those of one hash stand `stride` bytes from those
 * of the next, one after another; targets are consecutive.
 */
export function hash(target: usize, inputs: usize, stride: usize, count: usize, t: usize, partial: usize, constants: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    const p = inputs + i * stride;
    memory.fill(STATE, 0, QUAD);
    for (let j: usize = 1; j < t; j++) {
      const q = p + (j - 1) * ELEMENT;
      load4(STATE + j * QUAD, q, q + stride, q + 2 * stride, q + 3 * stride);
    }
    const out = permute(t, partial, constants);
    // Below 1.1·r, as a product is: it goes into the next hash as it is.
    const o = target + i * ELEMENT;
    store4(out, o, o + ELEMENT, o + 2 * ELEMENT, o + 3 * ELEMENT);
  }
}

/** Integers below 2^256 → Montgomery form, in place; `count` is a multiple of four. */
export function enter(vector: usize, count: usize): void {
  for (let p = vector; p < vector + count * ELEMENT; p += 4 * ELEMENT) {
    load4(X2, p, p + ELEMENT, p + 2 * ELEMENT, p + 3 * ELEMENT);
    multiply(X4, X2, ENTER);
    store4(X4, p, p + ELEMENT, p + 2 * ELEMENT, p + 3 * ELEMENT);
  }
}

/** Montgomery form → integers below r; `count` is a multiple of four. */
export function leave(target: usize, source: usize, count: usize): void {
  for (let i: usize = 0; i < count * ELEMENT; i += 4 * ELEMENT) {
    const p = source + i, o = target + i;
    load4(X2, p, p + ELEMENT, p + 2 * ELEMENT, p + 3 * ELEMENT);
    multiply(X4, X2, INTEGER_ONE);
    canonical(X2, X4);
    store4(X2, o, o + ELEMENT, o + 2 * ELEMENT, o + 3 * ELEMENT);
  }
}

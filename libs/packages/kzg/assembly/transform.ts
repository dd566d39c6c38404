// Transforms of 4,096 elements, radix 2. Both are of Cooley–Tukey's kind, (u, v) ← (u + w·v, u − w·v + 2r): a
// product is below 1.5r, so values grow by 2r a level, stay below 27r, and need one reduction at the end
// (generate.mjs).
import { addSubtract, divide4096, load4, multiply, multiplySplat, reduce, store4, transpose4 } from './generated/arithmetic';
import { ELEMENT, QUAD, RAISED2, RAISED4, ROWS, SCRATCH, WORK } from './layout';
import { loadRow, reverse12, storeRow } from './vectors';

const T: usize = SCRATCH; // four quads
const X: usize = SCRATCH + 4 * QUAD;
const QUADS: usize = ROWS / 4;

/** One butterfly on the quads u and v, one twiddle a lane. */
// @ts-ignore: decorator
@inline
function butterfly(u: usize, v: usize, twiddles: usize): void {
  multiply(X, v, twiddles);
  addSubtract(u, v, X, RAISED2);
}

/** The same twiddle for all lanes; it may lie in one lane of a quad of others. */
// @ts-ignore: decorator
@inline
function butterflySplat(u: usize, v: usize, twiddle: usize): void {
  multiplySplat(X, v, twiddle);
  addSubtract(u, v, X, RAISED2);
}

/** Twiddle 1. `multiple` is more than v. */
// @ts-ignore: decorator
@inline
function butterflyOne(u: usize, v: usize, multiple: usize): void {
  memory.copy(X, v, QUAD);
  addSubtract(u, v, X, multiple);
}

// @ts-ignore: decorator
@inline
function lane(table: usize, index: usize): usize {
  return table + (index >> 2) * QUAD + (index & 3) * 4;
}

/**
 * Position p of the result is Σ_i rows_i·ω^(−i·reverse12(p)) / 4096: coefficients in bit-reversed order. At
 * rows' distance d, block b of 2d rows has the twiddle ω^(−reverse11(b)): in `table` first all 2,048 of them,
 * four a quad, then those with even b, then those with odd b.
 */
export function interpolate(coefficients: usize, rows: usize, table: usize): void {
  // Distances 2048 (twiddle 1) and 1024 (twiddles 1 and ω^(−1024)).
  const quarter = (QUADS / 4) * QUAD;
  for (let q: usize = 0; q < QUADS / 4; q++) {
    const row = rows + 4 * q * ELEMENT;
    const q0 = WORK + q * QUAD;
    const q1 = q0 + quarter;
    const q2 = q1 + quarter;
    const q3 = q2 + quarter;
    loadRow(q0, row);
    loadRow(q1, row + 1024 * ELEMENT);
    loadRow(q2, row + 2048 * ELEMENT);
    loadRow(q3, row + 3072 * ELEMENT);
    butterflyOne(q0, q2, RAISED2);
    butterflyOne(q1, q3, RAISED2);
    butterflyOne(q0, q1, RAISED4);
    butterflySplat(q2, q3, lane(table, 1));
  }
  // Distances 512 … 4: four consecutive rows a quad.
  for (let distance: usize = 128 * QUAD; distance >= QUAD; distance >>= 1) {
    let block: usize = 0;
    for (let start = WORK; start < WORK + QUADS * QUAD; start += 2 * distance) {
      const twiddle = lane(table, block++);
      for (let q = start; q < start + distance; q += QUAD) butterflySplat(q, q + distance, twiddle);
    }
  }
  // Distances 2 and 1: quad l has every fourth row of sixteen.
  for (let a: usize = 0; a < QUADS / 4; a++) {
    transpose4(WORK + 4 * a * QUAD, T, T + QUAD, T + 2 * QUAD, T + 3 * QUAD);
    butterfly(T, T + 2 * QUAD, table + a * QUAD);
    butterfly(T + QUAD, T + 3 * QUAD, table + a * QUAD);
    butterfly(T, T + QUAD, table + (512 + a) * QUAD);
    butterfly(T + 2 * QUAD, T + 3 * QUAD, table + (768 + a) * QUAD);
    for (let l: usize = 0; l < 4; l++) {
      const p = coefficients + (16 * a + l) * ELEMENT;
      divide4096(X, T + l * QUAD);
      store4(X, p, p + 4 * ELEMENT, p + 8 * ELEMENT, p + 12 * ELEMENT);
    }
  }
}

/**
 * Coefficients in bit-reversed order → values at S·ω^i, natural order. `table` has, for each distance d = 1,
 * 2, 4, …, the twiddles S^(2048/d)·ω^(2048·t/d), t < d: for d ≤ 2 a quad each, then four a quad.
 */
export function evaluate(values: usize, coefficients: usize, table: usize): void {
  for (let a: usize = 0; a < QUADS / 4; a++) {
    for (let l: usize = 0; l < 4; l++) {
      const p = coefficients + (16 * a + l) * ELEMENT;
      load4(T + l * QUAD, p, p + 4 * ELEMENT, p + 8 * ELEMENT, p + 12 * ELEMENT);
    }
    butterfly(T, T + QUAD, table);
    butterfly(T + 2 * QUAD, T + 3 * QUAD, table);
    butterfly(T, T + 2 * QUAD, table + QUAD);
    butterfly(T + QUAD, T + 3 * QUAD, table + 2 * QUAD);
    const q = WORK + 4 * a * QUAD;
    transpose4(T, q, q + QUAD, q + 2 * QUAD, q + 3 * QUAD);
  }
  let twiddles = table + 3 * QUAD;
  for (let distance: usize = QUAD; distance < (QUADS / 2) * QUAD; distance <<= 1) {
    for (let start = WORK; start < WORK + QUADS * QUAD; start += 2 * distance) {
      for (let t: usize = 0; t < distance; t += QUAD) butterfly(start + t, start + t + distance, twiddles + t);
    }
    twiddles += distance;
  }
  for (let i: usize = 0; i < QUADS / 2; i++) {
    const u = WORK + i * QUAD;
    const v = u + (QUADS / 2) * QUAD;
    butterfly(u, v, twiddles + i * QUAD);
    reduce(u, u);
    reduce(v, v);
    storeRow(u, values + 4 * i * ELEMENT);
    storeRow(v, values + (2048 + 4 * i) * ELEMENT);
  }
}

/** target[reverse12(p)] = source[p]; target ≠ source. */
export function reverseOrder(target: usize, source: usize): void {
  for (let p: usize = 0; p < ROWS; p++) {
    const q = target + reverse12(<u32>p) * ELEMENT;
    v128.store(q, v128.load(source + p * ELEMENT));
    v128.store(q, v128.load(source + p * ELEMENT, 16), 16);
  }
}

/** count elements at rest → quads of four. */
export function toQuads(quads: usize, source: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) loadRow(quads + (i >> 2) * QUAD, source + i * ELEMENT);
}

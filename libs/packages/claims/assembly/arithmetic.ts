// One of two arithmetics, chosen when it is compiled; what is not chosen leaves nothing behind. Both take and
// give blocks (layout.ts), and constants that are the same for all elements of a block.
import * as fused from './generated/fused';
import * as integer from './generated/integer';
import { BLOCK, ELEMENT, FUSED, X4 } from './layout';

/** Terms of a sum of products that need no carry on the way, and those that need one after three rows. */
const FEW: usize = 6;
const MANY: usize = 17;

/** out = a·b/radix. */
// @ts-ignore: decorator
@inline
export function multiply(out: usize, a: usize, b: usize): void {
  if (FUSED) fused.multiply(out, a, b);
  else integer.multiply(out, a, b);
}

/** out = a·a/radix. */
// @ts-ignore: decorator
@inline
export function square(out: usize, a: usize): void {
  if (FUSED) fused.square(out, a);
  else integer.multiply(out, a, a);
}

/**
 * out = plus + (initial + Σ a_k·b_k)/radix over `count` blocks, one after another, and constants: reduced once
 * for all terms. `b`: what the sum starts from, then a constant a term.
 */
export function dot(out: usize, plus: usize, a: usize, b: usize, count: usize): void {
  if (FUSED) fused.dot(out, plus, a, b, count);
  else {
    if (count <= FEW) integer.dotFew(X4, a, b, count);
    else if (count <= MANY) integer.dotMany(X4, a, b, count);
    else integer.dotMost(X4, a, b, count);
    integer.add(out, X4, plus);
  }
}

/** A block of elements at rest, the first one at p, plus a constant. */
export function load(out: usize, p: usize, stride: usize, constant: usize): void {
  if (FUSED) fused.loadBlock(out, p, stride, constant);
  else {
    integer.load4(X4, p, p + stride, p + 2 * stride, p + 3 * stride);
    integer.addConstant(out, X4, constant);
  }
}

/** A product or sum of products, unique below r → elements one after another. */
export function store(target: usize, block: usize): void {
  if (FUSED) fused.storeBlock(target, block);
  else {
    const p = target;
    integer.canonical(X4, block);
    integer.store4(X4, p, p + ELEMENT, p + 2 * ELEMENT, p + 3 * ELEMENT);
  }
}

export function copy(out: usize, block: usize): void {
  memory.copy(out, block, BLOCK);
}

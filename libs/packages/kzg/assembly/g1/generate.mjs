// Writes the unrolled products of the curve's base field (generated/fp.ts), as ../generate.mjs does for the
// scalar field.
//
// A *pair* is two elements of F_p side by side: 13 signed limbs of 30 bits, limb j of both as two i32 at byte
// 8·j (112 bytes with padding), in Montgomery form with radix 2^390. Limbs are *balanced*: −2^29 … 2^29, give
// or take 2; the top one takes what is left.
// p has 381 bits, so a value may be several times p, of either sign, and differences need no multiple of p
// added.
//
// Bounds: the digits of p sum to 6.3·2^29 in absolute value and top limbs are small, so a column of a product
// of balanced limbs by limbs up to 2^30 (the difference of two balanced elements) stays below 11·2^59 +
// 7·2^58 + small < 2^63. A product is at most p/2 + |a·b|/2^390 in absolute value: 0.6p for |a|, |b| ≤ 8p.

export const LIMBS = 13;
export const BITS = 30;
const range = (n, from = 0) => Array.from({ length: n - from }, (_, i) => from + i);

/**
 * Product by columns (product scanning), Montgomery's m_k found on the way. The sum of a column grows apart
 * from the carry, since a chain of additions has a latency that counts here; it is kept non-negative by 2^63,
 * so that shifts may be logical: arithmetic ones are not native.
 */
function product(name, square) {
  const lines = [];
  const limb = (operand, j) => `v128.load64_zero(${operand}, ${8 * j})`;
  const times = (x, y) => `i64x2.extmul_low_i32x4_s(${x}, ${y})`;
  const modulus = (j) => `v128.load(MODULUS, ${16 * j})`;
  const column = (k) => {
    let sum;
    const add = (term) => {
      lines.push(sum ? `sum = i64x2.add(sum, ${term});` : `sum = ${term};`);
      sum = true;
    };
    const rows = range(Math.min(k, LIMBS - 1) + 1, Math.max(0, k - LIMBS + 1));
    if (square) {
      for (const i of rows) if (2 * i < k) add(times(limb('a', i), limb('a', k - i)));
      if (sum) lines.push('sum = i64x2.add(sum, sum);');
      if (k % 2 === 0) add(times(limb('a', k / 2), limb('a', k / 2)));
    } else {
      for (const i of rows) add(times(limb('a', i), limb('b', k - i)));
    }
    for (const i of rows) if (i < k) add(times(`m${i}`, modulus(k - i)));
    lines.push('carry = i64x2.add(carry, sum);');
  };
  for (const k of range(LIMBS)) {
    column(k);
    lines.push(
      `const m${k} = i32x4.shr_s(i32x4.shl(i32x4.mul(v128.shuffle<u32>(carry, carry, 0, 2, 0, 2), v128.load(NEGATIVE_INVERSE)), 2), 2);`,
      `carry = i64x2.add(carry, ${times(`m${k}`, modulus(0))});`,
      `carry = i64x2.add(i64x2.shr_u(carry, ${BITS}), again);`,
    );
  }
  for (const k of range(2 * LIMBS - 1, LIMBS)) {
    column(k);
    lines.push(
      'carry = i64x2.add(carry, half);',
      'low = i64x2.sub(v128.and(carry, mask), half);',
      `v128.store64_lane(out, v128.shuffle<u32>(low, low, 0, 2, 0, 2), 0, ${8 * (k - LIMBS)});`,
      `carry = i64x2.add(i64x2.shr_u(carry, ${BITS}), again);`,
    );
  }
  return `
export function ${name}(out: usize, a: usize${square ? '' : ', b: usize'}): void {
const mask = i64x2.splat((1 << ${BITS}) - 1), half = i64x2.splat(1 << ${BITS - 1});
const lift = i64x2.splat(i64.MIN_VALUE), again = i64x2.splat(i64.MIN_VALUE - (<i64>1 << ${63 - BITS}));
let carry = lift, sum: v128, low: v128;
${lines.join('\n')}
carry = i64x2.sub(carry, lift);
v128.store64_lane(out, v128.shuffle<u32>(carry, carry, 0, 2, 0, 2), 0, ${8 * (LIMBS - 1)});
}`;
}

/** The text of generated/fp.ts. */
export function products() {
  return [
    '// Written by generate.mjs. Not for editing.',
    "import { MODULUS, NEGATIVE_INVERSE } from '../layout';",
    product('multiply', false),
    product('square', true),
  ].join('\n');
}

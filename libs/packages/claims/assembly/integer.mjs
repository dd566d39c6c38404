// Writes the unrolled arithmetic of BN254's scalar field in integers (generated/integer.ts), in the forms and with the
// bounds of libs/packages/kzg/assembly/generate.mjs: quads of four elements, nine limbs of 29 bits,
// Montgomery form with radix 2^261. This r has 254 bits, so nine limbs leave room for 169·r.
import { add, canonical, load4, store4 } from '../../kzg/assembly/generate.mjs';

const LIMBS = 9;
const BITS = 29;
/** Rows of a product in one turn of its loop. */
const ROWS_A_TURN = 3;
const range = (n, from = 0) => Array.from({ length: n - from }, (_, i) => from + i);
const each = (n, line) => range(n).map(line).join('\n');

/**
 * t ← (t − m·r) / 2^29 for the m < 2^29 that makes it whole: r ≡ 1 + 2^28 (mod 2^29) is its own inverse, so m
 * = t_0·(1 + 2^28) mod 2^29. Subtracting m·r is adding m·(2^261 − r) and taking m off column 9; r itself
 * covers what was taken off (BIAS, one limb a row).
 */
function reduceRow(row) {
  const lines = [
    `m = v128.and(i64x2.add(t0, i64x2.shl(t0, 28)), mask);`,
    `x = v128.shuffle<u32>(m, m, 0, 2, 0, 2);`,
    // The lowest limb of 2^261 − r is 2^28 − 1.
    `t0 = i64x2.add(t0, i64x2.sub(i64x2.shl(m, 28), m));`,
    `t0 = i64x2.add(i64x2.add(t1, i64x2.extmul_low_i32x4_u(x, v128.load(COMPLEMENT, 16))), i64x2.shr_u(t0, ${BITS}));`,
  ];
  for (const j of range(LIMBS, 2))
    lines.push(
      `t${j - 1} = i64x2.add(t${j}, i64x2.extmul_low_i32x4_u(x, v128.load(COMPLEMENT, ${16 * j})));`,
    );
  lines.push(`t8 = i64x2.sub(v128.load(bias, ${16 * row}), m);`);
  return lines.join('\n');
}

const carry = each(
  LIMBS - 1,
  (j) => `t${j + 1} = i64x2.add(t${j + 1}, i64x2.shr_u(t${j}, ${BITS})); t${j} = v128.and(t${j}, mask);`,
);

/** Both halves of a product's lanes, two at a time (an i64 takes a product of limbs). */
function halves(name, parameters, half) {
  return `
export function ${name}(out: usize, ${parameters}): void {
const mask = v128.load(MASK64);
let p: usize, q: usize, bias: usize, k: usize, c: usize;
let x: v128, m: v128, ${range(LIMBS)
    .map((j) => `t${j}: v128`)
    .join(', ')};
${half(0)}
${carry}
${each(LIMBS, (j) => `v128.store(HALF, t${j}, ${16 * j});`)}
${half(8)}
${carry}
${each(LIMBS, (j) => `v128.store(out, v128.shuffle<u32>(v128.load(HALF, ${16 * j}), t${j}, 0, 2, 4, 6), ${16 * j});`)}
}`;
}

/** a·b/2^261, tight, below r + a·b/2^261, for loose a and b. */
function product() {
  return halves('multiply', 'a: usize, b: usize', (part) => {
    const lines = [`p = a + ${part}; q = b + ${part}; bias = BIAS;`];
    for (const j of range(LIMBS)) lines.push(`t${j} = i64x2.splat(0);`);
    lines.push('do {');
    for (const row of range(ROWS_A_TURN)) {
      lines.push(`x = v128.load64_zero(p, ${16 * row});`);
      for (const j of range(LIMBS))
        lines.push(`t${j} = i64x2.add(t${j}, i64x2.extmul_low_i32x4_u(x, v128.load64_zero(q, ${16 * j})));`);
      lines.push(reduceRow(row));
    }
    lines.push(
      `p += ${16 * ROWS_A_TURN}; bias += ${16 * ROWS_A_TURN};`,
      `} while (bias < BIAS + ${16 * LIMBS});`,
    );
    return lines.join('\n');
  });
}

/**
 * (initial + Σ a_k·b_k)/2^261 over `count` quads a_k, one after another, and constants of nine words each, the
 * same for all lanes: reduced once for all terms. Columns stay below 2^64 for at most 6 terms, where they are
 * carried after three rows for at most 17, and where after each row for at most 60. Tight, below r + the sum.
 */
function dot(name, carriedRows) {
  return halves(name, 'a: usize, b: usize, count: usize', (part) => {
    const lines = [`k = a + ${part}; bias = BIAS;`];
    for (const j of range(LIMBS))
      lines.push(`t${j} = i64x2.extend_low_i32x4_u(v128.load32_splat(b, ${4 * j}));`);
    lines.push('do {');
    for (const row of range(ROWS_A_TURN)) {
      lines.push(
        `p = k; q = b + ${4 * LIMBS}; c = count;`,
        'while (c) {',
        `x = v128.load64_zero(p, ${16 * row});`,
      );
      for (const j of range(LIMBS))
        lines.push(`t${j} = i64x2.add(t${j}, i64x2.extmul_low_i32x4_u(x, v128.load32_splat(q, ${4 * j})));`);
      lines.push(`p += 144; q += 36; c--;`, '}', reduceRow(row));
      if ((row + 1) % carriedRows === 0) lines.push(carry);
    }
    lines.push(
      `k += ${16 * ROWS_A_TURN}; bias += ${16 * ROWS_A_TURN};`,
      `} while (bias < BIAS + ${16 * LIMBS});`,
    );
    return lines.join('\n');
  });
}

/** out = a + a constant of nine words, loose. */
function addConstant() {
  return `
export function addConstant(out: usize, a: usize, b: usize): void {
const mask = v128.load(MASK32);
${each(LIMBS, (j) => `const s${j} = i32x4.add(v128.load(a, ${16 * j}), v128.load32_splat(b, ${4 * j}));`)}
v128.store(out, v128.and(s0, mask));
${range(LIMBS - 1, 1)
  .map(
    (j) => `v128.store(out, i32x4.add(v128.and(s${j}, mask), i32x4.shr_u(s${j - 1}, ${BITS})), ${16 * j});`,
  )
  .join('\n')}
v128.store(out, i32x4.add(s8, i32x4.shr_u(s7, ${BITS})), 128);
}`;
}

/** The whole text of generated/integer.ts. */
export function integerArithmetic() {
  return `// Written by integer.mjs.
import { BIAS, COMPLEMENT, HALF, MASK32, MASK64, MULTIPLES } from '../layout';
${[
  product(),
  ...[dot('dotFew', Infinity), dot('dotMany', ROWS_A_TURN), dot('dotMost', 1)],
  ...[addConstant(), add(), canonical(), load4(), store4()],
].join('\n')}
`;
}

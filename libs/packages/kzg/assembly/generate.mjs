// Writes the unrolled field arithmetic (generated/arithmetic.ts). AssemblyScript has no macros and nine limbs
// don't fit a loop that V8 would unroll, so the text of each operation is produced here, one function an
// operation.
//
// A *quad* is four field elements in limb-major order: nine i32x4 vectors of 29-bit limbs (144 bytes),
// element e in lane e. In vectors at rest an element is 32 bytes: a 256-bit little-endian integer below
// 2^256, in Montgomery form with radix 2^261. Bounds are kept as comments: "tight" limbs are below 2^29 (the
// top one takes what is left), "loose" limbs below 2^29 + 8; r itself has 255 bits, so nine limbs leave room
// for 64·r.

const LIMBS = 9;
const BITS = 29;
/** Rows of a product in one turn of its loop. */
const ROWS_A_TURN = 3;
const range = (n, from = 0) => Array.from({ length: n - from }, (_, i) => from + i);
const each = (n, line) => range(n).map(line).join('\n');

/**
 * Montgomery product of quads, r ≡ 1 (mod 2^32), for loose a and b (a's limbs may reach 2^31 while b is
 * tight).
 * Row by row: t += a_i·b; m = t_0 mod 2^29; t = (t − m·r) / 2^29. Subtracting m·r is adding m·(2^261 − r) and
 * taking m off column 9; with 2^261 − r = (2^29 − 1) + 7·2^29 + …, columns 0 and 1 need shifts only. What was
 * taken off is covered by r itself (BIAS, one limb a row, each at least 2^29 − 1). Result tight and below r +
 * a·b/2^261.
 *
 * Two lanes at a time, and a loop over the rows, three a turn: unrolled, V8 would mix the rows and spill most
 * of the registers, which was measured to cost nearly half of the time.
 */
function product(name, loadB) {
  const half = (part) => {
    const lines = [`p = a + ${part}; q = b + ${part}; bias = BIAS;`];
    for (const j of range(LIMBS)) lines.push(`t${j} = i64x2.splat(0);`);
    lines.push('do {');
    for (const row of range(ROWS_A_TURN)) {
      lines.push(`x = v128.load64_zero(p, ${16 * row});`);
      for (const j of range(LIMBS)) {
        lines.push(`t${j} = i64x2.add(t${j}, i64x2.extmul_low_i32x4_u(x, ${loadB(16 * j)}));`);
      }
      lines.push(`m = v128.and(t0, mask);`);
      lines.push(`t0 = i64x2.add(i64x2.add(t1, i64x2.shr_u(t0, ${BITS})), i64x2.shl(m, 3));`);
      lines.push(`x = v128.shuffle<u32>(m, m, 0, 2, 0, 2);`);
      for (const j of range(LIMBS, 2)) {
        lines.push(
          `t${j - 1} = i64x2.add(t${j}, i64x2.extmul_low_i32x4_u(x, v128.load(COMPLEMENT, ${16 * j})));`,
        );
      }
      lines.push(`t8 = i64x2.sub(v128.load(bias, ${16 * row}), m);`);
    }
    lines.push(
      `p += ${16 * ROWS_A_TURN}; bias += ${16 * ROWS_A_TURN};`,
      `} while (bias < BIAS + ${16 * LIMBS});`,
    );
    for (const j of range(LIMBS - 1)) {
      lines.push(`t${j + 1} = i64x2.add(t${j + 1}, i64x2.shr_u(t${j}, ${BITS}));`);
      lines.push(`t${j} = v128.and(t${j}, mask);`);
    }
    return lines.join('\n');
  };
  return `
export function ${name}(out: usize, a: usize, b: usize): void {
const mask = v128.load(MASK64);
let p: usize, q: usize, bias: usize;
let x: v128, m: v128, ${range(LIMBS)
    .map((j) => `t${j}: v128`)
    .join(', ')};
${half(0)}
${each(LIMBS, (j) => `v128.store(HALF, t${j}, ${16 * j});`)}
${half(8)}
${each(LIMBS, (j) => `v128.store(out, v128.shuffle<u32>(v128.load(HALF, ${16 * j}), t${j}, 0, 2, 4, 6), ${16 * j});`)}
}`;
}

/** Four elements of 32 bytes at any four addresses → a tight quad. */
export function load4() {
  const transpose = (h) => `
${each(4, (e) => `const r${h}${e} = v128.load(p${e}, ${16 * h});`)}
const u${h}0 = v128.shuffle<u32>(r${h}0, r${h}1, 0, 4, 1, 5), u${h}1 = v128.shuffle<u32>(r${h}0, r${h}1, 2, 6, 3, 7);
const u${h}2 = v128.shuffle<u32>(r${h}2, r${h}3, 0, 4, 1, 5), u${h}3 = v128.shuffle<u32>(r${h}2, r${h}3, 2, 6, 3, 7);
const w${4 * h} = v128.shuffle<u64>(u${h}0, u${h}2, 0, 2), w${4 * h + 1} = v128.shuffle<u64>(u${h}0, u${h}2, 1, 3);
const w${4 * h + 2} = v128.shuffle<u64>(u${h}1, u${h}3, 0, 2), w${4 * h + 3} = v128.shuffle<u64>(u${h}1, u${h}3, 1, 3);`;
  const limb = (j) => {
    const word = (BITS * j) >> 5;
    const shift = (BITS * j) & 31;
    if (shift === 0) return `v128.and(w${word}, mask)`;
    const low = `i32x4.shr_u(w${word}, ${shift})`;
    return word === 7 ? low : `v128.and(v128.or(${low}, i32x4.shl(w${word + 1}, ${32 - shift})), mask)`;
  };
  return `
export function load4(out: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
const mask = v128.load(MASK32);
${transpose(0)}
${transpose(1)}
${each(LIMBS, (j) => `v128.store(out, ${limb(j)}, ${16 * j});`)}
}`;
}

/** A tight quad below 2^256 → four elements of 32 bytes at any four addresses. */
export function store4() {
  const word = (k) => {
    const i = Math.floor((32 * k) / BITS);
    const shift = 32 * k - BITS * i;
    const low = shift === 0 ? `l${i}` : `i32x4.shr_u(l${i}, ${shift})`;
    return `const w${k} = v128.or(${low}, i32x4.shl(l${i + 1}, ${BITS - shift}));`;
  };
  const transpose = (h) => `
const u${h}0 = v128.shuffle<u32>(w${4 * h}, w${4 * h + 1}, 0, 4, 1, 5), u${h}1 = v128.shuffle<u32>(w${4 * h}, w${4 * h + 1}, 2, 6, 3, 7);
const u${h}2 = v128.shuffle<u32>(w${4 * h + 2}, w${4 * h + 3}, 0, 4, 1, 5), u${h}3 = v128.shuffle<u32>(w${4 * h + 2}, w${4 * h + 3}, 2, 6, 3, 7);
v128.store(p0, v128.shuffle<u64>(u${h}0, u${h}2, 0, 2), ${16 * h});
v128.store(p1, v128.shuffle<u64>(u${h}0, u${h}2, 1, 3), ${16 * h});
v128.store(p2, v128.shuffle<u64>(u${h}1, u${h}3, 0, 2), ${16 * h});
v128.store(p3, v128.shuffle<u64>(u${h}1, u${h}3, 1, 3), ${16 * h});`;
  return `
export function store4(a: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
${each(LIMBS, (j) => `const l${j} = v128.load(a, ${16 * j});`)}
${each(8, word)}
${transpose(0)}
${transpose(1)}
}`;
}

/** One parallel carry step: limbs below 2^32 become loose (below 2^29 + 8). */
function carried(prefix, out) {
  return `
v128.store(${out}, v128.and(${prefix}0, mask), 0);
${range(LIMBS - 1, 1)
  .map(
    (j) =>
      `v128.store(${out}, i32x4.add(v128.and(${prefix}${j}, mask), i32x4.shr_u(${prefix}${j - 1}, ${BITS})), ${16 * j});`,
  )
  .join('\n')}
v128.store(${out}, i32x4.add(${prefix}8, i32x4.shr_u(${prefix}7, ${BITS})), 128);`;
}

/** out = a + b, loose. */
export function add() {
  return `
export function add(out: usize, a: usize, b: usize): void {
const mask = v128.load(MASK32);
${each(LIMBS, (j) => `const s${j} = i32x4.add(v128.load(a, ${16 * j}), v128.load(b, ${16 * j}));`)}
${carried('s', 'out')}
}`;
}

/**
 * out = a − b + k·r, loose; `multiple` is k·r with each limb but the top one raised above every loose limb, b
 * < k·r.
 */
function subtract() {
  return `
export function subtract(out: usize, a: usize, b: usize, multiple: usize): void {
const mask = v128.load(MASK32);
${each(LIMBS, (j) => `const s${j} = i32x4.add(v128.load(a, ${16 * j}), i32x4.sub(v128.load(multiple, ${16 * j}), v128.load(b, ${16 * j})));`)}
${carried('s', 'out')}
}`;
}

/** (u, v) ← (u + x, u − x + k·r), loose. */
function addSubtract() {
  return `
export function addSubtract(u: usize, v: usize, x: usize, multiple: usize): void {
const mask = v128.load(MASK32);
${each(LIMBS, (j) => `const u${j} = v128.load(u, ${16 * j}), x${j} = v128.load(x, ${16 * j});`)}
${each(LIMBS, (j) => `const s${j} = i32x4.add(u${j}, x${j});`)}
${carried('s', 'u')}
${each(LIMBS, (j) => `const d${j} = i32x4.add(u${j}, i32x4.sub(v128.load(multiple, ${16 * j}), x${j}));`)}
${carried('d', 'v')}
}`;
}

/** Full carry in place: l0…l8 tight, by signed shifts. */
const ripple = range(LIMBS - 1)
  .map(
    (j) => `l${j + 1} = i32x4.add(l${j + 1}, i32x4.shr_s(l${j}, ${BITS}));\nl${j} = v128.and(l${j}, mask);`,
  )
  .join('\n');

/**
 * out ≡ a, tight, below r + 2^236, for loose a below twice the first multiple. A multiple k·r is taken off
 * wherever the top limb alone shows that it fits (LIMITS has its top limb + 7), so no carry is needed between
 * the steps.
 */
function reduce(name, first) {
  const steps = [16, 8, 4, 2, 1].map((k, index) => ({ k, index })).filter(({ k }) => k <= first);
  return `
export function ${name}(out: usize, a: usize): void {
const mask = v128.load(MASK32);
let fits: v128;
${each(LIMBS, (j) => `let l${j} = v128.load(a, ${16 * j});`)}
${ripple}
${steps
  .map(
    ({ index }) => `fits = i32x4.gt_s(l8, v128.load(LIMITS, ${16 * index}));
${each(LIMBS, (j) => `l${j} = i32x4.sub(l${j}, v128.and(fits, v128.load(MULTIPLES, ${144 * index + 16 * j})));`)}`,
  )
  .join('\n')}
${ripple}
${each(LIMBS, (j) => `v128.store(out, l${j}, ${16 * j});`)}
}`;
}

/**
 * out ≡ a / 4096, tight, below 1.1r, for loose a below 64r: with m = a mod 4096, (a − m·r) / 4096 + r. Column
 * j of a + m·(2^261 − r) needs 42 bits; its upper part (from bit 12) and the lower twelve bits of the next
 * make limb j.
 */
function divide() {
  const column = (part, j) =>
    `i64x2.add(i64x2.extend_${part}_i32x4_u(v128.load(a, ${16 * j})), i64x2.extmul_${part}_i32x4_u(m, v128.load(COMPLEMENT, ${16 * j})))`;
  return `
export function divide4096(out: usize, a: usize): void {
const mask = v128.load(MASK32);
const lowest = i32x4.splat(4095);
const m = v128.and(v128.load(a), lowest);
let low: v128, high: v128;
${each(
  LIMBS,
  (j) => `low = ${column('low', j)};
high = ${column('high', j)};
const c${j} = v128.shuffle<u32>(low, high, 0, 2, 4, 6);
let l${j} = i32x4.add(v128.load(MULTIPLES, ${144 * 4 + 16 * j}), v128.shuffle<u32>(i64x2.shr_u(low, 12), i64x2.shr_u(high, 12), 0, 2, 4, 6));`,
)}
${range(LIMBS - 1)
  .map((j) => `l${j} = i32x4.add(l${j}, i32x4.shl(v128.and(c${j + 1}, lowest), 17));`)
  .join('\n')}
l8 = i32x4.sub(l8, i32x4.shl(m, 17));
${ripple}
${each(LIMBS, (j) => `v128.store(out, l${j}, ${16 * j});`)}
}`;
}

/** out = a mod r exactly, tight, for tight a below 2r. */
export function canonical() {
  return `
export function canonical(out: usize, a: usize): void {
const mask = v128.load(MASK32);
${each(LIMBS, (j) => `let l${j} = i32x4.sub(v128.load(a, ${16 * j}), v128.load(MULTIPLES, ${144 * 4 + 16 * j}));`)}
${ripple}
const negative = i32x4.shr_s(l8, 31);
${each(LIMBS, (j) => `v128.store(out, v128.bitselect(v128.load(a, ${16 * j}), l${j}, negative), ${16 * j});`)}
}`;
}

/**
 * Quads a0…a3 (144 bytes each, one after another) → lane e of quad l becomes lane l of quad e; to the four
 * addresses.
 */
function transpose4() {
  return `
export function transpose4(a: usize, o0: usize, o1: usize, o2: usize, o3: usize): void {
let r0: v128, r1: v128, r2: v128, r3: v128, u0: v128, u1: v128, u2: v128, u3: v128;
${each(
  LIMBS,
  (j) => `
${each(4, (e) => `r${e} = v128.load(a, ${144 * e + 16 * j});`)}
u0 = v128.shuffle<u32>(r0, r1, 0, 4, 1, 5); u1 = v128.shuffle<u32>(r0, r1, 2, 6, 3, 7);
u2 = v128.shuffle<u32>(r2, r3, 0, 4, 1, 5); u3 = v128.shuffle<u32>(r2, r3, 2, 6, 3, 7);
v128.store(o0, v128.shuffle<u64>(u0, u2, 0, 2), ${16 * j});
v128.store(o1, v128.shuffle<u64>(u0, u2, 1, 3), ${16 * j});
v128.store(o2, v128.shuffle<u64>(u1, u3, 0, 2), ${16 * j});
v128.store(o3, v128.shuffle<u64>(u1, u3, 1, 3), ${16 * j});`,
)}
}`;
}

/** The text of generated/arithmetic.ts. */
export function arithmetic() {
  return [
    '// Written by generate.mjs. Not for editing.',
    "import { BIAS, COMPLEMENT, HALF, LIMITS, MASK32, MASK64, MULTIPLES } from '../layout';",
    product('multiply', (offset) => `v128.load64_zero(q, ${offset})`),
    product('multiplySplat', (offset) => `v128.load32_splat(b, ${offset})`),
    load4(),
    store4(),
    add(),
    subtract(),
    addSubtract(),
    reduce('reduce', 16),
    reduce('reduceSmall', 2),
    divide(),
    canonical(),
    transpose4(),
  ].join('\n');
}

// Writes the unrolled arithmetic of BN254's scalar field in fused multiply-adds (generated/fused.ts).
//
// An element is five digits of 51 bits in doubles, balanced (|digit| ≤ 2^50 and a little), its value between
// −r and r and a little; Montgomery form with radix 2^255. Two elements make a *pair*: five vectors, one a
// digit (80 bytes); four pairs make a block.
//
// The product of two digits is exact in two doubles (N. Emmart's way): with SPLIT = 3·2^102 high = a·b + SPLIT,
// rounded once, is SPLIT and a·b/2^51 rounded, in its lowest bits; low = a·b + (SPLIT + WHOLE − high), exact,
// is what is left and WHOLE = 3·2^51, in the lowest bits again. |a·b| must stay below 2^102. So both are added
// up as integers of 64 bits, however many; what SPLIT and WHOLE add to a column is known beforehand and in
// what the column starts from.
//
// A column also starts with 2^62 + 2^50, so that it is positive when it is carried, and its lowest 51 bits are
// the balanced digit plus 2^50.

const DIGITS = 5;
const BITS = 51;
/** Bytes of a pair, and of a block. */
const PAIR = 80;
const BLOCK = 4 * PAIR;
const range = (n, from = 0) => Array.from({ length: n - from }, (_, i) => from + i);
const each = (n, line) => range(n).map(line).join('\n');

/** Column `low` and the next one += a·b, in lane group g: names of pairs that take turns end with g. */
const addProduct = (a, b, low, g = '') => `high${g} = f64x2.relaxed_madd(${a}, ${b}, split);
t${low + 1}${g} = i64x2.add(t${low + 1}${g}, high${g});
t${low}${g} = i64x2.add(t${low}${g}, f64x2.relaxed_madd(${a}, ${b}, f64x2.sub(both, high${g})));`;

/** The balanced digit of a column. */
const digit = (column) =>
  `f64x2.sub(v128.or(v128.and(${column}, v128.load(DIGIT)), v128.load(EXPONENT)), v128.load(BALANCE))`;
const rounded = (x) => `f64x2.sub(${x}, v128.load(WHOLE))`;

const carry = (j, g = '') => `t${j + 1}${g} = i64x2.add(t${j + 1}${g}, i64x2.shr_u(t${j}${g}, ${BITS}));`;

/** m: the balanced number that makes t + m·r divisible by 2^51: the lowest digit times −1/r mod 2^51. */
const factor = (g = '') => `m${g} = ${digit(`t0${g}`)};
x = v128.load(NEGATIVE_INVERSE);
high${g} = f64x2.relaxed_madd(m${g}, x, split);
m${g} = f64x2.relaxed_madd(m${g}, x, f64x2.sub(split, high${g}));`;

/** Columns j and j + 1 of t + m·r. */
const reduceColumn = (j, g = '') => `x = v128.load(ORDER, ${16 * j});
${addProduct(`m${g}`, 'x', j, g)}`;

/**
 * Row by row, and within a row some pairs at a time: what a row waits for is then computed while the other
 * pairs have their turn. Loops for the pairs, and stores as early as can be: V8 moves loads up to the last
 * store before them, and would spill most of what it loads.
 */
function inRows({ name, parameters, locals, pairs, row }) {
  return `
export function ${name}(${parameters}): void {
const split = v128.load(SPLIT), both = v128.load(SPLIT_BOTH);
let p: usize, q: usize, s: usize, o: usize, c: usize, n: usize;
let ${locals.map((local) => `${local}: v128`).join(', ')};
${each(
  DIGITS,
  (i) => `
p = 0; c = CARRIED;
do {
${row(i)}
p += ${PAIR * pairs}; c += ${PAIR * pairs};
} while (p < ${BLOCK});`,
)}
}`;
}

/** Pairs that take turns within a row of a product. */
const TURNS = ['A', 'B'];

/**
 * out = a·b/2^255, or a·a, at most |a·b|/2^255 + r/2. Column by column, both a row of the product and of its
 * reduction; columns 1…5 of a row are columns 0…4 of the next one.
 */
function product(name, squared) {
  const start = squared ? 'SQUARED' : 'COLUMNS';
  const column = (row, j, at) => {
    if (j === DIGITS) return `v128.load(${start}, ${16 * (DIGITS + row)})`;
    return row === 0 ? `v128.load(${start}, ${16 * j})` : `v128.load(c, ${at + 16 * j})`;
  };
  /** a_i·a_j and a_j·a_i are one product, in the row of the lower one. */
  const own = (row, j, at, g) => {
    if (squared && j < row) return '';
    return `x${g} = v128.load(q, ${at + 16 * j});
${addProduct(squared && j > row ? `z${g}` : `y${g}`, `x${g}`, j, g)}`;
  };
  const turn = (row, j, at, g) => {
    const last = row === DIGITS - 1;
    const lines = [];
    if (j === 0) {
      lines.push(`y${g} = v128.load(a + p, ${at + 16 * row});`, `t0${g} = ${column(row, 0, at)};`);
      if (squared) lines.push(`z${g} = f64x2.add(y${g}, y${g});`);
    }
    lines.push(`t${j + 1}${g} = ${column(row, j + 1, at)};`, own(row, j, at, g));
    if (j === 0) lines.push(factor(g));
    lines.push(reduceColumn(j, g));
    if (j === 0 || last) lines.push(carry(j, g));
    if (j > 0)
      lines.push(
        last
          ? `v128.store(o, ${digit(`t${j}${g}`)}, ${at + 16 * (j - 1)});`
          : `v128.store(c, t${j}${g}, ${at + 16 * (j - 1)});`,
      );
    if (j === DIGITS - 1)
      lines.push(
        last
          ? `v128.store(o, ${rounded(`i64x2.add(t5${g}, v128.load(WHOLE))`)}, ${at + 64});`
          : `v128.store(c, t5${g}, ${at + 64});`,
      );
    return lines.join('\n');
  };
  const locals = ['high', 'm', 'x', 'y', 'z', ...range(DIGITS + 1).map((j) => `t${j}`)];
  return inRows({
    name,
    parameters: squared ? 'out: usize, a: usize' : 'out: usize, a: usize, b: usize',
    locals: ['x', ...TURNS.flatMap((g) => locals.map((local) => local + g))],
    pairs: TURNS.length,
    row: (row) => `q = ${squared ? 'a' : 'b'} + p; o = out + p;
${each(DIGITS, (j) => TURNS.map((g, k) => turn(row, j, PAIR * k, g)).join('\n'))}`,
  });
}

/** Digits d0…d4 of up to 2^53, less a multiple of r → balanced, at most r/2 and a little, to o. */
const reduced = `x = ${rounded('f64x2.relaxed_madd(d4, v128.load(PER_ORDER), v128.load(WHOLE))')};
${each(DIGITS, (j) => `d${j} = f64x2.relaxed_nmadd(x, v128.load(ORDER, ${16 * j}), d${j});`)}
${each(DIGITS - 1, (j) => `const c${j} = ${rounded(`f64x2.relaxed_madd(d${j}, v128.load(PER_DIGIT), v128.load(WHOLE))`)};`)}
${each(DIGITS, (j) => {
  const own = j < DIGITS - 1 ? `f64x2.relaxed_nmadd(c${j}, v128.load(DIGIT_UP), d${j})` : `d${j}`;
  return `v128.store(o, ${j > 0 ? `f64x2.add(${own}, c${j - 1})` : own}, ${16 * j});`;
})}`;

/** The digits of columns 1…5, and of what stands above them, plus those at `plus`. */
const sumDigits = `o = out + p; q = plus + p;
${each(
  DIGITS,
  (j) => `${j < DIGITS - 1 ? carry(j + 1) : ''}
let d${j} = f64x2.add(${digit(`t${j + 1}`)}, v128.load(q, ${16 * j}));`,
)}
d4 = f64x2.relaxed_madd(${rounded(`i64x2.add(i64x2.shr_u(t5, ${BITS}), v128.load(TOP))`)}, v128.load(DIGIT_UP), d4);
${reduced}`;

/**
 * out = plus + (initial + Σ a_k·b_k)/2^255, at most r/2 and a little, over `count` blocks a_k, one after
 * another. `b`: ten columns of 64 bits that the sum starts from, then five digits a constant.
 */
function dot() {
  const column = (row, j) =>
    row === 0 || j === DIGITS ? `v128.load64_splat(b, ${8 * (row + j)})` : `v128.load(c, ${16 * j})`;
  return inRows({
    name: 'dot',
    parameters: 'out: usize, plus: usize, a: usize, b: usize, count: usize',
    locals: ['high', 'm', 'x', 'y', ...range(DIGITS + 1).map((j) => `t${j}`)],
    pairs: 1,
    row: (row) => `${range(DIGITS + 1)
      .map((j) => `t${j} = ${column(row, j)};`)
      .join(' ')}
q = a + p; s = b + 80; n = count;
while (n) {
y = v128.load(q, ${16 * row});
${each(DIGITS, (j) => `x = v128.load64_splat(s, ${8 * j});\n${addProduct('y', 'x', j)}`)}
q += ${BLOCK}; s += 40; n--;
}
${factor()}
${each(DIGITS, (j) => {
  const kept = row < DIGITS - 1 && j > 0 ? `v128.store(c, t${j}, ${16 * (j - 1)});` : '';
  return `${reduceColumn(j)}\n${j === 0 ? carry(0) : kept}`;
})}
${row < DIGITS - 1 ? `v128.store(c, t5, 64);` : sumDigits}`,
  });
}

/** A block of elements at rest plus a constant: two integers at a time, cut into digits. */
function load() {
  const word = (k) =>
    `const w${k} = v128.shuffle<u64>(v128.load(p, ${k < 2 ? 0 : 16}), v128.load(q, ${k < 2 ? 0 : 16}), ${k % 2}, ${2 + (k % 2)});`;
  const cut = (j) => {
    const [from, shift] = [Math.floor((BITS * j) / 64), (BITS * j) % 64];
    const low = shift === 0 ? `w${from}` : `i64x2.shr_u(w${from}, ${shift})`;
    if (j === DIGITS - 1) return low;
    const all = shift + BITS > 64 ? `v128.or(${low}, i64x2.shl(w${from + 1}, ${64 - shift}))` : low;
    return `v128.and(${all}, v128.load(DIGIT))`;
  };
  return `
export function loadBlock(out: usize, from: usize, stride: usize, constant: usize): void {
let p = from, o = out, x: v128;
do {
const q = p + stride;
${each(4, word)}
${each(
  DIGITS,
  (j) =>
    `let d${j} = f64x2.add(f64x2.sub(v128.or(${cut(j)}, v128.load(EXPONENT)), v128.load(EXPONENT)), v128.load64_splat(constant, ${8 * j}));`,
)}
${reduced}
p += 2 * stride; o += ${PAIR};
} while (o < out + ${BLOCK});
}`;
}

/** A block → elements of 0…r−1, one after another. */
function store() {
  const ripple = each(
    DIGITS - 1,
    (j) => `l${j + 1} += l${j} >> ${BITS}; l${j} &= ${(1n << BigInt(BITS)) - 1n};`,
  );
  return `
function storeOne(o: usize, p: usize): void {
${each(DIGITS, (j) => `let l${j} = <i64>load<f64>(p, ${16 * j});`)}
${ripple}
if (l4 < 0) {
${each(DIGITS, (j) => `l${j} += <i64>load<f64>(ORDER, ${16 * j});`)}
${ripple}
}
store<i64>(o, l0 | (l1 << 51));
store<i64>(o, (l1 >> 13) | (l2 << 38), 8);
store<i64>(o, (l2 >> 26) | (l3 << 25), 16);
store<i64>(o, (l3 >> 39) | (l4 << 12), 24);
}

export function storeBlock(target: usize, block: usize): void {
let o = target;
for (let p = block; p < block + ${BLOCK}; p += ${PAIR}) {
storeOne(o, p);
storeOne(o + 32, p + 8);
o += 64;
}
}`;
}

/** The whole text of generated/fused.ts. */
export function fusedArithmetic() {
  const names = 'BALANCE, CARRIED, COLUMNS, DIGIT, DIGIT_UP, EXPONENT, NEGATIVE_INVERSE, ORDER';
  return `// Written by fused.mjs.
import { ${names}, PER_DIGIT, PER_ORDER, SPLIT, SPLIT_BOTH, SQUARED, TOP, WHOLE } from '../layout';
${[product('multiply', false), product('square', true), dot(), load(), store()].join('\n')}
`;
}

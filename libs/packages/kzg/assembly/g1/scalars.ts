// Scalars of 32 bytes, little-endian, below r: where they come from, and which of them are zero or alike.

export const SCALAR: usize = 32;

/** The low twelve bits in reverse. */
function reverse12(i: u32): u32 {
  i = ((i & 0x555) << 1) | ((i >> 1) & 0x555);
  i = ((i & 0x333) << 2) | ((i >> 2) & 0x333);
  return ((i & 0xf) << 8) | (i & 0xf0) | (i >> 8);
}

function below(p: usize, modulus: usize): boolean {
  for (let j: i32 = 24; j >= 0; j -= 8) {
    const a = load<u64>(p + j), b = load<u64>(modulus + j);
    if (a != b) return a < b;
  }
  return false;
}

/**
 * An EIP-4844 blob → 4,096 scalars, little-endian, natural order. Returns how many are below r (32 bytes at
 * `modulus`).
 */
export function fromBlob(scalars: usize, blob: usize, modulus: usize): usize {
  let good: usize = 0;
  for (let i: u32 = 0; i < 4096; i++) {
    const p = scalars + <usize>i * SCALAR, q = blob + <usize>reverse12(i) * SCALAR;
    for (let j: usize = 0; j < SCALAR; j += 8) store<u64>(p + j, bswap<u64>(load<u64>(q + 24 - j)));
    if (below(p, modulus)) good++;
  }
  return good;
}

/**
 * Of `count` scalars of 32 bytes those that are not zero, moved together; rows[i] says which they were.
 * Returns their number.
 */
export function compact(scalars: usize, rows: usize, count: usize): usize {
  let used: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    const p = scalars + i * SCALAR;
    const low = v128.load(p), high = v128.load(p, 16);
    if (!v128.any_true(v128.or(low, high))) continue;
    v128.store(scalars + used * SCALAR, low);
    v128.store(scalars + used * SCALAR, high, 16);
    store<u32>(rows + 4 * used++, <u32>i);
  }
  return used;
}

/**
 * About how many digits of twelve bits `count` scalars have that are not 0: as many as their lengths in bits
 * hold.
 */
export function digitCount(scalars: usize, count: usize): usize {
  let digits: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    let word: usize = 24;
    while (word && !load<u64>(scalars + i * SCALAR + word)) word -= 8;
    digits += (8 * word + 64 - <usize>clz<u64>(load<u64>(scalars + i * SCALAR + word)) + 11) / 12;
  }
  return digits;
}

/** How many of `count` scalars equal the one at `value`. */
export function countEqual(scalars: usize, value: usize, count: usize): usize {
  const low = v128.load(value), high = v128.load(value, 16);
  let equal: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    const p = scalars + i * SCALAR;
    if (!v128.any_true(v128.or(v128.xor(v128.load(p), low), v128.xor(v128.load(p, 16), high)))) equal++;
  }
  return equal;
}

/** Each scalar less the one at `value`, mod r (32 bytes at `modulus`). */
export function subtractAll(scalars: usize, value: usize, modulus: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const p = scalars + i * SCALAR;
    let borrow: u64 = 0;
    for (let j: usize = 0; j < SCALAR; j += 8) {
      const a = load<u64>(p + j), b = load<u64>(value + j);
      const d = a - b;
      store<u64>(p + j, d - borrow);
      borrow = <u64>(a < b) | <u64>(d < borrow);
    }
    if (!borrow) continue;
    let carry: u64 = 0;
    for (let j: usize = 0; j < SCALAR; j += 8) {
      const a = load<u64>(p + j), b = load<u64>(modulus + j);
      const sum = a + b;
      const total = sum + carry;
      carry = <u64>(sum < a) | <u64>(total < sum);
      store<u64>(p + j, total);
    }
  }
}

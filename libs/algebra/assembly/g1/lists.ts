// Lists of additions: which points to add for which digits of which scalars. Scalars come *recoded*: 40 bytes, little-endian, with
// 2^(width−1) added in every window of `width` bits, so that window w less 2^(width−1) is a signed digit and no carry is left.
import { FLAG, POINT } from './layout';
import { CAPACITY, firsts, seconds, sums } from './workspace';

const SCALAR: usize = 32;
export const RECODED: usize = 40;

// @ts-ignore: decorator
@inline
function digit(recoded: usize, width: u32, window: u32): i32 {
  const bit = width * window;
  const bits = load<u64>(recoded + (bit >> 6) * 8) >> (bit & 63);
  const rest = (bit & 63) + width > 64 ? load<u64>(recoded + (bit >> 6) * 8 + 8) << (64 - (bit & 63)) : 0;
  return <i32>((bits | rest) & ((1 << width) - 1)) - (1 << (width - 1));
}

/** `count` scalars of 32 bytes, little-endian, below 2^255 → recoded; `offset` is the 40 bytes to be added. */
export function recode(target: usize, scalars: usize, count: usize, offset: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const source = scalars + i * SCALAR, out = target + i * RECODED;
    let carry: u64 = 0;
    for (let j: usize = 0; j < 40; j += 8) {
      const a = j < SCALAR ? load<u64>(source + j) : 0;
      const b = load<u64>(offset + j);
      const low = a + b;
      const total = low + carry;
      carry = <u64>(low < a) | <u64>(total < low);
      store<u64>(out + j, total);
    }
  }
}

// @ts-ignore: decorator
@inline
function push(at: usize, out: usize, first: usize, second: u32): void {
  store<u32>(sums() + 4 * at, <u32>out);
  store<u32>(firsts() + 4 * at, <u32>first);
  store<u32>(seconds() + 4 * at, second);
}

/**
 * One window of one fixed point for many sums: accumulator i += digit_i·(the point), where `table` holds its multiples 1 … 2^(width−1).
 * `recoded` is the first sum's scalar, the next is `stride` bytes on. Returns the length of the list.
 */
export function tableStep(accumulators: usize, recoded: usize, stride: usize, count: usize, width: u32, window: u32, table: usize): usize {
  let length: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    const d = digit(recoded + i * stride, width, window);
    if (d == 0) continue;
    const entry = d > 0 ? <u32>(table + <usize>(d - 1) * POINT) : <u32>(table + <usize>(-d - 1) * POINT) | 1;
    const accumulator = accumulators + i * POINT;
    push(length++, accumulator, accumulator, entry);
  }
  return length;
}

/**
 * All windows of all of one sum's scalars: appends an entry (an address, the sign in bit 0) for each digit but 0. Scalar i's table begins at
 * tables + i·windows·2^(width−1)·112, window by window. Returns the number of entries.
 */
export function tableEntries(entries: usize, recoded: usize, count: usize, width: u32, windows: u32, tables: usize): usize {
  let length: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    for (let w: u32 = 0; w < windows; w++) {
      const d = digit(recoded + i * RECODED, width, w);
      if (d == 0) continue;
      const table = tables + (((i * windows + w) << (width - 1)) + <usize>((d > 0 ? d : -d) - 1)) * POINT;
      store<u32>(entries + 4 * length++, d > 0 ? <u32>table : <u32>table | 1);
    }
  }
  return length;
}

// Buckets. `lists` of entries lie one after another; list (sub·2^(width−1) + |digit| − 1) takes the points with that digit in a window
// whose number is sub modulo `subs`: tables hold every point times 2^(width·subs·k), so that windows `subs` apart share their buckets.
// Filling goes twice over the digits: first counting (entries = 0), then, after bounds(), placing.

// @ts-ignore: decorator
@inline
function put(entries: usize, slots: usize, list: usize, entry: u32): void {
  const slot = slots + 4 * list;
  const at = load<u32>(slot);
  store<u32>(slot, at + 1);
  if (entries) store<u32>(entries + 4 * at, entry);
}

/**
 * All digits of `count` recoded scalars; scalar i is that of point rows[i] (u32), whose multiple by 2^(width·subs·k) lies at
 * points + (row + pitch·k)·112.
 */
export function scalarDigits(
  entries: usize, slots: usize, recoded: usize, rows: usize, count: usize, width: u32, windows: u32, subs: u32, points: usize, pitch: usize,
): void {
  const half: usize = 1 << (width - 1);
  for (let i: usize = 0; i < count; i++) {
    let point = points + <usize>load<u32>(rows + 4 * i) * POINT;
    let sub: u32 = 0;
    for (let w: u32 = 0; w < windows; w++) {
      const d = digit(recoded + i * RECODED, width, w);
      if (d > 0) put(entries, slots, sub * half + d - 1, <u32>point);
      else if (d < 0) put(entries, slots, sub * half - d - 1, <u32>point | 1);
      if (++sub == subs) {
        sub = 0;
        point += pitch * POINT;
      }
    }
  }
}

/** Digits of small numbers: values[i] − common (u16 each, difference below 2^11 in absolute value) for point i, `subs` windows. */
export function smallDigits(
  entries: usize, slots: usize, values: usize, common: i32, count: usize, width: u32, subs: u32, points: usize,
): void {
  const half = 1 << (width - 1), mask = (1 << width) - 1;
  for (let i: usize = 0; i < count; i++) {
    let rest = <i32>load<u16>(values + 2 * i) - common;
    const point = <u32>(points + i * POINT);
    for (let sub: u32 = 0; rest != 0; sub++) {
      // The top digit takes what is left: at most half.
      const d = sub == subs - 1 ? rest : ((rest + half) & mask) - half;
      rest = (rest - d) >> width;
      if (d > 0) put(entries, slots, sub * half + d - 1, point);
      else if (d < 0) put(entries, slots, sub * half - d - 1, point | 1);
      if (sub == subs - 1) break;
    }
  }
}

/** Counts → where each list begins, from `first` on: in `starts` and in `slots`, with `lengths` aside. Returns where the last one ends. */
export function bounds(slots: usize, starts: usize, lengths: usize, lists: usize, first: usize): usize {
  let at = <u32>first;
  for (let list: usize = 0; list < lists; list++) {
    const length = load<u32>(slots + 4 * list);
    store<u32>(starts + 4 * list, at);
    store<u32>(slots + 4 * list, at);
    store<u32>(lengths + 4 * list, length);
    at += length;
  }
  return <usize>at;
}

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

/** An EIP-4844 blob → 4,096 scalars, little-endian, natural order. Returns how many are below r (32 bytes at `modulus`). */
export function fromBlob(scalars: usize, blob: usize, modulus: usize): usize {
  let good: usize = 0;
  for (let i: u32 = 0; i < 4096; i++) {
    const p = scalars + <usize>i * SCALAR, q = blob + <usize>reverse12(i) * SCALAR;
    for (let j: usize = 0; j < SCALAR; j += 8) store<u64>(p + j, bswap<u64>(load<u64>(q + 24 - j)));
    if (below(p, modulus)) good++;
  }
  return good;
}

/** Of `count` scalars of 32 bytes those that are not zero, moved together; rows[i] says which they were. Returns their number. */
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

/** About how many digits of twelve bits `count` scalars have that are not 0: as many as their lengths in bits hold. */
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

/** Running sums of buckets: in each segment (`length` lists after another) the one i places from its start goes onto the segment's run. */
export function runStep(entries: usize, starts: usize, lengths: usize, runs: usize, first: usize, segments: usize, length: usize, i: usize): usize {
  let count: usize = 0;
  for (let g: usize = 0; g < segments; g++) {
    const list = 4 * ((first + g) * length + i);
    if (!load<u32>(lengths + list)) continue;
    const run = runs + (first + g) * POINT;
    push(count++, run, run, load<u32>(entries + 4 * <usize>load<u32>(starts + list)));
  }
  return count;
}

/** Each segment's run goes onto its total; those that are infinity still are left out. */
export function totalStep(runs: usize, totals: usize, first: usize, segments: usize): usize {
  let count: usize = 0;
  for (let g: usize = first; g < first + segments; g++) {
    const run = runs + g * POINT, total = totals + g * POINT;
    if (!load<u32>(run, FLAG)) push(count++, total, total, <u32>run);
  }
  return count;
}

/** Where the pairing of a round stands; and the end of the places for new sums. */
let bucket: usize = 0, read: usize = 0, write: usize = 0, fresh: usize = 0, pool: usize = 0;

/** Whether the point is a sum of this tree, whose place may be taken, and not one of the points to be summed. */
// @ts-ignore: decorator
@inline
function isSum(point: usize): boolean {
  return point >= pool && point < fresh;
}

/** Before the first round: new sums go to `places`, where none of the points lies. */
export function startSums(places: usize): void {
  pool = places;
  fresh = places;
}

/** Before each round over `ends` lists of entries. */
export function startRound(): void {
  bucket = 0;
  read = 0;
  write = 0;
}

/**
 * Next additions of a round, in which neighbours of each bucket are paired; an odd one out stays. At most CAPACITY; fewer means that the round is over.
 * `lengths` (u32 a bucket) says how many entries each bucket holds from its start on, and is brought up to date.
 */
export function pairUp(entries: usize, starts: usize, lengths: usize, buckets: usize): usize {
  let length: usize = 0;
  while (bucket < buckets) {
    const base = entries + 4 * <usize>load<u32>(starts + 4 * bucket);
    const all = <usize>load<u32>(lengths + 4 * bucket);
    while (read + 1 < all) {
      if (length == CAPACITY) return length;
      const a = load<u32>(base + 4 * read), b = load<u32>(base + 4 * read + 4);
      let out = <usize>(a & ~1);
      if (!isSum(out)) {
        out = <usize>(b & ~1);
        if (!isSum(out)) {
          out = fresh;
          fresh += POINT;
        }
      }
      push(length++, out, <usize>(a & ~1), (b & ~1) | ((a ^ b) & 1));
      store<u32>(base + 4 * write, <u32>out | (a & 1));
      read += 2;
      write++;
    }
    if (read < all) {
      store<u32>(base + 4 * write, load<u32>(base + 4 * read));
      write++;
    }
    store<u32>(lengths + 4 * bucket, <u32>write);
    bucket++;
    read = 0;
    write = 0;
  }
  return length;
}

/** Marks `count` consecutive points as infinity. */
export function clearPoints(points: usize, count: usize): void {
  memory.fill(points, 0, count * POINT);
  for (let i: usize = 0; i < count; i++) store<u32>(points + i * POINT, 1, FLAG);
}

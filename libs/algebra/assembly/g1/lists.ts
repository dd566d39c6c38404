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

/**
 * Sorts the digits of windows first … last−1 of `count` recoded scalars into buckets: 2^(width−1) of them, those of digits ±1, ±2, …
 * Scalar i belongs to point rows[i] (u32; rows = 0: to point i), whose multiple for window w lies at points + (that + (w − first)·pitch)·112.
 * `ends` gets 2^(width−1) + 2 u32: bucket b's entries, addresses with the sign in bit 0, are those from ends[b] to ends[b+1].
 */
export function fillBuckets(
  entries: usize, ends: usize, recoded: usize, count: usize, width: u32, first: u32, last: u32, rows: usize, points: usize, pitch: usize,
): void {
  const buckets: usize = 1 << (width - 1);
  memory.fill(ends, 0, 4 * (buckets + 2));
  for (let i: usize = 0; i < count; i++) {
    for (let w = first; w < last; w++) {
      const d = digit(recoded + i * RECODED, width, w);
      if (d == 0) continue;
      const slot = ends + 4 * <usize>((d > 0 ? d : -d) + 1);
      store<u32>(slot, load<u32>(slot) + 1);
    }
  }
  for (let b: usize = 2; b <= buckets + 1; b++) store<u32>(ends + 4 * b, load<u32>(ends + 4 * b) + load<u32>(ends + 4 * b - 4));
  // ends[b+1] is now where bucket b begins; filling moves it to where it ends.
  for (let i: usize = 0; i < count; i++) {
    const row = rows ? <usize>load<u32>(rows + 4 * i) : i;
    for (let w = first; w < last; w++) {
      const d = digit(recoded + i * RECODED, width, w);
      if (d == 0) continue;
      const slot = ends + 4 * <usize>(d > 0 ? d : -d);
      const at = load<u32>(slot);
      store<u32>(slot, at + 1);
      const point = <u32>(points + (row + <usize>(w - first) * pitch) * POINT);
      store<u32>(entries + 4 * at, d > 0 ? point : point | 1);
    }
  }
}

/** Where the pairing of a round stands; and the end of the places for new sums. */
let bucket: usize = 0, read: usize = 0, write: usize = 0, fresh: usize = 0, pool: usize = 0;

/** Before the first round: new sums go to `places`, which lies above all points that are not sums. */
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
      if (out < pool) {
        out = <usize>(b & ~1);
        if (out < pool) {
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

/** Where new sums end. */
export function freshEnd(): usize {
  return fresh;
}

/** Marks `count` consecutive points as infinity. */
export function clearPoints(points: usize, count: usize): void {
  memory.fill(points, 0, count * POINT);
  for (let i: usize = 0; i < count; i++) store<u32>(points + i * POINT, 1, FLAG);
}

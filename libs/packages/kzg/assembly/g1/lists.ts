// Lists of additions: which points to add for which digits of which scalars. Scalars come *recoded*: 40
// bytes, little-endian, with 2^(width−1) added in every window of `width` bits, so that window w less
// 2^(width−1) is a signed digit and no carry is left.
import { POINT } from './layout';
import { SCALAR } from './scalars';
import { push } from './workspace';

export const RECODED: usize = 40;

// @ts-ignore: decorator
@inline
function digit(recoded: usize, width: u32, window: u32): i32 {
  const bit = width * window;
  const bits = load<u64>(recoded + (bit >> 6) * 8) >> (bit & 63);
  const rest = (bit & 63) + width > 64 ? load<u64>(recoded + (bit >> 6) * 8 + 8) << (64 - (bit & 63)) : 0;
  return <i32>((bits | rest) & ((1 << width) - 1)) - (1 << (width - 1));
}

/**
 * `count` scalars of 32 bytes, little-endian, below 2^255 → recoded; `offset` is the 40 bytes to be added.
 */
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

/**
 * One window of one fixed point for many sums: accumulator i += digit_i·(the point), where `table` holds its
 * multiples 1 … 2^(width−1).
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
 * All windows of all of one sum's scalars: appends an entry (an address, the sign in bit 0) for each digit
 * but 0. Scalar i's table begins at tables + i·windows·2^(width−1)·112, window by window. Returns the number
 * of entries.
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

// Buckets. `lists` of entries lie one after another; list (sub·2^(width−1) + |digit| − 1) takes the points
// with that digit in a window whose number is sub modulo `subs`: tables hold every point times
// 2^(width·subs·k), so that windows `subs` apart share their buckets.
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
 * All digits of `count` recoded scalars; scalar i is that of point rows[i] (u32), whose multiple by
 * 2^(width·subs·k) lies at points + (row + pitch·k)·112.
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

/**
 * Digits of small numbers: values[i] − common (u16 each, difference below 2^11 in absolute value) for point
 * i, `subs` windows.
 */
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

/**
 * Counts → where each list begins, from `first` on: in `starts` and in `slots`, with `lengths` aside. Returns
 * where the last one ends.
 */
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

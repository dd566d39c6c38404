import type { Arena } from './arena';
import { POINT } from './instance';
import type { PointAddress, PointSums } from './sums';
import { weightedSums } from './weighted-sums';

/** Bits between two multiples of a point in the tables of the set-up's points. */
export const STEP = 12;
/** Multiples of a point: 22 windows of 12 bits hold 255 bits and the carry of recoding. */
export const MULTIPLES = Math.ceil(256 / STEP);
/** Widths of windows to choose from: divisors of the step. */
export const WIDTHS = [12, 6, 4, 3] as const;

/**
 * Fills one sum's lists; first called without entries, to count. `slots` are those of its first list
 * (libs/packages/kzg/assembly/g1/lists.ts).
 */
export type Digits = (sum: number, entries: number, slots: number) => void;
/** Appends the entries of one sum that count once, and says how many. */
export interface Extras {
  readonly most: number;
  readonly append: (sum: number, entries: number) => number;
}

const NONE: Extras = { most: 0, append: () => 0 };

/**
 * Several sums of multiples of points side by side, by Pippenger's buckets with digits of `width` bits. All
 * is taken from the arena.
 * Windows that are `subs` apart share their buckets, as the tables' points are multiplied already; with
 * points as they are, subs is the number of windows.
 * @returns addresses of the sums
 */
export function bucketSums(
  sums: PointSums,
  arena: Arena,
  count: number,
  width: number,
  digits: Digits,
  extras: Extras = NONE,
  subs = STEP / width,
): PointAddress[] {
  const { instance } = sums;
  const size = 2 ** (width - 1);
  const lists = count * subs * size;
  const all = lists + count;
  const [slots, starts, lengths] = [0, 1, 2].map(() => arena.take(4 * all)) as [number, number, number];
  const each = (entries: number): void => {
    for (let k = 0; k < count; k++) digits(k, entries, slots + 4 * k * subs * size);
  };
  instance.words(slots, lists).fill(0);
  each(0);
  let end = instance.exports.bounds(slots, starts, lengths, lists, 0);
  const entries = arena.take(4 * (end + count * extras.most));
  each(entries);
  for (let k = 0; k < count; k++) {
    const more = extras.append(k, entries + 4 * end);
    instance.words(starts, all)[lists + k] = end;
    instance.words(lengths, all)[lists + k] = more;
    end += more;
  }
  sums.total(entries, starts, lengths, all, arena.take(Math.ceil(end / 2) * POINT));
  const sets = weightedSums(sums, arena, { entries, starts, lengths }, count * subs, size);
  const totals = combine(sums, arena, sets, subs, width);
  const extra = instance.words(starts, all).subarray(lists);
  sums.add(
    totals.flatMap((point, k) =>
      instance.words(lengths, all)[lists + k]
        ? [[point, point, instance.words(entries, end)[extra[k]!]!] as const]
        : [],
    ),
  );
  return totals;
}

/** Σ_sub 2^(width·sub)·sets[sub] of each sum. */
function combine(
  sums: PointSums,
  arena: Arena,
  sets: readonly PointAddress[],
  subs: number,
  width: number,
): PointAddress[] {
  const totals = Array.from({ length: sets.length / subs }, () => arena.take(POINT));
  sums.instance.exports.clearPoints(totals[0]!, totals.length);
  for (let sub = subs - 1; sub >= 0; sub--) {
    if (sub < subs - 1)
      for (let bit = 0; bit < width; bit++) sums.double(totals.map((point) => [point, point]));
    sums.add(totals.map((point, k) => [point, point, sets[k * subs + sub]!]));
  }
  return totals;
}

/** The width with the fewest additions: entries, and two for each bucket. */
export function cheapestWidth(entries: (width: number) => number): number {
  const cost = (width: number): number => entries(width) + (STEP / width) * 2 ** width;
  return WIDTHS.reduce<number>((best, width) => (cost(width) < cost(best) ? width : best), WIDTHS[0]);
}

/**
 * points[i + count·k] = 2^(12·k)·points[i], k = 1 … 21, for `count` points that stand at `points` already.
 */
export function buildMultiples(sums: PointSums, points: PointAddress, count: number): void {
  const { capacity } = sums.instance;
  for (let start = 0; start < count; start += capacity) {
    const some = Array.from(
      { length: Math.min(capacity, count - start) },
      (_, i) => points + (start + i) * POINT,
    );
    for (let k = 1; k < MULTIPLES; k++) {
      const place = (point: PointAddress): PointAddress => point + k * count * POINT;
      sums.double(some.map((point) => [place(point), place(point) - count * POINT]));
      for (let bit = 1; bit < STEP; bit++) sums.double(some.map((point) => [place(point), place(point)]));
    }
  }
}

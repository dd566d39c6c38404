// Lists of additions that sum lists of points: neighbours in rounds, and running sums of buckets.
import { FLAG, POINT } from './layout';
import { CAPACITY, push } from './workspace';

/** Where the pairing of a round stands; and the end of the places for new sums. */
let bucket: usize = 0, read: usize = 0, write: usize = 0, fresh: usize = 0, pool: usize = 0;

/**
 * Whether the point is a sum of this tree, whose place may be taken, and not one of the points to be summed.
 */
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
 * Next additions of a round, in which neighbours of each bucket are paired; an odd one out stays. At most
 * CAPACITY; fewer means that the round is over.
 * `lengths` (u32 a bucket) says how many entries each bucket holds from its start on, and is brought up to
 * date.
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

/**
 * Running sums of buckets: in each segment (`length` lists after another) the one i places from its start
 * goes onto the segment's run.
 */
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

/** Marks `count` consecutive points as infinity. */
export function clearPoints(points: usize, count: usize): void {
  memory.fill(points, 0, count * POINT);
  for (let i: usize = 0; i < count; i++) store<u32>(points + i * POINT, 1, FLAG);
}

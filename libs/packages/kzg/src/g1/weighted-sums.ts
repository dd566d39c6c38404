import type { Arena } from './arena';
import { POINT } from './instance';
import type { PointAddress, PointSums } from './sums';

/**
 * Bucket sums as PointSums.total leaves them: list b has lengths[b] ∈ {0, 1} entries, at entries +
 * 4·starts[b].
 */
export interface Buckets {
  readonly entries: number;
  readonly starts: number;
  readonly lengths: number;
}

/** So many additions share an inversion at least, where there are as many. */
const WIDE = 64;

/**
 * For each of `sets` runs of `size` buckets (a power of two) Σ (b + 1)·bucket_b, by running sums: a run is
 * cut into segments that are summed side by side, and the segments' own sums are weighted the same way.
 * @returns addresses of the sums, in the arena
 */
export function weightedSums(
  sums: PointSums,
  arena: Arena,
  buckets: Buckets,
  sets: number,
  size: number,
): PointAddress[] {
  const { instance } = sums;
  const { exports, capacity } = instance;
  let length = size;
  while (length > 4 && (sets * size) / length < WIDE) length /= 2;
  const segments = (sets * size) / length;
  const runs = arena.take(segments * POINT);
  const totals = arena.take(segments * POINT);
  exports.clearPoints(runs, segments);
  exports.clearPoints(totals, segments);
  const { entries, starts, lengths } = buckets;
  for (let i = length - 1; i >= 0; i--) {
    for (let first = 0; first < segments; first += capacity) {
      const count = Math.min(capacity, segments - first);
      sums.run(exports.runStep(entries, starts, lengths, runs, first, count, length, i));
      sums.run(exports.totalStep(runs, totals, first, count));
    }
  }
  const each = size / length;
  if (each === 1) return Array.from({ length: sets }, (_, set) => totals + set * POINT);
  const list = (points: number, shift: number): Buckets => listsOf(arena, points, segments, each, shift);
  // Σ_g (total_g + length·g·run_g): list g − 1 of the next level is run g.
  const outer = weightedSums(sums, arena, list(runs, 1), sets, each);
  for (let bit = 1; bit < length; bit *= 2) sums.double(outer.map((point) => [point, point]));
  const all = arena.take(4 * (segments + sets));
  const bounds = Array.from({ length: sets + 1 }, (_, set) => set * (each + 1));
  const words = instance.words(all, segments + sets);
  outer.forEach((point, set) => {
    words[bounds[set]!] = point;
    for (let g = 0; g < each; g++) words[bounds[set]! + 1 + g] = totals + (set * each + g) * POINT;
  });
  const places = arena.take((segments + 2 * sets) * POINT + 8 * sets);
  return sums.totals(all, bounds, places);
}

/** One list a point, list b of a set holding the point b + shift of that set. */
function listsOf(arena: Arena, points: number, count: number, each: number, shift: number): Buckets {
  const [entries, starts, lengths] = [0, 1, 2].map(() => arena.take(4 * count)) as [number, number, number];
  const word = (address: number): Uint32Array => arena.instance.words(address, count);
  for (let b = 0; b < count; b++) {
    const inside = (b % each) + shift < each;
    word(entries)[b] = points + (inside ? b + shift : b) * POINT;
    word(starts)[b] = b;
    word(lengths)[b] = inside ? 1 : 0;
  }
  return { entries, starts, lengths };
}

import { pow } from '../field';
import type { Arena } from './arena';
import { POINT } from './instance';
import { multiplyAll } from './multiples';
import type { PointAddress, PointSums } from './sums';

/**
 * Transforms of points: list t ← (Σ_j root^(jk)·list_j)_k for each list, all lists side by side.
 * @param lists equal lengths, powers of two; addresses of points that are overwritten, each once
 * @returns the addresses in their new order, which are the old ones and some of the arena's
 */
export function transformPoints(
  sums: PointSums,
  arena: Arena,
  lists: readonly (readonly PointAddress[])[],
  root: bigint,
): PointAddress[][] {
  const size = lists[0]!.length;
  const levels = Math.log2(size);
  const work = lists.map((list) => list.map((_, k) => list[reversed(k, levels)]!));
  let free = work.map((list) => list.slice(0, size / 2).map(() => arena.take(POINT)));
  for (let half = 1; half < size; half *= 2) {
    const pairs: { list: number; a: number; b: number; power: number }[] = [];
    work.forEach((_, list) => {
      for (let start = 0; start < size; start += 2 * half)
        for (let t = 0; t < half; t++) pairs.push({ list, a: start + t, b: start + t + half, power: t });
    });
    const step = pow(root, BigInt(size / (2 * half)));
    const twiddles = Array.from({ length: half }, (_, t) => pow(step, BigInt(t)));
    const turned = pairs.filter(({ power }) => power > 0);
    const mark = arena.mark();
    multiplyAll(
      sums,
      arena,
      turned.map(({ list, b }) => work[list]![b]!),
      turned.map(({ power }) => twiddles[power]!),
    );
    arena.release(mark);
    // u + v into a free place, u − v into v's; u's place is then free.
    const places = free.flat();
    sums.add(pairs.map(({ list, a, b }, i) => [places[i]!, work[list]![a]!, work[list]![b]!]));
    sums.add(pairs.map(({ list, a, b }) => [work[list]![b]!, work[list]![a]!, work[list]![b]! | 1]));
    const freed: PointAddress[] = [];
    pairs.forEach(({ list, a }, i) => {
      freed.push(work[list]![a]!);
      work[list]![a] = places[i]!;
    });
    free = [freed];
  }
  return work;
}

function reversed(k: number, bits: number): number {
  let reverse = 0;
  for (let bit = 0; bit < bits; bit++) reverse |= ((k >> bit) & 1) << (bits - 1 - bit);
  return reverse;
}

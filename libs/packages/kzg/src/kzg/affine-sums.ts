import { inverseAll, P, reduce } from './fp';
import type { Affine } from './jacobian';

/**
 * The sum of each list of points, undefined for infinity. Points are added in affine coordinates, pair by
 * pair, in rounds over all the lists, so that one field inversion serves a whole round: about 6 field
 * products an addition.
 */
export function sums(lists: readonly (readonly Affine[])[]): (Affine | undefined)[] {
  let current: readonly (readonly Affine[])[] = lists;
  while (current.some((list) => list.length > 1)) current = halve(current);
  return current.map((list) => list[0]);
}

/** One round: neighbours are added, an odd last point is kept. */
function halve(lists: readonly (readonly Affine[])[]): Affine[][] {
  const denominators: bigint[] = [];
  for (const list of lists) {
    for (let i = 0; i + 1 < list.length; i += 2) {
      const [a, b] = [list[i]!, list[i + 1]!];
      // Opposite points sum to infinity: 1 keeps their place.
      denominators.push(a.x !== b.x ? b.x - a.x : a.y === b.y ? 2n * a.y : 1n);
    }
  }
  const inverses = inverseAll(denominators);
  let next = 0;
  return lists.map((list) => {
    const half: Affine[] = [];
    for (let i = 0; i + 1 < list.length; i += 2) {
      const [a, b] = [list[i]!, list[i + 1]!];
      const inverse = inverses[next++]!;
      if (a.x === b.x && a.y !== b.y) continue;
      const slope = ((a.x === b.x ? 3n * a.x * a.x : b.y - a.y) * inverse) % P;
      const x = reduce(slope * slope - a.x - b.x);
      half.push({ x, y: reduce(slope * (a.x - x) - a.y) });
    }
    if (list.length % 2) half.push(list[list.length - 1]!);
    return half;
  });
}

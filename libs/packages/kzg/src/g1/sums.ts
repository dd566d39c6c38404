import { COMPRESSED, POINT, type G1Instance } from './instance';

/**
 * Address of a point at rest in the instance's memory; with bit 0 set, its negative (where a *signed* address
 * is asked for).
 */
export type PointAddress = number;

// The numbers of libs/packages/kzg/assembly/g1/addition.ts.
const OPPOSITE = 3;
const EQUAL = 4;

/** Additions of points, many at a time, every exceptional case included. */
export class PointSums {
  private readonly lists: readonly [number, number, number];

  constructor(readonly instance: G1Instance) {
    const { exports } = instance;
    this.lists = [exports.sums(), exports.firsts(), exports.seconds()];
  }

  /**
   * Runs the `count` ≤ capacity additions that stand in the instance's lists. No sum may lie where another
   * addition has a summand.
   */
  run(count: number): void {
    if (count === 0) return;
    const { exports } = this.instance;
    exports.prepare(count);
    if (exports.chain(count)) {
      exports.complete(count);
      return;
    }
    const equal = this.markExceptions(count);
    if (!exports.chain(count)) throw new Error('a denominator is still zero');
    exports.complete(count);
    this.double(equal);
  }

  /** sums[i] = 2·points[i]. */
  double(pairs: readonly (readonly [sum: PointAddress, point: PointAddress])[]): void {
    const { exports, capacity } = this.instance;
    for (let start = 0; start < pairs.length; start += capacity) {
      const count = Math.min(capacity, pairs.length - start);
      const [sums, firsts, seconds] = this.lists.map((list) => this.instance.words(list, count));
      for (let i = 0; i < count; i++) {
        [sums![i], firsts![i]] = pairs[start + i]!;
        seconds![i] = firsts![i]!;
      }
      exports.prepareDoubling(count);
      exports.chain(count);
      exports.completeDoubling(count);
    }
  }

  /** Points (βx, y) of `count` consecutive points: −u² times each, u the curve's parameter. */
  endomorphism(targets: PointAddress, sources: PointAddress, count: number): void {
    const { exports, capacity } = this.instance;
    for (let start = 0; start < count; start += capacity) {
      const some = Math.min(capacity, count - start);
      const [sums, firsts, seconds] = this.lists.map((list) => this.instance.words(list, some));
      for (let i = 0; i < some; i++) {
        sums![i] = targets + (start + i) * POINT;
        firsts![i] = seconds![i] = sources + (start + i) * POINT;
      }
      exports.endomorphism(some);
    }
  }

  /** sum = first ± second for each; second is a signed address. */
  add(additions: readonly (readonly [sum: PointAddress, first: PointAddress, second: PointAddress])[]): void {
    const { capacity } = this.instance;
    for (let start = 0; start < additions.length; start += capacity) {
      const count = Math.min(capacity, additions.length - start);
      const [sums, firsts, seconds] = this.lists.map((list) => this.instance.words(list, count));
      for (let i = 0; i < count; i++) [sums![i], firsts![i], seconds![i]] = additions[start + i]!;
      this.run(count);
    }
  }

  /**
   * Points at signed addresses → 48 compressed bytes each, one after another; `scratch` takes 52 bytes a
   * point.
   */
  compress(points: readonly PointAddress[], scratch: number): Uint8Array {
    const { instance } = this;
    instance.words(scratch, points.length).set(points);
    const bytes = scratch + 4 * points.length;
    instance.exports.compress(bytes, scratch, points.length);
    return instance.bytes(bytes, COMPRESSED * points.length).slice();
  }

  /**
   * The sum of each list of entries (signed addresses): list b begins at entries + 4·starts[b] and has
   * lengths[b] of them. Neighbours are added in rounds over all lists; afterwards lengths[b] is 0 or 1, and
   * the first entry is the sum. New sums are written from `places` on, where no point of the lists may lie:
   * room for half as many points as there are entries, and one a list.
   */
  total(entries: number, starts: number, lengths: number, lists: number, places: number): void {
    const { exports, capacity } = this.instance;
    exports.startSums(places);
    for (;;) {
      exports.startRound();
      let added = 0;
      for (;;) {
        const count = exports.pairUp(entries, starts, lengths, lists);
        this.run(count);
        added += count;
        if (count < capacity) break;
      }
      if (added === 0) return;
    }
  }

  /**
   * As total(), for few lists whose entries follow each other: list b has entries bounds[b] … bounds[b+1]−1.
   * @returns signed addresses of the sums; an empty list's is a point at infinity
   */
  totals(entries: number, bounds: readonly number[], places: number): PointAddress[] {
    const { instance } = this;
    const lists = bounds.length - 1;
    const all = bounds[lists]!;
    const starts = places + Math.ceil(all / 2 + lists) * POINT;
    const lengths = starts + 4 * lists;
    instance.words(starts, lists).set(bounds.slice(0, lists));
    instance.words(lengths, lists).set(bounds.slice(1).map((end, b) => end - bounds[b]!));
    this.total(entries, starts, lengths, lists, places);
    return bounds.slice(0, lists).map((start, b) => {
      if (instance.words(lengths, lists)[b] === 0) {
        // New sums take half as many places as there are entries.
        const infinity = places + (Math.ceil(all / 2) + b) * POINT;
        instance.exports.clearPoints(infinity, 1);
        return infinity;
      }
      return instance.words(entries, all)[start]!;
    });
  }

  /**
   * Marks additions whose x-coordinates agree; returns what is to be doubled instead. Rare enough for BigInt.
   */
  private markExceptions(count: number): [PointAddress, PointAddress][] {
    const { instance } = this;
    const equal: [PointAddress, PointAddress][] = [];
    const [sums, firsts, seconds] = this.lists.map((list) => instance.words(list, count));
    for (let i = 0; i < count; i++) {
      if (instance.denominator(i) !== 0n) continue;
      const [first, second] = [firsts![i]!, seconds![i]!];
      const same = instance.ordinate(first) === instance.ordinate(second & ~1);
      const opposite = same === Boolean(second & 1);
      instance.exports.setKind(i, opposite ? OPPOSITE : EQUAL);
      if (!opposite) equal.push([sums![i]!, first]);
      // An odd list's last addition stands there twice.
      if (i === count - 1 && count % 2 === 1) instance.exports.setKind(i + 1, OPPOSITE);
    }
    return equal;
  }
}

import { COMPRESSED, POINT, SCALAR, RECODED, type G1Machine } from './machine';

/** Address of a point at rest in the machine's memory; with bit 0 set, its negative (where a *signed* address is asked for). */
export type PointAddress = number;

// The numbers of libs/algebra/assembly/g1/addition.ts.
const PLAIN = 0;
const OPPOSITE = 3;
const EQUAL = 4;

/** Additions of points, many at a time, every exceptional case included. */
export class PointSums {
  private readonly lists: readonly [number, number, number];

  constructor(readonly machine: G1Machine) {
    const { exports } = machine;
    this.lists = [exports.sums(), exports.firsts(), exports.seconds()];
  }

  /** Runs the `count` ≤ capacity additions that stand in the machine's lists. No sum may lie where another addition has a summand. */
  run(count: number): void {
    if (count === 0) return;
    const { exports } = this.machine;
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
    const { exports, capacity } = this.machine;
    for (let start = 0; start < pairs.length; start += capacity) {
      const count = Math.min(capacity, pairs.length - start);
      const [sums, firsts, seconds] = this.lists.map((list) => this.machine.words(list, count));
      for (let i = 0; i < count; i++) {
        [sums![i], firsts![i]] = pairs[start + i]!;
        seconds![i] = firsts![i]!;
      }
      exports.prepareDoubling(count);
      exports.chain(count);
      exports.completeDoubling(count);
    }
  }

  /** sum = first ± second for each; second is a signed address. */
  add(additions: readonly (readonly [sum: PointAddress, first: PointAddress, second: PointAddress])[]): void {
    const { capacity } = this.machine;
    for (let start = 0; start < additions.length; start += capacity) {
      const count = Math.min(capacity, additions.length - start);
      const [sums, firsts, seconds] = this.lists.map((list) => this.machine.words(list, count));
      for (let i = 0; i < count; i++) [sums![i], firsts![i], seconds![i]] = additions[start + i]!;
      this.run(count);
    }
  }

  /** Compressed points, 48 bytes each, one after another. */
  compress(points: readonly PointAddress[], scratch: number): Uint8Array {
    const { machine } = this;
    machine.words(scratch, points.length).set(points);
    const bytes = scratch + 4 * points.length;
    machine.exports.compress(bytes, scratch, points.length);
    return machine.bytes(bytes, COMPRESSED * points.length).slice();
  }

  /** Marks additions whose x-coordinates agree; returns what is to be doubled instead. Rare enough for BigInt. */
  private markExceptions(count: number): [PointAddress, PointAddress][] {
    const { machine } = this;
    const equal: [PointAddress, PointAddress][] = [];
    const [sums, firsts, seconds] = this.lists.map((list) => machine.words(list, count));
    for (let i = 0; i < count; i++) {
      if (machine.denominator(i) !== 0n) continue;
      const [first, second] = [firsts![i]!, seconds![i]!];
      const same = machine.ordinate(first) === machine.ordinate(second & ~1);
      const opposite = same === Boolean(second & 1);
      machine.exports.setKind(i, opposite ? OPPOSITE : EQUAL);
      if (!opposite) equal.push([sums![i]!, first]);
      // An odd list's last addition stands there twice.
      if (i === count - 1 && count % 2 === 1) machine.exports.setKind(i + 1, OPPOSITE);
    }
    return equal;
  }
}

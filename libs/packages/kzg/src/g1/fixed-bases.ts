import { POINT, RECODED, SCALAR, type G1Instance } from './instance';
import type { PointAddress, PointSums } from './sums';

/**
 * Where the multiples of some fixed points lie; plain numbers, so that threads on one memory can share them.
 */
export interface FixedBases {
  readonly address: number;
  readonly points: number;
  /** Bits of a window: a point has ⌈256 / width⌉ windows of 2^(width−1) multiples, 112 bytes each. */
  readonly width: number;
}

/** Scalars have 255 bits, and recoding adds one. */
export function windowsOf(width: number): number {
  return Math.ceil(256 / width);
}

/** Bytes of the table of so many points. */
export function tableBytes({ points, width }: Omit<FixedBases, 'address'>): number {
  return points * windowsOf(width) * 2 ** (width - 1) * POINT;
}

/** Tabulates d·2^(width·w)·P for every point P, window w and d = 1 … 2^(width−1). */
export function buildFixedBases(sums: PointSums, points: readonly PointAddress[], width: number): FixedBases {
  const { instance } = sums;
  const windows = windowsOf(width);
  const size = 2 ** (width - 1);
  const address = instance.allocate(tableBytes({ points: points.length, width }));
  const row = (index: number): number => address + index * size * POINT;
  points.forEach((point, i) => instance.bytes(row(i * windows), POINT).set(instance.bytes(point, POINT)));
  const rows = points.map((_, i) => i * windows);
  for (let w = 0; w + 1 < windows; w++) {
    sums.double(rows.map((first) => [row(first + w + 1), row(first + w)]));
    for (let bit = 1; bit < width; bit++)
      sums.double(rows.map((first) => [row(first + w + 1), row(first + w + 1)]));
  }
  const all = Array.from({ length: points.length * windows }, (_, index) => row(index));
  if (size > 1) sums.double(all.map((base) => [base + POINT, base]));
  for (let d = 2; d < size; d++) addMultiple(sums, all, d);
  return { address, points: points.length, width };
}

/** Multiple d + 1 of every base: a loop of its own over the instance's lists, as there are half a million. */
function addMultiple(sums: PointSums, bases: readonly number[], d: number): void {
  const { instance } = sums;
  const { exports, capacity } = instance;
  for (let start = 0; start < bases.length; start += capacity) {
    const count = Math.min(capacity, bases.length - start);
    const out = instance.words(exports.sums(), count);
    const first = instance.words(exports.firsts(), count);
    const second = instance.words(exports.seconds(), count);
    for (let i = 0; i < count; i++) {
      const base = bases[start + i]!;
      out[i] = base + d * POINT;
      first[i] = base + (d - 1) * POINT;
      second[i] = base;
    }
    sums.run(count);
  }
}

/** Recodes scalars (32 bytes little-endian, below r) for windows of so many bits. */
export class Recoder {
  private readonly offsets = new Map<number, number>();

  constructor(private readonly instance: G1Instance) {}

  /** @param target 40 bytes a scalar, @param scratch 32 bytes a scalar */
  recode(target: number, scalars: Uint8Array, width: number, scratch: number): void {
    this.instance.bytes(scratch, scalars.length).set(scalars);
    this.recodeAt(target, scratch, scalars.length / SCALAR, width);
  }

  /** As recode(), for scalars that lie in the instance's memory. */
  recodeAt(target: number, scalars: number, count: number, width: number): void {
    this.instance.exports.recode(target, scalars, count, this.offset(width));
  }

  private offset(width: number): number {
    const known = this.offsets.get(width);
    if (known !== undefined) return known;
    const address = this.instance.allocate(RECODED);
    let offset = 0n;
    for (let w = 0; w < windowsOf(width); w++) offset += 1n << BigInt(width * w + width - 1);
    const view = new DataView(this.instance.memory.buffer, address, RECODED);
    for (let word = 0; word < RECODED / 8; word++)
      view.setBigUint64(8 * word, BigInt.asUintN(64, offset >> BigInt(64 * word)), true);
    this.offsets.set(width, address);
    return address;
  }
}

import type { Arena } from './arena';
import { POINT } from './instance';
import type { PointAddress, PointSums } from './sums';

/**
 * The square of the curve's parameter: x²·P = −(βx, y) for P = (x, y) in the subgroup, and r = x⁴ − x² + 1.
 */
const SQUARE = 0xd201000000010000n ** 2n;
/** Windows of four bits of a number below x² < 2^128, and one for the carry. */
const WIDTH = 4;
const WINDOWS = 33;
const MULTIPLES = 2 ** (WIDTH - 1);
/** Points at a time: their multiples stay in the cache, more or less. */
const CHUNK = 512;

/** Bytes of an arena that multiplyAll needs. */
export const MULTIPLY_BYTES = CHUNK * (2 * MULTIPLES + 1) * POINT;

/**
 * points[i] ← scalars[i]·points[i], side by side: k = q·x² + rest needs 128 doublings only, as x²·P is known
 * (Gallant, Lambert and Vanstone).
 * Scalars in 0…r−1; no address twice.
 */
export function multiplyAll(
  sums: PointSums,
  arena: Arena,
  points: readonly PointAddress[],
  scalars: readonly bigint[],
): void {
  const table = arena.take(MULTIPLY_BYTES);
  for (let start = 0; start < points.length; start += CHUNK)
    multiplyChunk(sums, table, points.slice(start, start + CHUNK), scalars.slice(start, start + CHUNK));
}

function multiplyChunk(
  sums: PointSums,
  table: number,
  points: readonly PointAddress[],
  scalars: readonly bigint[],
): void {
  const { instance } = sums;
  const place = (half: number, multiple: number, i: number): PointAddress =>
    table + ((half * MULTIPLES + multiple - 1) * points.length + i) * POINT;
  points.forEach((point, i) => instance.bytes(place(0, 1, i), POINT).set(instance.bytes(point, POINT)));
  sums.double(points.map((_, i) => [place(0, 2, i), place(0, 1, i)]));
  for (let m = 3; m <= MULTIPLES; m++)
    sums.add(points.map((_, i) => [place(0, m, i), place(0, m - 1, i), place(0, 1, i)]));
  const size = MULTIPLES * points.length * POINT;
  sums.endomorphism(table + size, table, MULTIPLES * points.length);
  const digits = scalars.map(
    (scalar) => [signedDigits(scalar % SQUARE), signedDigits(scalar / SQUARE)] as const,
  );
  for (const point of points) instance.exports.clearPoints(point, 1);
  for (let w = WINDOWS - 1; w >= 0; w--) {
    if (w < WINDOWS - 1)
      for (let bit = 0; bit < WIDTH; bit++) sums.double(points.map((point) => [point, point]));
    for (const half of [0, 1] as const) {
      sums.add(
        points.flatMap((point, i) => {
          const digit = digits[i]![half][w]!;
          if (digit === 0) return [];
          // The endomorphism gives −x²·P.
          const negative = digit < 0 !== (half === 1);
          return [[point, point, place(half, Math.abs(digit), i) | Number(negative)] as const];
        }),
      );
    }
  }
}

/** Digits −8 … 7, least significant first. */
function signedDigits(x: bigint): Int8Array {
  const digits = new Int8Array(WINDOWS);
  let carry = 0;
  for (let w = 0; w < WINDOWS; w++) {
    const digit = Number((x >> BigInt(WIDTH * w)) & 15n) + carry;
    carry = digit >= 8 ? 1 : 0;
    digits[w] = digit - 16 * carry;
  }
  return digits;
}

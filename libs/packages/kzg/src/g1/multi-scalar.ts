import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { R } from '../field';
import type { G1Point } from '../kzg';
import { multiScalar as multiScalarInJavaScript } from '../kzg/multi-scalar';
import { concrete, G1, pointFromAffine } from '../kzg/points';
import { hasSimd } from '../simd';
import { Arena } from './arena';
import { bucketSums } from './bucket-sums';
import { Recoder, windowsOf } from './fixed-bases';
import { G1Instance, POINT, RECODED, SCALAR } from './instance';
import { littleEndian } from './scalars';
import { PointSums } from './sums';

/** For fewer points it is not worth while (measured). */
const FROM = 24;
/** At most so many points at a time. */
const MOST = 4096;
const LIMBS = 13;
const [BITS, MASK] = [30n, (1n << 30n) - 1n];

/**
 * KzgVerifier.multiScalar by the kernels; a closure with a memory of its own (about 20 MB when it is first
 * used). Without SIMD it is JavaScript's: slower, with the same results.
 */
export function createMultiScalar(): (points: readonly G1Point[], scalars: readonly bigint[]) => G1Point {
  let instance: MultiScalar | undefined;
  let simd: boolean | undefined;
  return (points, scalars) => {
    simd ??= hasSimd();
    if (points.length < FROM || points.length !== scalars.length || !simd)
      return multiScalarInJavaScript(points, scalars);
    // All of them: the kernels see none that stands beside infinity.
    if (scalars.some((scalar) => scalar < 0n || scalar >= R))
      throw new RangeError('scalars must be in 0…r−1');
    instance ??= new MultiScalar();
    let sum: G1Point = G1.ZERO;
    for (let start = 0; start < points.length; start += MOST)
      sum = sum.add(instance.sum(points.slice(start, start + MOST), scalars.slice(start, start + MOST)));
    return sum;
  };
}

class MultiScalar {
  private readonly instance = new G1Instance();
  private readonly sums = new PointSums(this.instance);
  private readonly recoder = new Recoder(this.instance);
  private readonly arena = new Arena(
    this.instance,
    MOST * (POINT + SCALAR + RECODED + 4 + windowsOf(8) * (4 + POINT / 2)) + 2 ** 21,
  );

  sum(points: readonly G1Point[], scalars: readonly bigint[]): G1Point {
    const { arena, instance, recoder, sums } = this;
    const used = concrete(points)
      .map((point, i) => ({ point, scalar: scalars[i]! }))
      .filter(({ point, scalar }) => scalar !== 0n && !point.is0());
    if (used.length === 0) return G1.ZERO;
    const count = used.length;
    const width = Math.max(4, Math.min(8, Math.floor(Math.log2(count)) - 2));
    const windows = windowsOf(width);
    arena.reset();
    const at = arena.take(count * POINT);
    this.load(
      at,
      normalizeZ(
        G1,
        used.map(({ point }) => point),
      ),
    );
    const recoded = arena.take(count * RECODED);
    recoder.recode(
      recoded,
      littleEndian(used.map(({ scalar }) => scalar)),
      width,
      arena.take(count * SCALAR),
    );
    const rows = arena.take(4 * count);
    instance.words(rows, count).set(Uint32Array.from({ length: count }, (_, i) => i));
    const [total] = bucketSums(
      sums,
      arena,
      1,
      width,
      (_, entries, slots) =>
        instance.exports.scalarDigits(entries, slots, recoded, rows, count, width, windows, windows, at, 0),
      undefined,
      windows,
    );
    return this.read(total!);
  }

  private load(at: number, points: readonly { readonly X: bigint; readonly Y: bigint }[]): void {
    const { instance } = this;
    instance.bytes(at, points.length * POINT).fill(0);
    const words = instance.words(at, (points.length * POINT) / 4);
    points.forEach(({ X, Y }, i) => {
      const first = (i * POINT) / 4;
      let [x, y] = [X, Y];
      for (let j = 0; j < LIMBS; j++) {
        words[first + j] = Number(x & MASK);
        words[first + POINT / 8 + j] = Number(y & MASK);
        x >>= BITS;
        y >>= BITS;
      }
    });
    instance.exports.enterPoints(at, points.length);
  }

  private read(point: number): G1Point {
    const affine = this.instance.affine(point);
    return affine ? pointFromAffine(affine.x, affine.y) : G1.ZERO;
  }
}

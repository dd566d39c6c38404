import { encodeG1, encodeG2 } from '@solvent-por/claims';
import { concat, fromBytes, toBytes } from '@solvent-por/kzg';
import { bn254 } from '@noble/curves/bn254.js';

const P = bn254.fields.Fp.ORDER;
const { Fp2 } = bn254.fields;

/** Where A and C, and B, stand in a proof. */
export const G1 = { a: [0, 64], c: [192, 256] } as const;
export const G2 = [64, 192] as const;

function numbers(point: Uint8Array): bigint[] {
  return Array.from({ length: point.length / 32 }, (_, i) => fromBytes(point.subarray(32 * i, 32 * (i + 1))));
}

const pointG1 = (bytes: Uint8Array) => {
  const [x, y] = numbers(bytes);
  return bn254.G1.Point.fromAffine({ x: x!, y: y! });
};
const pointG2 = (bytes: Uint8Array) => {
  const [x1, x0, y1, y0] = numbers(bytes) as [bigint, bigint, bigint, bigint];
  return bn254.G2.Point.fromAffine({ x: Fp2.fromBigTuple([x0, x1]), y: Fp2.fromBigTuple([y0, y1]) });
};
const bytesG2 = (point: ReturnType<typeof pointG2>) => {
  const { x, y } = point.toAffine();
  return encodeG2({ x: [x.c0, x.c1], y: [y.c0, y.c1] });
};

export const negatedG1 = (point: Uint8Array): Uint8Array => encodeG1(pointG1(point).negate().toAffine());
export const negatedG2 = (point: Uint8Array): Uint8Array => bytesG2(pointG2(point).negate());

/** (2·A, B/2): the same pairing. */
export function halved(a: Uint8Array, b: Uint8Array): [Uint8Array, Uint8Array] {
  const half = (bn254.G2.Point.Fn.ORDER + 1n) / 2n;
  return [encodeG1(pointG1(a).double().toAffine()), bytesG2(pointG2(b).multiply(half))];
}

/** Points of G1 that must be refused, from a good one. */
export function badG1(point: Uint8Array): Readonly<Record<string, Uint8Array>> {
  const [x, y] = numbers(point) as [bigint, bigint];
  return {
    'not-on-the-curve': encodeG1({ x, y: (y + 1n) % P }),
    'coordinate-plus-p': concat(toBytes(x + P), toBytes(y)),
    'with-an-ordinate-of-0': encodeG1({ x, y: 0n }),
    infinity: new Uint8Array(64),
  };
}

/** Points of G2 that must be refused, from a good one. */
export function badG2(point: Uint8Array): Readonly<Record<string, Uint8Array>> {
  const [x1, ...rest] = numbers(point) as [bigint, bigint, bigint, bigint];
  const swapped = [rest[0], x1, rest[2], rest[1]];
  return {
    'not-on-the-curve': concat(point.slice(0, 96), toBytes((rest[2] + 1n) % P)),
    'not-in-the-subgroup': offSubgroup(),
    'coordinate-plus-p': concat(toBytes(x1 + P), point.slice(32)),
    'parts-swapped': concat(...swapped.map((x) => toBytes(x))),
    'with-an-ordinate-of-0': concat(point.slice(0, 64), new Uint8Array(64)),
    infinity: new Uint8Array(128),
  };
}

/** On the twist y² = x³ + 3/(9 + u), whose order the cofactor makes larger than that of G2. */
function offSubgroup(): Uint8Array {
  for (let i = 1n; ; i++) {
    const x = Fp2.fromBigTuple([i, 1n]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), bn254.G2.Point.CURVE().b);
    let y;
    try {
      y = Fp2.sqrt(square);
    } catch {
      continue;
    }
    if (!bn254.G2.Point.fromAffine({ x, y }).isTorsionFree())
      return encodeG2({ x: [x.c0, x.c1], y: [y.c0, y.c1] });
  }
}

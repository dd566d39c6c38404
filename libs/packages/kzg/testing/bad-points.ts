import { bls12_381 } from '@noble/curves/bls12-381.js';
import { toHex } from '../src/bytes';
import { toBytes } from '../src/field';
import type { G1Point } from '../src/kzg';
import { P, squareRoot } from '../src/kzg/fp';
import { G1_BASE } from '../src/kzg/points';

/** What every decoder must refuse, with the reason; hex. */
export function badPoints(): Record<string, string> {
  const base = encode(G1_BASE);
  const negative = encode(G1_BASE.negate());
  const zeros = '00'.repeat(47);
  const uncompressed = hex((G1_BASE as Point).toBytes(false));
  return {
    'nothing at all': '',
    '47 bytes': base.slice(0, 94),
    '49 bytes': `${base}00`,
    '96 uncompressed bytes': uncompressed,
    '96 bytes of uncompressed infinity': `40${'00'.repeat(95)}`,
    'all zero': `00${zeros}`,
    'infinity without the compression flag': `40${zeros}`,
    'infinity with the sign flag': `e0${zeros}`,
    'infinity with a last byte': `c0${zeros.slice(2)}01`,
    'infinity with low bits in the first byte': `c1${zeros}`,
    'infinity flag on the generator': flag(base, 0x40),
    'generator without the compression flag': unflag(base, 0x80),
    'negated generator without the compression flag': unflag(negative, 0x80),
    'x = p': flag(hex(toBytes(P, 48)), 0x80),
    'x = p + 4, which reduces to a point of the curve': flag(
      hex(toBytes(P + firstX('on the curve'), 48)),
      0x80,
    ),
    'x = 2^381 − 1': `9f${'ff'.repeat(47)}`,
    'all ones': 'ff'.repeat(48),
    'x not on the curve': flag(hex(toBytes(firstX('off the curve'), 48)), 0x80),
    'on the curve, order 3': `80${zeros}`,
    'on the curve, order 3, larger y': `a0${zeros}`,
    'on the curve, order 11': flag(hex(toBytes(ofOrder(11n).x, 48)), 0x80),
    'on the curve, not in the subgroup': flag(hex(toBytes(firstX('outside the subgroup'), 48)), 0x80),
    ...Object.fromEntries(
      COFACTOR_PRIMES.map((order) => [`generator plus a point of order ${order}`, hex(plusTorsion(order))]),
    ),
  };
}

/** What every decoder must take and encode again alike; hex. */
export function goodPoints(): Record<string, string> {
  const point = G1_BASE.double().add(G1_BASE);
  return {
    infinity: `c0${'00'.repeat(47)}`,
    generator: encode(G1_BASE),
    'negated generator': encode(G1_BASE.negate()),
    'three times the generator': encode(point),
    'its negative': encode(point.negate()),
  };
}

/** Lower-case hex of a compressed point by @noble/curves' own encoder, which works for finite points. */
function encode(point: G1Point): string {
  return (point as Point).toHex(true);
}

/** Lower-case hex without 0x. */
export function hex(bytes: Uint8Array): string {
  return toHex(bytes).slice(2);
}

const { Point } = bls12_381.G1;
const COFACTOR = 0x396c8c005555e1568c00aaab0000aaabn;
/** Every prime that divides the cofactor: a test of the subgroup may fail for one of them alone. */
const COFACTOR_PRIMES = [3n, 11n, 10_177n, 859_267n, 52_437_899n];

function flag(encoded: string, bits: number): string {
  return ((parseInt(encoded.slice(0, 2), 16) | bits) >>> 0).toString(16).padStart(2, '0') + encoded.slice(2);
}

function unflag(encoded: string, bits: number): string {
  return (parseInt(encoded.slice(0, 2), 16) & ~bits & 0xff).toString(16).padStart(2, '0') + encoded.slice(2);
}

/**
 * The smallest positive x of a kind; every on-curve x found so small lies outside the subgroup, whose share
 * of the curve is 2^−126.
 */
function firstX(kind: 'on the curve' | 'off the curve' | 'outside the subgroup'): bigint {
  for (let x = 1n; ; x++) {
    const onCurve = squareRoot((x * x * x + 4n) % P) !== undefined;
    if (onCurve !== (kind === 'off the curve')) return x;
  }
}

type Point = typeof Point.BASE;

/** n·point for any n, where @noble/curves' own multiplication stops at the subgroup's order. */
function times(point: Point, n: bigint): Point {
  let sum = Point.ZERO;
  for (const bit of n.toString(2)) sum = bit === '1' ? sum.double().add(point) : sum.double();
  return sum;
}

/**
 * A point of a small prime order that divides the cofactor: the other factors of the curve's order are
 * multiplied away.
 */
function ofOrder(order: bigint): { x: bigint; y: bigint; point: Point } {
  let rest = COFACTOR * Point.Fn.ORDER;
  while (rest % order === 0n) rest /= order;
  for (let x = 1n; ; x++) {
    const y = squareRoot((x * x * x + 4n) % P);
    if (y === undefined) continue;
    let point = times(Point.fromAffine({ x, y }), rest);
    if (point.is0()) continue;
    for (let next = times(point, order); !next.is0(); next = times(point, order)) point = next;
    return { ...point.toAffine(), point };
  }
}

/**
 * A point of the curve whose part in the subgroup is the generator. Encoded by hand: @noble/curves refuses to
 * encode it.
 */
function plusTorsion(order: bigint): Uint8Array {
  const { x, y } = Point.BASE.add(ofOrder(order).point).toAffine();
  const bytes = toBytes(x, 48);
  bytes[0]! |= 0x80 | (2n * y > P ? 0x20 : 0);
  return bytes;
}

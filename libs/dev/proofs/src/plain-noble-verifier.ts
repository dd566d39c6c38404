import { pippenger } from '@noble/curves/abstract/curve.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { decodePointWith, TAU64_G2, TAU8_G2, TAU_G2, type G1Point, type KzgVerifier } from '@solvent-por/kzg';

const { Point } = bls12_381.G1;
const { Fp12 } = bls12_381.fields;
type Concrete = InstanceType<typeof Point>;

/**
 * A verifier's arithmetic by @noble/curves alone, as its documentation says to use it, slow: what our own
 * decoder, sums and pairing products are held against.
 */
export function plainNobleVerifier(): KzgVerifier {
  return {
    name: 'plain noble',
    decodePoints: (encoded) => encoded.map((bytes, i) => decodePointWith(decode, bytes, i)),
    multiScalar: (points, scalars) => {
      const used = points.flatMap((point, i) =>
        point.is0() || scalars[i] === 0n ? [] : [{ point: point as Concrete, scalar: scalars[i]! }],
      );
      if (used.length === 0) return Point.ZERO;
      return pippenger(
        Point,
        used.map(({ point }) => point),
        used.map(({ scalar }) => scalar),
      );
    },
    pairingHolds: (a, b, b8, b64) => {
      const pairs = [
        [a, bls12_381.G2.Point.BASE],
        ...(
          [
            [b, TAU_G2],
            [b8, TAU8_G2],
            [b64, TAU64_G2],
          ] as const
        ).map(([point, hex]) => [point?.negate(), bls12_381.G2.Point.fromHex(hex)] as const),
      ] as const;
      const finite = pairs.flatMap(([g1, g2]) => (g1 && !g1.is0() ? [{ g1: g1 as Concrete, g2 }] : []));
      return finite.length === 0 || Fp12.eql(bls12_381.pairingBatch(finite), Fp12.ONE);
    },
  };
}

function decode(bytes: Uint8Array): G1Point {
  const point = Point.fromBytes(bytes);
  point.assertValidity();
  if (!point.isTorsionFree()) throw new Error('not in the subgroup');
  return point;
}

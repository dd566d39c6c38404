import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { G1Point } from '../kzg';
import { concrete, type G1 } from './points';

/** [τ]₂ of Ethereum's KZG ceremony, compressed: the only set-up value a verifier needs (section 2 of the specification). */
export const TAU_G2 =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2';

/** The curve and the subgroup are checked once, at the first pairing. */
let tauG2: ReturnType<typeof bls12_381.G2.Point.fromHex> | undefined;

/** Whether e(a, [1]₂) = e(b, [τ]₂), as e(a, [1]₂)·e(−b, [τ]₂) = 1 with one final exponentiation. Infinity pairs to 1. */
export function pairingHolds(a: G1Point, b: G1Point): boolean {
  tauG2 ??= bls12_381.G2.Point.fromHex(TAU_G2);
  const [left, right] = concrete([a, b.negate()]) as [G1, G1];
  const pairs = [
    { g1: left, g2: bls12_381.G2.Point.BASE },
    { g1: right, g2: tauG2 },
    // @noble/curves refuses infinity, which contributes a factor 1.
  ].filter(({ g1 }) => !g1.is0());
  const { Fp12 } = bls12_381.fields;
  return pairs.length === 0 || Fp12.eql(bls12_381.pairingBatch(pairs), Fp12.ONE);
}

import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { G1Point } from '../kzg';
import { concrete } from './points';

/** [τ]₂ of Ethereum's KZG ceremony, compressed (section 2 of the specification). */
export const TAU_G2 =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2';
/** [τ^8]₂: for the openings of subcells (section 9). */
export const TAU8_G2 =
  'b7a6aec08715a9f8672a2b8c367e407be37e59514ac19dd4f0942a68007bba3923df22da48702c63c0d6b3efd3c2d04e0fe042d8b5a54d562f9f33afc4865dcbcc16e99029e25925580e87920c399e710d438ac1ce3a6dc9b0d76c064a01f6f7';
/** [τ^64]₂: for the openings of cells (section 9). */
export const TAU64_G2 =
  '92dcc5a1c8c3e1b28b1524e3dd6dbecd63017c9201da9dbe077f1b82adc08c50169f56fc7b5a3b28ec6b89254de3e2fd12838a761053437883c3e01ba616670cea843754548ef84bcc397de2369adcca2ab54cd73c55dc68d87aec3fc2fe4f10';

type Lines = ReturnType<typeof bls12_381.utils.calcPairingPrecomputes>;

/**
 * Lines of the Miller loops of [1]₂, [τ]₂, [τ^8]₂ and [τ^64]₂, each made at its first pairing; curve and
 * subgroup are checked then.
 */
const lines: (Lines | undefined)[] = [];
const bases = [
  () => bls12_381.G2.Point.BASE,
  ...[TAU_G2, TAU8_G2, TAU64_G2].map((hex) => () => bls12_381.G2.Point.fromHex(hex)),
];

/**
 * Whether e(a, [1]₂) = e(b, [τ]₂)·e(b8, [τ^8]₂)·e(b64, [τ^64]₂), with one final exponentiation. Infinity
 * pairs to 1 and costs nothing.
 */
export function pairingHolds(a: G1Point, b: G1Point, b8?: G1Point, b64?: G1Point): boolean {
  const pairs: [Lines, bigint, bigint][] = [];
  [a, b, b8, b64].forEach((point, i) => {
    if (!point || point.is0()) return;
    const { x, y } = concrete([i === 0 ? point : point.negate()])[0]!.toAffine();
    pairs.push([(lines[i] ??= bls12_381.utils.calcPairingPrecomputes(bases[i]!())), x, y]);
  });
  const { Fp12 } = bls12_381.fields;
  return pairs.length === 0 || Fp12.eql(Fp12.finalExponentiate(bls12_381.millerLoopBatch(pairs)), Fp12.ONE);
}

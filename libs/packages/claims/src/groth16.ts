import { bn254 } from '@noble/curves/bn254.js';
import { SolventError } from '@solvent-por/kzg';
import { BN254_R } from './field';
import { decodeG1, decodeG2, G1_BYTES, G2_BYTES, type PointG1, type PointG2 } from './points';

/** Bytes of a proof: A ‖ B ‖ C. */
export const GROTH16_PROOF_BYTES = 2 * G1_BYTES + G2_BYTES;

/** What a proof is verified with; every point was decoded, so it is on its curve and in its subgroup. */
export interface Groth16Key {
  readonly alpha: PointG1;
  readonly beta: PointG2;
  readonly gamma: PointG2;
  readonly delta: PointG2;
  /** One more than there are public signals. */
  readonly ic: readonly PointG1[];
}

/**
 * Whether a Groth16 proof over BN254 holds (eprint 2016/260): e(A, B) = e(α, β)·e(Σ signals·IC, γ)·e(C, δ).
 *
 * @param signals exactly as many as the key has, each 0…r−1: a missing one would count as 0, and one that is
 *   larger by the order would pass as another number
 * @param proof 256 bytes
 * @throws SolventError CLAIM_SIGNALS, CLAIM_POINT (kind malformed), before anything is computed
 */
export function verifyGroth16(key: Groth16Key, signals: readonly bigint[], proof: Uint8Array): boolean {
  const [first, ...rest] = key.ic;
  if (signals.length !== rest.length)
    refuseSignals(`there must be exactly ${rest.length} public signals, not ${signals.length}`);
  signals.forEach((signal, i) => {
    if (typeof signal !== 'bigint' || signal < 0n || signal >= BN254_R)
      refuseSignals(`public signal ${i} must be in 0…r−1: it is another number's alias`);
  });
  if (proof.length !== GROTH16_PROOF_BYTES)
    throw new SolventError('CLAIM_POINT', 'malformed', `a proof must be ${GROTH16_PROOF_BYTES} bytes`);
  const a = decodeG1(proof.subarray(0, G1_BYTES), 'proof.a');
  const b = decodeG2(proof.subarray(G1_BYTES, G1_BYTES + G2_BYTES), 'proof.b');
  const c = decodeG1(proof.subarray(G1_BYTES + G2_BYTES), 'proof.c');
  const shown = rest.reduce(
    (sum, point, i) => (signals[i] === 0n ? sum : sum.add(point.multiplyUnsafe(signals[i]!))),
    first!,
  );
  const pairs = [
    { g1: a.negate(), g2: b },
    { g1: key.alpha, g2: key.beta },
    { g1: shown, g2: key.gamma },
    { g1: c, g2: key.delta },
  ].filter(({ g1 }) => !g1.is0());
  const { Fp12 } = bn254.fields;
  return Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE);
}

function refuseSignals(message: string): never {
  throw new SolventError('CLAIM_SIGNALS', 'malformed', message);
}

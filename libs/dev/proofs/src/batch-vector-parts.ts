import { mod, nobleVerifier, pow, toBytes, toHex } from '@solvent-por/kzg';
import {
  canonicalJson,
  helperCount,
  layoutOf,
  proofToJson,
  type BatchProof,
  type Header,
  type Layout,
  type SummedProof,
} from '@solvent-por/verifier';
import { contextOf, summed, TEST_GAMMA } from './cheating';
import { haircutHeader, testHeader } from './snapshots';
import type { Vector } from './vectors';

/** Input of a vector of test-vectors/batch. */
export interface BatchVectorInput {
  readonly header: Header;
  /** A line of a global proof file, without its LF. */
  readonly line: string;
  /** γ of the snapshot: 32 bytes big-endian. */
  readonly gamma: string;
}

export const AGGREGATE = testHeader('aggregate', 1, 2);
export const MARGIN = testHeader('margin', 1, 2);
export const HAIRCUTS = haircutHeader(2);

export const GAMMA = toHex(toBytes(TEST_GAMMA));
const lineOf = (header: Header, proof: BatchProof | SummedProof) =>
  canonicalJson(proofToJson('sums' in proof ? proof : summed(proof, contextOf(header))));
export const inputOf = (header: Header, proof: BatchProof | SummedProof): BatchVectorInput => ({
  header,
  line: lineOf(header, proof),
  gamma: GAMMA,
});

/** Zero columns without blinding: a proof of nothing, and a valid one. */
export function nothing(header: Header): BatchProof {
  const layout = layoutOf(header);
  const infinity = new Uint8Array(48);
  infinity[0] = 0xc0;
  const columns = <T>(x: T) => ({
    limbs: Array.from({ length: layout.limbs }, () => x),
    multiplicity: x,
    helpers: Array.from({ length: helperCount(layout, 1) }, () => x),
    table: x,
  });
  return {
    first: 0,
    accounts: [new Uint8Array(32)],
    commitments: { ...columns(infinity), quotient: [0, 1, 2, 3].map(() => infinity) },
    evaluations: { ...columns(0n), shifted: 0n },
    openings: { zeta: infinity, omegaZeta: infinity, zero: infinity },
  };
}

/** Σ γ^v·C(v-th published value), value by value. */
export function sumOf(layout: Layout, encoded: readonly Uint8Array[]) {
  const kzg = nobleVerifier();
  const limbs = kzg.decodePoints(encoded);
  const scalars = limbs.map(() => 0n);
  layout.published.forEach(({ form }, v) => {
    for (const { base } of form.terms) {
      const { firstLimb, limbs: count } = layout.bases[base]!;
      for (let j = 0; j < count; j++)
        scalars[firstLimb + j] = mod(
          scalars[firstLimb + j]! + (pow(TEST_GAMMA, BigInt(v)) << BigInt(11 * j)),
        );
    }
  });
  return kzg.multiScalar(limbs, scalars);
}

export const incorrect = (name: string, header: Header, proof: BatchProof | SummedProof): Vector => ({
  kind: 'incorrect',
  name,
  input: inputOf(header, proof),
  expected: { valid: false, code: 'PROOF_INVALID' },
});

import { encodeUncompressed, OpeningChecks } from '@solvent-por/kzg';
import {
  maxProofLineBytes,
  parseProof,
  parseUnsummedProof,
  proofToJson,
  type BatchProof,
  type SummedProof,
} from './batch-proof';
import { verifyBatches, type ProofContext } from './batch-verifier';
import { canonicalJson, parseCanonical } from './canonical';
import type { Layout } from './layout';
import { addSumCheck, batchDigests, sumWeights } from './sums';
import { invalid, type Invalid } from './verdict';

/** What a verifier of whole lines knows besides: the snapshot's γ, from the manifest. */
export interface LineContext extends ProofContext {
  readonly gamma: bigint;
}

/**
 * What one valid line of a global proof file contributes to `columns` and the sum tree. Plain bytes, so that
 * a worker can send it.
 */
export interface VerifiedLine {
  readonly valid: true;
  readonly first: number;
  readonly batches: ReadonlyArray<{
    /** Root of the account tree: 32 bytes. */
    readonly accounts: Uint8Array;
    /** Of the account tree and the limb commitments: 32 bytes. */
    readonly digest: Uint8Array;
    /** sum_b as the line has it: 48 bytes. */
    readonly sum: Uint8Array;
    /** The same point, 96 bytes uncompressed; decoded by this verifier, so not to be checked again. */
    readonly point: Uint8Array;
  }>;
}

/**
 * Verifies one line by itself (section 11): its form, every equation of its proof, and its sums under γ. That
 * it stands in the right place, and that `columns` and γ are made from it, is for the reader of the whole
 * file.
 *
 * @param line without its LF
 * @throws SolventError PROOF_MALFORMED | POINT_MALFORMED | DOCUMENT_* (kind malformed)
 */
export function verifyProofLine(line: Uint8Array, context: LineContext): VerifiedLine | Invalid {
  const { layout, kzg, gamma } = context;
  const proof = parseProofLine(line, layout);
  const checks = new OpeningChecks();
  const batches = verifyBatches(proof, context, checks);
  const refused = invalid('PROOF_INVALID', `the proof from batch ${proof.first} on does not hold`);
  if (!batches) return refused;
  const sums = kzg.decodePoints(proof.sums);
  const weights = sumWeights(layout, gamma);
  batches.forEach(({ limbs }, i) => addSumCheck(limbs, weights, sums[i]!, checks));
  if (!checks.holds(kzg)) return refused;
  const points = encodeUncompressed(sums);
  const digests = batchDigests(proof, layout);
  return {
    valid: true,
    first: proof.first,
    batches: batches.map(({ accounts }, i) => ({
      accounts,
      digest: digests[i]!,
      sum: proof.sums[i]!,
      point: points[i]!,
    })),
  };
}

/** @throws SolventError PROOF_MALFORMED | DOCUMENT_* (kind malformed) */
export function parseProofLine(line: Uint8Array, layout: Layout): SummedProof {
  return parseProof(parseCanonical(line, maxProofLineBytes(layout), 'proof'), layout);
}

/** The line of a proof, without its LF. */
export function proofLine(proof: SummedProof): Uint8Array {
  return new TextEncoder().encode(canonicalJson(proofToJson(proof)));
}

/**
 * A proof whose sums are not made yet, as its prover keeps it.
 * @throws SolventError PROOF_MALFORMED | DOCUMENT_* (kind malformed)
 */
export function parseUnsummed(bytes: Uint8Array, layout: Layout): BatchProof {
  return parseUnsummedProof(parseCanonical(bytes, maxProofLineBytes(layout), 'proof'), layout);
}

/** The bytes of a proof whose sums are not made yet. */
export function unsummedBytes({
  first,
  accounts,
  commitments,
  evaluations,
  openings,
}: BatchProof): Uint8Array {
  const json = proofToJson({ first, accounts, commitments, evaluations, openings });
  return new TextEncoder().encode(canonicalJson(json));
}

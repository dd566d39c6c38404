import { encodeUncompressed, OpeningChecks } from '@solvent/algebra';
import { maxProofLineBytes, parseProof, proofToJson, type BatchProof } from './batch-proof';
import { verifyBatches, type ProofContext } from './batch-verifier';
import { canonicalJson, parseCanonical } from './canonical';
import { invalid, type Invalid } from './verdict';

/** What one valid line of a global proof file contributes to the sum tree. Plain bytes, so that a worker can send it. */
export interface VerifiedLine {
  readonly valid: true;
  readonly first: number;
  readonly batches: ReadonlyArray<{
    /** C(tag): 48 bytes, compressed. */
    readonly tag: Uint8Array;
    /** Commitments to the published sums: 96 bytes each, uncompressed; derived by this verifier, so not to be checked again. */
    readonly sums: readonly Uint8Array[];
  }>;
}

/**
 * Verifies one line by itself (section 11): its form, and every equation of its proof. That it stands in the right place is for the reader of the whole file.
 *
 * @param line without its LF
 * @throws SolventError PROOF_MALFORMED | POINT_MALFORMED | DOCUMENT_* (kind malformed)
 */
export function verifyProofLine(line: Uint8Array, context: ProofContext): VerifiedLine | Invalid {
  const proof = parseProofLine(line, context.layout);
  const checks = new OpeningChecks();
  const batches = verifyBatches(proof, context, checks);
  if (!batches || !checks.holds(context.kzg))
    return invalid('PROOF_INVALID', `the proof from batch ${proof.first} on does not hold`);
  return {
    valid: true,
    first: proof.first,
    batches: batches.map(({ tag, sums }) => ({ tag, sums: encodeUncompressed(sums) })),
  };
}

/** @throws SolventError PROOF_MALFORMED | DOCUMENT_* (kind malformed) */
export function parseProofLine(line: Uint8Array, layout: ProofContext['layout']): BatchProof {
  return parseProof(parseCanonical(line, maxProofLineBytes(layout), 'proof'), layout);
}

/** The line of a proof, without its LF. */
export function proofLine(proof: BatchProof): Uint8Array {
  return new TextEncoder().encode(canonicalJson(proofToJson(proof)));
}

import { OpeningChecks, SolventError } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import type { Origin } from '@solvent-por/snapshot/files';
import { unsummedBytes, verifyBatches, type AccountBatch } from '@solvent-por/verifier';
import type { BatchProver } from './batch-prover';
import { batchClaims } from './claims/batch-claims';
import { encodeStoredBatch } from './witness-file';

/** A proof that was verified here, and what is kept of its batches. */
export interface CheckedProof {
  /** As `unsummedBytes` gives it: its sums are made when the snapshot is finalised. */
  readonly proof: Uint8Array;
  readonly batches: ReadonlyArray<{
    readonly batch: number;
    /** As `encodeStoredBatch` gives it. */
    readonly witness: Uint8Array;
  }>;
}

/**
 * Proves k batches and verifies the proof, so that a fault of this machine is found before anything is
 * stored.
 *
 * @param origin of the header
 * @param first index of the first batch
 * @param claimKey the operator's, where a claim tree is wanted too
 * @throws SolventError PROOF_SELF_CHECK | CLAIM_SELF_CHECK (internal), WITNESS_OUT_OF_RANGE (invalid)
 */
export function proveChecked(
  prover: BatchProver,
  origin: Origin,
  first: number,
  batches: readonly AccountBatch[],
  claimKey?: Uint8Array,
): CheckedProof {
  const proved = prover.prove(first, batches, claimKey !== undefined);
  const checks = new OpeningChecks();
  const kzg = nativeVerifier();
  const { layout, headerDigest } = prover;
  const verified = verifyBatches(proved.proof, { layout, headerDigest, kzg }, checks);
  if (!verified || !checks.holds(kzg))
    throw new SolventError(
      'PROOF_SELF_CHECK',
      'internal',
      `the proof from batch ${first} on did not verify: nothing was written`,
    );
  return {
    proof: unsummedBytes(proved.proof),
    batches: proved.batches.map((secrets, i) => {
      const batch = first + i;
      const accounts = batches[i]!;
      const claims =
        claimKey &&
        batchClaims({ key: claimKey, headerDigest, layout }, accounts, proved.unusedClaimLeaves![i]!);
      const witness = encodeStoredBatch({ ...secrets, batch, accounts, ...(claims && { claims }) }, origin);
      return { batch, witness };
    }),
  };
}

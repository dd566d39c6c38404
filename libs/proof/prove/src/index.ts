export {
  BatchProver,
  RESERVED_ROWS,
  type BatchSecrets,
  type LimbColumn,
  type LookupColumns,
  type ProvedBatches,
  type WitnessColumns,
} from './batch-prover';
export { decodeBatches, encodeBatches, maxEncodedBatches } from './batches-codec';
export { BlindingStream } from './blinding';
export { closeInThread, type BatchToClose, type ClosedInThread, type ClosingThread } from './close-in-thread';
export { OUTPUT } from './files';
export {
  InclusionPool,
  type InclusionTask,
  type VerificationAnswer,
  type VerificationTask,
} from './inclusion-pool';
export { InclusionProver, type BatchPlace } from './inclusion-prover';
export { proveInclusions, type ProveInclusionsOptions } from './inclusions';
export { WorkerLineVerifier } from './line-verifier';
export { planProofs, type ProofPlan } from './plan';
export { ProofPool, type ProofJob, type ProvedJob } from './proof-pool';
export { manifestOf, operatorKeyOf, signManifest } from './sign';
export { SnapshotCloser, type ClosedSnapshot, type TreeNode } from './snapshot-closer';
export { proveSnapshot, type ProveProgress, type ProveSnapshotOptions } from './snapshot-prover';
export { TotalsProver } from './totals-prover';
export { AMOUNT_WORDS, buildWitness, type BatchWitness, type ProofKeys } from './witness';
export { WitnessDirectory } from './witness-directory';
export { decodeStoredBatch, encodeStoredBatch, type StoredBatch } from './witness-file';

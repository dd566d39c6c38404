export {
  BatchProver,
  RESERVED_ROWS,
  type BatchSecrets,
  type LimbColumn,
  type LookupColumns,
  type ProvedBatches,
  type WitnessColumns,
} from './batch-prover';
export { BlindingStream } from './blinding';
export { OUTPUT } from './files';
export { InclusionProver, type BatchPlace } from './inclusion-prover';
export { proveInclusions, type ProveInclusionsOptions } from './inclusions';
export { WorkerLineVerifier } from './line-verifier';
export { planProofs, type ProofPlan } from './plan';
export { operatorKeyOf, signManifest } from './sign';
export { proveSnapshot, type ProveProgress, type ProveSnapshotOptions } from './snapshot-prover';
export { TotalsProver } from './totals-prover';
export { AMOUNT_WORDS, buildWitness, type BatchWitness, type ProofKeys } from './witness';
export { WitnessDirectory } from './witness-directory';
export { decodeStoredBatch, encodeStoredBatch, type StoredBatch } from './witness-file';

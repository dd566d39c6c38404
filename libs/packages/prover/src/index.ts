export type { BatchSecrets, LimbColumn, WitnessColumns } from './batch/columns';
export type { LookupColumns } from './batch/lookup';
export { BatchProver, RESERVED_LEAVES, type ProofWithSecrets } from './batch-prover';
export { decodeBatches, encodeBatches, maxEncodedBatches } from './batches-codec';
export { BlindingStream } from './blinding';
export {
  finaliseInThread,
  type BatchToFinalise,
  type FinalisedInThread,
  type FinalisingThread,
} from './finalise-in-thread';
export {
  batchClaims,
  claimMarksMissing,
  claimTreeOf,
  type BatchClaims,
  type ClaimSecrets,
} from './claims/batch-claims';
export { ClaimFileMaker } from './claims/claim-file-maker';
export { manifestClaims } from './claims/manifest-claims';
export { publishedClaimTree, refuseWithoutClaims } from './claims/claim-roots-file';
export { OUTPUT } from './files';
export { foldedColumn, inputWeights, rowFolder } from './folded-column';
export {
  InclusionPool,
  type CellsTask,
  type ClaimAnswer,
  type ClaimsTask,
  type ClaimVerificationTask,
  type InclusionTask,
  type MadeClaimFile,
  type KeptRows,
  type SealBatchTask,
  type VerificationAnswer,
  type VerificationTask,
} from './inclusion-pool';
export { InclusionProver, type BatchPlace } from './inclusion-prover';
export { allCells, batchCells, cellsOf } from './openings/batch-cells';
export { cellBlinding, subcellBlinding } from './openings/blinding';
export { CELL_QUOTIENT_BYTES, cellQuotient, cellQuotients } from './openings/cell-quotients';
export { plainOpening } from './openings/plain-opening';
export {
  batchOpenings,
  keptOpenings,
  openingsOf,
  rowOpenings,
  sharedOpenings,
  SHARED_OPENINGS_BYTES,
  type OpenedBatch,
  type OpeningTools,
  type OpenRow,
  type RowOpenings,
} from './openings/account-openings';
export { loadOpener, openingTables } from './openings/opener';
export { WorkerLineVerifier } from './line-verifier';
export { WorkerReservesJudge } from './reserves-judge';
export { planProofs, type ProofPlan } from './plan';
export { ProofPool, type ProofJob, type ProvedJob } from './proof-pool';
export { AccountKeys } from './sealed/account-keys';
export { writeBundleFiles, type BundleFilesOptions } from './sealed/bundle-files';
export { fillShard, type Filling } from './sealed/fill-shard';
export { packEntries, sealEntry } from './sealed/seal-entry';
export { sealSnapshot, type SealProgress, type SealSnapshotOptions } from './sealed/seal-snapshot';
export { ShardCounts } from './sealed/shard-counts';
export { ShardTree } from './sealed/shard-tree';
export { sealedIndexOf, signSealedIndex } from './sealed/sign-index';
export { entriesByShard, type EntriesByShardOptions, type KeptBatch } from './sealed/entries-by-shard';
export { decodePrefixes, encodePrefixes } from './sealed/prefixes';
export { Staging, STAGING } from './sealed/staging';
export { manifestOf, operatorKeyOf, signManifest, type ManifestClaims } from './sign';
export { RESERVED_ROWS } from './reserved-rows';
export { provedSums } from './proved-sums';
export {
  SnapshotFinaliser,
  type FinalisedSnapshot,
  type FixedSnapshot,
  type TreeNode,
} from './snapshot-finaliser';
export { proveSnapshot, type ProveProgress, type ProveSnapshotOptions } from './snapshot-prover';
export { sumUp, type ProvedSource, type SumUpOptions } from './sum-up';
export { summedLine, summedLineBytes } from './summed-line';
export { TotalsProver } from './totals-prover';
export {
  AMOUNT_WORDS,
  amountAt,
  buildWitness,
  publishedValues,
  type BatchWitness,
  type ProofKeys,
} from './witness';
export { linesCoding } from './user-proofs/lines-coding';
export {
  LINES_INDEX,
  linesIndexOf,
  MAX_LINES_INDEX_BYTES,
  readLinesIndex,
  type LinesIndex,
} from './user-proofs/lines-index';
export { proveInclusionLines } from './user-proofs/ndjson-file';
export { isProofFolder, isProofName, MAX_LEVELS, proofName, proofPath } from './user-proofs/names';
export {
  PACK_INDEX,
  readPackEntries,
  readPackHead,
  type PackEntry,
  type PackHead,
} from './user-proofs/pack-index';
export {
  proveInclusions,
  type InclusionsProgress,
  type ProvedInclusions,
  type ProveInclusionsOptions,
} from './user-proofs/prove-inclusions';
export type { UserDocuments } from './user-proofs/tasks';
export { WitnessDirectory } from './witness-directory';
export { decodeStoredBatch, encodeStoredBatch, type StoredBatch } from './witness-file';

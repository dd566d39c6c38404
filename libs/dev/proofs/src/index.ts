export { batchVectors } from './batch-vectors';
export { nothing, type BatchVectorInput } from './batch-vector-parts';
export { unreducedPoint } from './malformed-lines';
export { manifestVectors } from './manifest-vectors';
export { transcriptVectors, type TranscriptInput, type TranscriptStep } from './transcript-vectors';
export { loadVectors, pinnedVectors, type Vector, type VectorKind } from './vectors';
export {
  expectedOutcome,
  manifestBytes,
  outcomesOf,
  runVector,
  sealedSource,
  VECTOR_FUNCTIONS,
  type ManifestVectorInput,
  type VectorOutcome,
} from './vector-runs';
export {
  haircutHeader,
  TEST_KEYS,
  oneLimbAccounts,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  withClaimMarks,
  type TestAccount,
} from './snapshots';
export { documentOf, inclusionFile, joinLines, signAnything, SnapshotBuilder } from './snapshot-builder';
export type { Leaf, ProvedLine, SmallSnapshot, SnapshotSteps } from './small-snapshot';
export { foldedRowsOf, leavesOf, placeOf, sumRowsOf, totalsOf, treeOf } from './stored-batches';
export { endless, inPieces } from './streams';
export {
  cancellingMove,
  claimedOpenings,
  constraintsAt,
  contextOf,
  EMPTY_ROW,
  failingClaims,
  fitted,
  CheatingProver,
  Forger,
  hide,
  HONEST_ACCOUNTS,
  lyingAboutW,
  moveOpening,
  referenceFailures,
  specifiedPowers,
  summed,
  TEST_GAMMA,
  type Cheat,
  type Forgery,
  type LimbChange,
  type Powers,
} from './cheating';
export { BAD_POINTS, replaced, unhex, verifyFile } from './verify-file';
export { laxSnapshot } from './lax-snapshot';
export { POOL_FLAWS, POOLS, smuggledInto } from './pool-flaws';
export { coefficientsOf, commitTo } from './polynomials';
export { plainNobleVerifier } from './plain-noble-verifier';
export { claimVectors, type ClaimVectorInput } from './claims/claim-vectors';
export { madeClaims, makeClaims, PARTNER, type MadeClaims } from './claims/claim-proofs';
export { claimHeader, claimSnapshot, TEST_CLAIM_KEY, type ClaimSnapshot } from './claims/claim-snapshot';

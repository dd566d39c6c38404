export {
  accountId,
  accountKey,
  accountLeaf,
  claimAccess,
  claimMark,
  ID_BYTES,
  KEY_BYTES,
  MAX_IDENTIFIER_BYTES,
  SALT_BYTES,
} from './account';
export { ACCOUNT_ROWS, type AccountBatch } from './account-batch';
export { ACCOUNT_TREE_DEPTH, accountNode, AccountTree, climbAccounts, HASH_BYTES } from './account-tree';
export {
  MAX_ASSETS,
  MAX_POOLS,
  MAX_TIERS,
  MIN_POOLS,
  parseSymbol,
  type Asset,
  type Pool,
  type Tier,
} from './asset';
export { canonicalJson, parseCanonical } from './canonical';
export { AMOUNT_BOUND, PRICE_BOUND, TOTAL_BOUND, VALUE_BOUND, parseDecimal } from './decimal';
export { DocumentReader } from './document';
export { isSnapshotId, SNAPSHOT_ID, SNAPSHOT_ID_FORM } from './snapshot-id';
export { PROTOCOL, headerDigest, isUtcTime, parseHeader, type Header } from './header';
export { countedValues, hasHaircuts } from './haircut';
export { HaircutCurve } from './haircut-curve';
export { invalid, valid, type Invalid, type Valid, type Verdict } from './verdict';
export {
  checked,
  joinFindings,
  notChecked,
  type Compared,
  type Finding,
  type FindingCode,
  type Findings,
} from './findings';
export * as finding from './finding';
export { verifyManifestTrust, type ManifestTrust } from './chain';
export {
  checkInclusion,
  type AccountValue,
  type CheckedInclusion,
  type InclusionKeys,
} from './check-inclusion';
export { clockText, daysAhead, FUTURE_TOLERANCE_MS } from './taken-at';
export { ED25519_ORDER, parseOperatorKey, verifyEd25519 } from './ed25519';
export { lossesBetween, mayLieBetween, type Loss } from './losses';
export {
  manifestChallenge,
  MAX_BATCHES,
  MAX_MANIFEST_BYTES,
  manifestDigest,
  parseManifest,
  parseUnsignedManifest,
  verifyManifestSignature,
  type Manifest,
  type UnsignedManifest,
} from './manifest';
export {
  helperCount,
  maxProofLineBytes,
  parseProof,
  parseUnsummedProof,
  proofLineBytes,
  proofToJson,
  type BatchProof,
  type ProofColumns,
  type SummedProof,
} from './batch-proof';
export {
  challengesOf,
  drawZeta,
  encodeEvaluations,
  pairedWeights,
  verifyBatches,
  type ProofContext,
  type VerifiedBatch,
} from './batch-verifier';
export {
  lineContext,
  verifyGlobalProof,
  type GlobalProofOptions,
  type GlobalVerdict,
  type LineVerifier,
} from './global-proof';
export {
  inclusionToJson,
  parseInclusion,
  MAX_INCLUSION_BYTES,
  type Inclusion,
  type PathNode,
} from './inclusion';
export { verifyInclusion, type InclusionVerdict, type TrustedInclusion } from './inclusion-verifier';
export {
  GROUP_SIZE,
  layoutOf,
  LIMB_BITS,
  MAX_LIMBS,
  MAX_PUBLISHED,
  MODES,
  QUOTIENT_CHUNKS,
  sizeOf,
  TABLE_SIZE,
  type BaseValue,
  type InputAmount,
  type Layout,
  type LayoutInput,
  type LinearForm,
  type Mode,
  type PublishedValue,
  type Relation,
} from './layout';
export {
  parseAccountId,
  readAccountId,
  readAccountKey,
  readGivenHex,
  readOperatorKey,
  type GivenHex,
} from './given-hex';
export {
  documentKind,
  explainDocument,
  likelyKind,
  looseText,
  type DocumentKind,
  type LooseText,
} from './recognise';
export { unrestorable } from './restorable';
export { splitLines } from './lines';
export {
  parseProofLine,
  parseUnsummed,
  proofLine,
  unsummedBytes,
  verifyProofLine,
  type LineContext,
  type VerifiedLine,
} from './proof-line';
export {
  climb,
  encodedSum,
  leafNode,
  parentNode,
  shownNode,
  siblingRanges,
  siblingSides,
  SumTree,
  SumTreeBuilder,
  treeRoot,
  type LeafRange,
  type SumNode,
} from './sum-tree';
export {
  addSumCheck,
  addTotalsCheck,
  batchDigest,
  batchDigests,
  ColumnsDigest,
  foldValues,
  sumsChallenge,
  sumWeights,
  totalsOpeningValue,
} from './sums';
export { hasHiddenCharacters, isUnstorable } from './hidden-characters';
export { Transcript } from './transcript';
export {
  compareTags,
  decodeEntry,
  encodeEntry,
  entryBytes,
  entryKey,
  entryTag,
  hostView,
  MAX_SEALED_INDEX_BYTES,
  MAX_SHARD_BITS,
  openEntry,
  parseSealedIndex,
  placeInTree,
  plainBytes,
  readSealedBundle,
  SEALED,
  sealedIndexDigest,
  shardBits,
  shardBytes,
  shardEntries,
  shardFile,
  shardLeaf,
  shardNumber,
  shardPrefix,
  shardShapes,
  TAG_BYTES,
  treeFileBytes,
  treeFileRanges,
  verifySealedFiles,
  verifySealedIndex,
  type SealedAccount,
  type SealedFiles,
  type SealedIndex,
  type SealedSource,
  type SealedVerdict,
  type ShardShape,
  type TrustedSealed,
  type UnsignedSealedIndex,
} from './sealed';

export { ACCOUNT_ROWS, type AccountBatch } from './account-batch';
export { canonicalJson, parseCanonical } from './canonical';
export { AMOUNT_BOUND, PRICE_BOUND, TOTAL_BOUND, VALUE_BOUND, parseDecimal } from './decimal';
export { DocumentReader } from './document';
export {
  MAX_ASSETS,
  MODES,
  PROTOCOL,
  headerDigest,
  parseHeader,
  type Asset,
  type Header,
  type Mode,
} from './header';
export { invalid, valid, type Invalid, type Valid, type Verdict } from './verdict';
export { verifyManifestTrust, type ManifestTrust } from './chain';
export { clockText, daysAhead, futureNote, FUTURE_TOLERANCE_MS } from './taken-at';
export { ED25519_ORDER, parseOperatorKey, verifyEd25519 } from './ed25519';
export {
  MAX_BATCHES,
  MAX_MANIFEST_BYTES,
  manifestDigest,
  parseManifest,
  parseUnsignedManifest,
  verifyManifestSignature,
  type Manifest,
  type UnsignedManifest,
} from './manifest';
export { accountTag, ID_BYTES, SALT_BYTES, TAG_BYTES } from './account';
export {
  helperCount,
  maxProofLineBytes,
  parseProof,
  proofLineBytes,
  proofToJson,
  type BatchProof,
  type ProofColumns,
} from './batch-proof';
export {
  baseValueWeights,
  challengesOf,
  drawZeta,
  encodeEvaluations,
  publishedSums,
  verifyBatches,
  type BatchSums,
  type ProofContext,
} from './batch-verifier';
export {
  verifyGlobalProof,
  type GlobalProofOptions,
  type GlobalVerdict,
  type LineVerifier,
} from './global-proof';
export {
  inclusionChallenge,
  inclusionToJson,
  parseInclusion,
  verifyInclusion,
  MAX_INCLUSION_BYTES,
  type Inclusion,
  type InclusionVerdict,
  type PathNode,
  type TrustedInclusion,
} from './inclusion';
export {
  GROUP_SIZE,
  layoutOf,
  LIMB_BITS,
  QUOTIENT_CHUNKS,
  TABLE_SIZE,
  type BaseValue,
  type Layout,
  type LinearForm,
  type PublishedValue,
} from './layout';
export { parseAccountId, readAccountId, readGivenHex, readOperatorKey, type GivenHex } from './given-hex';
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
export { parseProofLine, proofLine, verifyProofLine, type VerifiedLine } from './proof-line';
export {
  climb,
  encodedSums,
  leafNode,
  parentNode,
  siblingRanges,
  siblingSides,
  SumTree,
  SumTreeBuilder,
  treeRoot,
  type LeafRange,
  type SumNode,
} from './sum-tree';
export { addTotalsCheck, totalsChallenge, totalsOpeningValue } from './totals';
export { Transcript } from './transcript';

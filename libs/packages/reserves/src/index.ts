export { verifyOwnership, type OwnershipVerdict } from './verify-ownership';
export type { Question } from './schemes/evidence';
export { parseReserves, parseUnsignedReserves, reservesDigest } from './documents/parse-reserves';
export { MAX_RESERVE_LINE_BYTES, parseLine, type Line } from './documents/line';
export { signedText, standingText, statement } from './documents/texts';
export {
  ADDRESSES_FILE,
  MAX_RESERVES_BYTES,
  RESERVES_FILE,
  RESERVES_PROTOCOL,
  type Attested,
  type Class,
  type Holding,
  type NetworkBlock,
  type ReserveAsset,
  type Reserves,
  type UnsignedReserves,
} from './documents/reserves';
export { rlpList, rlpNumber, rlpString } from './proofs/write-rlp';
export { networkOf, readAddress } from './addresses/networks';
export type { Account, Network } from './addresses/network';
export { readKnownCoins, readKnownContracts, type KnownCoins } from './known/read-known';
export type { KnownCoin } from './known/known-coin';
export type { ContractKind } from './known/contracts';
export type { BlockHashes, CheckedBlock, ConfirmingNodes } from './verify/blocks';
export {
  CONTROLS,
  levelOf,
  REASONS,
  type Control,
  type Level,
  type LineFacts,
  type Reason,
} from './verify/levels';
export { fetchedBalance, type FetchedProof } from './verify/fetched';
export { LineJudge, withAnswer, type JudgedLine, type NodeAnswer } from './verify/line-judge';
export { readManifest, type LiabilitiesManifest, type ReadManifest } from './verify/manifest';
export { parsePricesFile, type Prices } from './verify/prices';
export type { RefusedReserves, ReservesReport, ReservesVerdict } from './verify/report';
export { atLine, ReservesVerifier, type ReservesOptions } from './verify/reserves-verifier';
export {
  compareWithLiabilities,
  SOLVENCY,
  type AssetSolvency,
  type Ratio,
  type ReservesSums,
  type Solvency,
  type SolvencyVerdict,
} from './verify/solvency';
export type { AssetSums } from './verify/tally';
export { verifyReserves, type ReservesProgress, type StreamOptions } from './verify/verify-reserves';
export {
  judgeBatch,
  lineJudge,
  type BatchJudge,
  type JudgeData,
  type JudgedBatch,
} from './verify/judged-batch';
export { parsePlainJson } from './documents/plain-json';
export {
  MAX_EVIDENCE_BYTES,
  verifyBalance,
  verifyEvidence,
  type BalanceVerdict,
  type ComparisonVerdict,
  type EvidenceOptions,
} from './verify-evidence';
export { importBitmex } from './importers/bitmex';
export { OkxImporter } from './importers/okx';
export type { ImportedLine, ImportedRow, RowImporter } from './importers/imported';
export { buildReserves, type DraftedLine, type ReservesDraft } from './build/build-reserves';
export {
  AUDIT_CHECKS,
  AUDIT_REPORT_FORM,
  auditReport,
  barParts,
  NOT_SHOWN,
  refusedAuditReport,
  withLiabilitiesProved,
  type AuditCheck,
  type AuditGiven,
  type AuditReport,
  type BarParts,
  type NotShown,
  type RefusedAuditReport,
  type ReportAsset,
  type ReportBlock,
  type ReportMaking,
} from './report/audit-report';
export { auditReportHtml } from './report/report-html';
export { REASON_WORDS, verdictWords } from './report/words';

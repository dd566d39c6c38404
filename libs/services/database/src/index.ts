export { openDatabase, withClient, type Database } from './database';
export { isTransient } from './transient';
export { migrate, migrationCheck, pendingMigrations } from './migrations';
export { addressAs, DATABASE_ROLES, makeRoles, restrictDatabase, roleOf, type DatabaseRole } from './roles';
export type { DatabaseService } from './grants';
export { withLock } from './advisory-lock';
export { WitnessKeyring, sealContext } from './witness-keyring';
export { RequestKey, type IngestPlan } from './request-key';
export { checkJobSeal, sealJobMessage } from './job-seal';
export { lookupKey } from './lookup-key';
export type { Snapshot as SnapshotRecord, AuditEvent as AuditRecord } from './generated/prisma/client';
export { ApiRole, ReservesState, SealingState, SnapshotState } from './generated/prisma/enums';
export { SnapshotRepository, type SnapshotFailure, type SnapshotProgress } from './snapshot-repository';
export type { SnapshotRequest } from './snapshot-request';
export type { Publication, StoredTreeNode } from './snapshot-publication';
export type { ProvedBatch, ProvedBatches, StoreOutcome } from './proof-store';
export { ProofStore } from './stored-proofs';
export { ProofReads, type TreeLeaf } from './proof-reads';
export {
  alteredFile,
  PublishedDigests,
  sealDigests,
  type FileDigests,
  type SealedDigests,
} from './published-digests';
export { ReservesMarks } from './reserves-marks';
export { ReservesParts, type StoredPart } from './reserves-parts';
export { lineCursor, ReservesReads, type PublishedReserves, type ReservesSeen } from './reserves-reads';
export {
  reserveLineHash,
  type JudgedPart,
  type ReserveLine,
  type ReservePart,
  type ReservesFailure,
  type ReservesPlan,
  type ReservesRecord,
} from './reserves-records';
export { ReservesRepository, type ReservesPublication } from './reserves-repository';
export type { ReservesRequest } from './reserves-request';
export { sealReserves, type ReservesDigests } from './reserves-seal';
export { SnapshotReads, type StoredManifest } from './snapshot-reads';
export { askableId } from './snapshot-id';
export { BundleReads, type BundleContent, type BundleFile, type BundleFileName } from './bundle-reads';
export { VerificationTable, type VerdictRecord, type VerificationRecord } from './verification-table';
export { SealedBundles, type FinishedBundle, type SealedBundleProgress } from './sealed-bundles';
export { SealingStore, type BatchToSeal } from './sealing-store';
export {
  isDamaged,
  LookupRepository,
  type Damaged,
  type InclusionToKeep,
  type Kept,
  type Looked,
} from './lookup-repository';
export { isApiKeyId } from '@solvent-por/services/contracts';
export { ApiKeyRepository, type ApiKeyRecord } from './api-keys';
export { SourceListings, type OfferedSource, type SourceListing } from './source-listings';
export {
  ClaimRecords,
  type AnsweredClaim,
  type Challenge,
  type ChallengeRefusal,
  type TakenClaim,
} from './claim-records';
export { ClaimProving, type ClaimAsker, type ClaimToProve, type ProvedClaim } from './claim-proving';
export { RequestCounts, type RequestCount } from './request-counts';
export { AuditLog } from './audit-log';
export { verifyAudit, type AuditVerdict } from './audit-chain';
export { AuditTrail, type AuditEntry } from './audit-trail';
export { dropPrivateData } from './retention';
export { rotateWitnessKeys, sealedUnderOlderKeys, type RotationProgress } from './key-rotation';

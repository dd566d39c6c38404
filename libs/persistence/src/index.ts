export { openDatabase, type Database } from './database';
export { isTransient } from './transient';
export { migrate, migrationCheck, pendingMigrations } from './migrations';
export { withLock } from './advisory-lock';
export { WitnessKeyring, sealContext } from './witness-keyring';
export { lookupKey } from './lookup-key';
export type { Snapshot as SnapshotRecord, AuditEvent as AuditRecord } from './generated/prisma/client';
export { ApiRole, SealingState, SnapshotState } from './generated/prisma/enums';
export {
  SnapshotRepository,
  type IngestPlan,
  type SnapshotFailure,
  type SnapshotProgress,
} from './snapshot-repository';
export type { SnapshotRequest } from './snapshot-request';
export type { Publication, StoredTreeNode } from './snapshot-publication';
export type { ProvedBatch, ProvedBatches, StoreOutcome } from './proof-store';
export { ProofStore } from './stored-proofs';
export { lineLengths, publishedLines } from './published-lines';
export { SealedBundles, type FinishedBundle, type SealedBundleProgress } from './sealed-bundles';
export { SealingStore, type BatchToSeal } from './sealing-store';
export { LookupRepository, type InclusionToKeep, type Looked } from './lookup-repository';
export { ApiKeyRepository, type ApiKeyRecord } from './api-keys';
export { AuditLog } from './audit-log';
export { AuditTrail, type AuditEntry } from './audit-trail';
export { dropPrivateData } from './retention';
export { rotateWitnessKeys, type RotationProgress } from './key-rotation';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/embedded-postgres';

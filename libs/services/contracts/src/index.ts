export { apiKeyText, isApiKeyId, LIKE_AN_API_KEY, parseApiKey, type ApiKeyParts } from '@solvent-por/client';
export { WITNESS_KEY, WITNESS_KEY_ID } from './witness-key';
export { DATABASE_TLS, unverifiedDatabase } from './database-url';
export { MAX_SOURCE_PATH, sourcePathParts } from './source-path';
export { MAX_MESSAGE_BYTES, type EventContract, type TopicSettings } from './contract';
export {
  bundleRequested,
  proofStored,
  snapshotIngested,
  snapshotPublished,
  snapshotRequested,
  type ProofStored,
  type SnapshotIngested,
  type SnapshotPublished,
  type SnapshotRun,
} from './snapshot-events';
export {
  MAX_RESERVE_PARTS,
  reservesPublished,
  reservesRead,
  reservesRequested,
  type ReservesPublished,
  type ReservesRead,
} from './reserves-events';
export { claimRequested, type ClaimRequested } from './claim-events';
export { proofRequested, type ProofRequested } from './proof-requested';
export { deadLetter, type DeadLetter } from './dead-letter';
export { TOPICS } from './topics';
export { BUS_ACCESS, BUS_SERVICES, busUser, type BusAccess, type BusService } from './bus-access';

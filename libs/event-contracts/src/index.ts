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
export { proofRequested, type ProofRequested } from './proof-requested';
export { deadLetter, type DeadLetter } from './dead-letter';
export { TOPICS } from './topics';

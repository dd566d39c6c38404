import type { TopicSettings } from './contract';
import { deadLetter } from './dead-letter';
import { proofRequested } from './proof-requested';
import {
  bundleRequested,
  proofStored,
  snapshotIngested,
  snapshotPublished,
  snapshotRequested,
} from './snapshot-events';

/** Every topic there is, for provisioning. */
export const TOPICS: ReadonlyArray<{ readonly topic: string; readonly settings: TopicSettings }> = [
  snapshotRequested,
  proofRequested,
  snapshotIngested,
  proofStored,
  snapshotPublished,
  bundleRequested,
  deadLetter,
].map(({ topic, settings }) => ({ topic, settings }));

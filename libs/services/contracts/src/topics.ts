import { claimRequested } from './claim-events';
import type { TopicSettings } from './contract';
import { deadLetter } from './dead-letter';
import { proofRequested } from './proof-requested';
import { reservesPublished, reservesRead, reservesRequested } from './reserves-events';
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
  reservesRequested,
  reservesRead,
  reservesPublished,
  claimRequested,
  deadLetter,
].map(({ topic, settings }) => ({ topic, settings }));

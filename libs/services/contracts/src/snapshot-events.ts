import { SNAPSHOT_ID } from '@solvent-por/verifier';
import { z } from 'zod';
import { jsonContract } from './contract';

const DAY_HOURS = 24;

/**
 * A run of a snapshot. A snapshot that failed may be requested again: that is its next attempt, and messages
 * of earlier ones are stale.
 */
export const snapshotRun = z.strictObject({
  snapshotId: z.string().regex(SNAPSHOT_ID),
  attempt: z.int().min(1).max(1_000_000),
});
export type SnapshotRun = z.output<typeof snapshotRun>;

const settings = { partitions: 3, retentionHours: 30 * DAY_HOURS };
const bySnapshot = ({ snapshotId }: SnapshotRun) => snapshotId;

/** An operator wants a snapshot; what of, stands in the database. */
export const snapshotRequested = jsonContract(
  'solvent.snapshots.requested.v1',
  snapshotRun,
  settings,
  bySnapshot,
);

/** Every job of a snapshot is published. */
export const snapshotIngested = jsonContract(
  'solvent.snapshots.ingested.v1',
  snapshotRun.extend({ batches: z.int().min(1).max(65_536), jobs: z.int().min(1).max(65_536) }),
  settings,
  bySnapshot,
);
export type SnapshotIngested = ReturnType<(typeof snapshotIngested)['decode']>;

/** One proof and its batches are stored. */
export const proofStored = jsonContract(
  'solvent.proofs.stored.v1',
  snapshotRun.extend({ first: z.int().min(0).max(65_535), batches: z.int().min(1).max(192) }),
  settings,
  bySnapshot,
);
export type ProofStored = ReturnType<(typeof proofStored)['decode']>;

/** A snapshot's manifest is signed and can be looked at. */
export const snapshotPublished = jsonContract(
  'solvent.snapshots.published.v1',
  snapshotRun.extend({ manifestDigest: z.string().regex(/^0x[0-9a-f]{64}$/) }),
  settings,
  bySnapshot,
);
export type SnapshotPublished = ReturnType<(typeof snapshotPublished)['decode']>;

/** An operator wants the sealed bundle of a published snapshot. */
export const bundleRequested = jsonContract(
  'solvent.bundles.requested.v1',
  snapshotRun,
  settings,
  bySnapshot,
);

import { z } from 'zod';
import { jsonContract } from './contract';
import { snapshotRun } from './snapshot-events';

const DAY_HOURS = 24;

/** A publication of reserves may have as many parts. */
export const MAX_RESERVE_PARTS = 65_536;

/**
 * An operator wants reserves published beside a snapshot; where they lie, stands in the database. The attempt
 * is that of the reserves, not the snapshot's.
 */
export const reservesRequested = jsonContract(
  'solvent.reserves.requested.v1',
  snapshotRun,
  { partitions: 3, retentionHours: 30 * DAY_HOURS },
  ({ snapshotId }) => snapshotId,
);

/** A part of the lines is stored: it is to be judged, or, after the last one, all of them added up. */
export const reservesRead = jsonContract(
  'solvent.reserves.read.v1',
  snapshotRun.extend({
    part: z
      .int()
      .min(0)
      .max(MAX_RESERVE_PARTS - 1),
  }),
  // Parts that are judged at the same time need a partition each.
  { partitions: 12, retentionHours: 7 * DAY_HOURS },
  ({ snapshotId, part }) => `${snapshotId}:${part}`,
);
export type ReservesRead = ReturnType<(typeof reservesRead)['decode']>;

/** Reserves can be looked at. */
export const reservesPublished = jsonContract(
  'solvent.reserves.published.v1',
  snapshotRun.extend({ digest: z.string().regex(/^0x[0-9a-f]{64}$/) }),
  { partitions: 3, retentionHours: 30 * DAY_HOURS },
  ({ snapshotId }) => snapshotId,
);
export type ReservesPublished = ReturnType<(typeof reservesPublished)['decode']>;

import { z } from 'zod';
import { jsonContract } from './contract';

/**
 * What could not be handled, and why. The value itself is not repeated: it may hold balances; topic,
 * partition and offset say where it stands.
 */
export const deadLetter = jsonContract(
  'solvent.dead-letters.v1',
  z.strictObject({
    topic: z.string().min(1).max(249),
    partition: z.int().min(0),
    offset: z.string().regex(/^[0-9]{1,19}$/),
    group: z.string().min(1).max(255),
    key: z.string().max(255),
    code: z.string().min(1).max(64),
    reason: z.string().max(2_000),
    valueBytes: z.int().min(0),
    valueDigest: z.string().regex(/^[0-9a-f]{64}$/),
    attempts: z.int().min(1),
    at: z.iso.datetime(),
  }),
  { partitions: 1, retentionHours: 90 * 24 },
  ({ topic }) => topic,
);
export type DeadLetter = ReturnType<(typeof deadLetter)['decode']>;

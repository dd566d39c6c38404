import { z } from 'zod';
import { jsonContract } from './contract';

/**
 * A client that cannot prove wants a private claim; what, stands in the database, sealed. The id says nothing to
 * whoever has no witness key, and a message with another one does nothing.
 */
export const claimRequested = jsonContract(
  'solvent.claims.requested.v1',
  z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) }),
  // Claims that are made at the same time need a partition each. Nobody waits for longer than minutes.
  { partitions: 12, retentionHours: 1 },
  ({ id }) => id,
);
export type ClaimRequested = ReturnType<(typeof claimRequested)['decode']>;

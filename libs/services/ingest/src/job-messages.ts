import { createHash } from 'node:crypto';
import { MAX_MESSAGE_BYTES, type ProofRequested, type SnapshotRun } from '@solvent-por/services/contracts';
import { sealContext, sealJobMessage, type WitnessKeyring } from '@solvent-por/services/database';
import type { CompressedJob } from './reading/balance-source';

/** Of a message's bytes, what the job's header, key, trace and the broker's own framing may take. */
const AROUND_PAYLOAD_BYTES = 64 * 1024;
export const MAX_PAYLOAD_BYTES = MAX_MESSAGE_BYTES - AROUND_PAYLOAD_BYTES;

/**
 * A job as it goes to the provers: sealed for this run and place, and in parts where one message would be too
 * long (layouts of today stay below 9 MiB: k times the columns is bounded). Each part carries the digest of
 * the whole, so that parts of two deliveries (each is sealed under its own nonce) are never joined, and a seal
 * over everything in it.
 */
export function jobMessages(
  { snapshotId, attempt }: SnapshotRun,
  { first, batches, payload }: CompressedJob,
  keyring: Pick<WitnessKeyring, 'seal'>,
  maxPayload = MAX_PAYLOAD_BYTES,
): ProofRequested[] {
  const { keyId, sealed } = keyring.seal(payload, sealContext.job(snapshotId, attempt, first));
  const payloadDigest = createHash('sha256').update(sealed).digest('hex');
  const parts = Math.ceil(sealed.length / maxPayload);
  return Array.from({ length: parts }, (_, part) =>
    sealJobMessage(keyring, {
      ...{ snapshotId, attempt, first, batches, keyId, payloadDigest, part, parts },
      payload: sealed.subarray(part * maxPayload, (part + 1) * maxPayload),
    }),
  );
}

import { createHash } from 'node:crypto';
import type { ProofRequested } from '@solvent-por/services/contracts';
import type { WitnessKeyring } from './witness-keyring';

type Unsealed = Omit<ProofRequested, 'seal'>;

const NOTHING = new Uint8Array(0);

/**
 * A message of a job with its seal: nothing at all, sealed under the witness key with every field of the
 * message and the digest of its payload as additional data. Whoever can write to the topic but has no witness
 * key can make none, nor change one.
 */
export function sealJobMessage(keyring: Pick<WitnessKeyring, 'seal'>, message: Unsealed): ProofRequested {
  const { sealed } = keyring.seal(NOTHING, contextOf(message));
  return { ...message, seal: Buffer.from(sealed).toString('base64url') };
}

/** @throws SolventError WITNESS_KEY_UNKNOWN (usage), WITNESS_SEAL_BROKEN (invalid): it is not ours */
export function checkJobSeal(keyring: Pick<WitnessKeyring, 'open'>, message: ProofRequested): void {
  keyring.open(Buffer.from(message.seal, 'base64url'), message.keyId, contextOf(message));
}

/** No field of a message can hold a colon. */
function contextOf(message: Unsealed): string {
  const { snapshotId, attempt, first, batches, keyId, payloadDigest, part, parts, payload } = message;
  const digest = createHash('sha256').update(payload).digest('hex');
  const fields = [snapshotId, attempt, first, batches, keyId, payloadDigest, part, parts, digest];
  return `job-message:${fields.join(':')}`;
}

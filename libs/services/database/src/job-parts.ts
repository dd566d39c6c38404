import { createHash } from 'node:crypto';
import { SolventError } from '@solvent-por/kzg';
import type { ProofRequested } from '@solvent-por/services/contracts';
import type { Database } from './database';
import { HOLD_RUN } from './hold-run';

/**
 * Keeps a part of a job that one message could not hold; the same part again does nothing.
 *
 * @returns false when the run is over: the part is then of no use
 */
export async function addJobPart(db: Database, message: ProofRequested): Promise<boolean> {
  const { snapshotId, attempt, first, payloadDigest, part, payload } = message;
  const { rows } = await db.pool.query<{ current: boolean }>(
    `WITH run AS (
       ${HOLD_RUN}
     ), added AS (
       INSERT INTO job_part (snapshot_id, first, payload_digest, part, payload) SELECT id, $3, $4, $5, $6 FROM run
       ON CONFLICT DO NOTHING
     )
     SELECT EXISTS (SELECT FROM run) AS current`,
    [snapshotId, attempt, first, Buffer.from(payloadDigest, 'hex'), part, payload],
  );
  return rows[0]!.current;
}

/**
 * The whole payload, once every part is there. It stays until it is dropped: who takes it may be killed
 * before the proof is stored.
 *
 * @returns undefined while parts are missing
 * @throws SolventError JOB_PAYLOAD_DAMAGED (malformed): the parts do not give the digest the message names
 */
export async function takeWholePayload(
  db: Database,
  message: ProofRequested,
): Promise<Uint8Array | undefined> {
  const payload = message.parts === 1 ? message.payload : await joinParts(db, message);
  if (payload === undefined) return undefined;
  if (createHash('sha256').update(payload).digest('hex') !== message.payloadDigest)
    throw new SolventError(
      'JOB_PAYLOAD_DAMAGED',
      'malformed',
      `the payload of the job ${message.snapshotId}:${message.first} does not have the digest it should`,
      { snapshot: message.snapshotId, first: message.first },
    );
  return payload;
}

async function joinParts(db: Database, message: ProofRequested): Promise<Uint8Array | undefined> {
  const { rows } = await db.pool.query<{ payload: Buffer }>(
    `SELECT payload FROM job_part WHERE snapshot_id = $1 AND first = $2 AND payload_digest = $3 AND part < $4 ORDER BY part`,
    [message.snapshotId, message.first, Buffer.from(message.payloadDigest, 'hex'), message.parts],
  );
  return rows.length === message.parts ? Buffer.concat(rows.map(({ payload }) => payload)) : undefined;
}

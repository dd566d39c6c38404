import { SolventError } from '@solvent-por/kzg';
import { headerDigest, type Header } from '@solvent-por/verifier';
import type { SnapshotConfig } from '@solvent-por/snapshot';
import type { ClientBase } from 'pg';
import { lockInTransaction, snapshotLock } from './advisory-lock';
import { inTransaction, type Database } from './database';
import type { SnapshotState } from './generated/prisma/enums';
import type { RequestKey } from './request-key';

export interface SnapshotRequest {
  /** As it was asked for, without any secret: kept as JSON. */
  readonly config: SnapshotConfig;
  readonly header: Header;
  /** A path below ingest's source folder. */
  readonly source: string;
  /** API key id, or null from the command line. */
  readonly requestedBy: string | null;
}

/**
 * Stores a request. The same one again does nothing, but begins the next attempt when the last one failed;
 * two at once are one after the other.
 *
 * @param key says to ingest, provers and signer that this was asked for here
 * @returns whether there is now something to do
 * @throws SolventError SNAPSHOT_EXISTS (usage), CHAIN_TIME (invalid)
 */
export async function requestSnapshot(
  db: Database,
  request: SnapshotRequest,
  key: RequestKey,
): Promise<boolean> {
  const { header, source } = request;
  const id = header.snapshot;
  return inTransaction(db.pool, async (client) => {
    await lockInTransaction(client, snapshotLock(id));
    const existing = await readExisting(client, request);
    if (existing && !existing.same)
      throw new SolventError(
        'SNAPSHOT_EXISTS',
        'usage',
        `the snapshot ${id} exists with another configuration or source: take another id`,
        { snapshot: id },
      );
    if (existing && existing.state !== 'FAILED') return false;
    await refuseEarlier(client, header);
    const attempt = (existing?.attempt ?? 0) + 1;
    const mac = key.requestMac({ snapshotId: id, attempt, ...request });
    if (existing) await beginNextAttempt(client, request, mac);
    else
      await client.query(
        `INSERT INTO snapshot (id, config, header, header_digest, taken_at, source, requested_by, request_mac)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          ...[id, JSON.stringify(request.config), JSON.stringify(header), headerDigest(header)],
          ...[header.takenAt, source, request.requestedBy, mac],
        ],
      );
    // Whatever an earlier attempt made goes, and its accounts get a partition: with the owner's rights.
    await client.query('SELECT prepare_attempt($1)', [id]);
    return true;
  });
}

interface Existing {
  readonly state: SnapshotState;
  readonly attempt: number;
  readonly same: boolean;
}

/** FOR UPDATE waits for whoever is storing under the attempt before. */
async function readExisting(
  client: ClientBase,
  { config, header, source }: SnapshotRequest,
): Promise<Existing | undefined> {
  const { rows } = await client.query<Existing>(
    `SELECT state, attempt, config = $2::jsonb AND header_digest = $3 AND source = $4 AS same
     FROM snapshot WHERE id = $1 FOR UPDATE`,
    [header.snapshot, JSON.stringify(config), headerDigest(header), source],
  );
  return rows[0];
}

async function beginNextAttempt(
  client: ClientBase,
  { header, requestedBy }: SnapshotRequest,
  mac: Uint8Array,
): Promise<void> {
  await client.query(
    `UPDATE snapshot SET attempt = attempt + 1, state = 'REQUESTED', failure = NULL, source_digest = NULL, accounts = NULL,
       batches_per_proof = NULL, batch_count = NULL, requested_by = $2, request_mac = $3, plan_mac = NULL, requested_at = now(), ingesting_at = NULL, proving_at = NULL,
       failed_at = NULL, private_data_dropped_at = NULL
     WHERE id = $1`,
    [header.snapshot, requestedBy, mac],
  );
}

/**
 * A chain goes forward in time: better said now than after hours of proving. Publishing checks again. Another
 * key's chain has a time of its own: a manifest of 2062 ends its key's, not the next one's.
 */
export async function refuseEarlier(client: ClientBase, header: Header): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM snapshot WHERE state = 'PUBLISHED' AND taken_at >= $1 AND header ->> 'operator' = $2
     ORDER BY taken_at DESC LIMIT 1`,
    [header.takenAt, header.operator],
  );
  const [later] = rows;
  if (later)
    throw new SolventError(
      'CHAIN_TIME',
      'invalid',
      `the snapshot ${header.snapshot} of ${header.takenAt} is not later than the published ${later.id}: a chain goes forward in time. Give a later takenAt; one that was published with a wrong time is left behind by the chain of a new key`,
      { snapshot: header.snapshot, published: later.id },
    );
}

import { SolventError } from '@solvent-por/kzg';
import { lockInTransaction } from './advisory-lock';
import { inTransaction, type Database } from './database';
import type { ReservesState } from './generated/prisma/enums';
import type { ReservesMarks } from './reserves-marks';
import { askableId } from './snapshot-id';

export interface ReservesRequest {
  readonly snapshotId: string;
  /** A folder below ingest's source folder. */
  readonly source: string;
  /** API key id. */
  readonly requestedBy: string | null;
}

interface Existing {
  readonly state: ReservesState;
  readonly attempt: number;
  readonly source: string;
}

/**
 * Stores a request of reserves. The same one again does nothing; after a failure it begins the next attempt,
 * which may lie elsewhere. The snapshot may yet have to be published.
 *
 * @param marks says to ingest and provers that this was asked for here
 * @returns whether there is now something to do, and the attempt
 * @throws SolventError SNAPSHOT_NOT_FOUND, SNAPSHOT_FAILED, RESERVES_PUBLISHED, RESERVES_EXISTS (usage)
 */
export async function requestReserves(
  db: Database,
  { snapshotId, source, requestedBy }: ReservesRequest,
  marks: ReservesMarks,
): Promise<{ readonly created: boolean; readonly attempt: number }> {
  return inTransaction(db.pool, async (client) => {
    const id = askableId(snapshotId);
    await lockInTransaction(client, `reserves ${id}`);
    const { rows: snapshots } = await client.query<{ state: string }>(
      'SELECT state FROM snapshot WHERE id = $1',
      [id],
    );
    if (!snapshots[0])
      throw new SolventError(
        'SNAPSHOT_NOT_FOUND',
        'usage',
        'there is no snapshot of this name: request the snapshot first, its reserves belong to it',
      );
    const { rows } = await client.query<Existing>(
      'SELECT state, attempt, source FROM reserves WHERE snapshot_id = $1 FOR UPDATE',
      [id],
    );
    const [existing] = rows;
    if (existing?.state === 'PUBLISHED')
      throw new SolventError(
        'RESERVES_PUBLISHED',
        'usage',
        `the reserves of ${id} are published, and stay: publish others with the next snapshot`,
      );
    if (existing && existing.state !== 'FAILED') {
      if (existing.source === source) return { created: false, attempt: existing.attempt };
      throw new SolventError(
        'RESERVES_EXISTS',
        'usage',
        `other reserves of ${id} are under way, from ${existing.source}: wait until they are published or have failed`,
      );
    }
    if (snapshots[0].state === 'FAILED')
      throw new SolventError(
        'SNAPSHOT_FAILED',
        'usage',
        `the snapshot ${id} has failed: request it again first, then its reserves`,
      );
    const attempt = (existing?.attempt ?? 0) + 1;
    const mac = marks.request({ snapshotId: id, attempt, source, requestedBy });
    if (existing)
      await client.query(
        `UPDATE reserves SET attempt = $2, state = 'REQUESTED', source = $3, requested_by = $4, request_mac = $5, requested_at = now(),
           failure = NULL, document = NULL, lines = NULL, bytes = NULL, parts = NULL, part_digests = NULL, nodes = NULL, known = NULL, plan_mac = NULL,
           nodes_mac = NULL, reading_at = NULL, judging_at = NULL, failed_at = NULL
         WHERE snapshot_id = $1`,
        [id, attempt, source, requestedBy, mac],
      );
    else
      await client.query(
        'INSERT INTO reserves (snapshot_id, source, requested_by, request_mac) VALUES ($1, $2, $3, $4)',
        [id, source, requestedBy, mac],
      );
    // Whatever an earlier attempt made goes: with the owner's rights.
    await client.query('SELECT prepare_reserves($1)', [id]);
    return { created: true, attempt };
  });
}

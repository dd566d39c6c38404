import type { Database } from '../src';

const PHASES = `SELECT
  extract(epoch FROM ingesting_at - requested_at)::real AS ingesting,
  extract(epoch FROM proving_at - requested_at)::real AS "all jobs published",
  (SELECT string_agg(extract(epoch FROM stored_at - requested_at)::numeric(8, 2)::text, ' ' ORDER BY stored_at) FROM proof WHERE snapshot_id = s.id) AS "proofs stored",
  (SELECT string_agg(seconds::numeric(8, 2)::text, ' ' ORDER BY stored_at) FROM proof WHERE snapshot_id = s.id) AS "seconds of proving",
  extract(epoch FROM published_at - requested_at)::real AS published
  FROM snapshot s WHERE id = $1`;

/** Seconds after the request at which each phase of a snapshot was reached, by their names. */
export async function phasesOf(
  db: Database,
  snapshotId: string,
): Promise<Record<string, string> | undefined> {
  const { rows } = await db.pool.query<Record<string, string>>(PHASES, [snapshotId]);
  return rows[0];
}

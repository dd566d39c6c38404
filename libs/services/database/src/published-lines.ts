import { summedLine, summedLineBytes } from '@solvent-por/prover';
import { slices } from './bytes';
import type { Database } from './database';

const POINT_BYTES = 48;

/** Of each proof of a published snapshot in order, its first batch and the length of its line of global-proof.ndjson, without LF: what the place of any byte follows from. */
export async function lineLengths(
  db: Database,
  snapshotId: string,
): Promise<{ readonly first: number; readonly bytes: number }[]> {
  const { rows } = await db.pool.query<{ first: number; batches: number; bytes: number }>(
    'SELECT first, batches, proof_bytes AS bytes FROM proof WHERE snapshot_id = $1 ORDER BY first',
    [snapshotId],
  );
  return rows.map(({ first, batches, bytes }) => ({ first, bytes: summedLineBytes(bytes, batches) }));
}

/**
 * Lines of global-proof.ndjson of a published snapshot, without LF: the stored proofs with their batches' sums from the tree. Before it is published there are no sums, and
 * none of these lines either.
 *
 * @param first so many lines, or fewer at the end, from the proof of this batch on
 */
export async function publishedLines(
  db: Database,
  snapshotId: string,
  first: number,
  count: number,
): Promise<{ readonly first: number; readonly line: Uint8Array }[]> {
  const { rows } = await db.pool.query<{ first: number; proof: Buffer; sums: Buffer }>(
    `SELECT p.first, p.proof, n.sums FROM proof p
     CROSS JOIN LATERAL (
       SELECT string_agg(t.sum, ''::bytea ORDER BY t.start) AS sums FROM tree_node t
       WHERE t.snapshot_id = p.snapshot_id AND t.start >= p.first AND t.start < p.first + p.batches AND t.size = 1) n
     WHERE p.snapshot_id = $1 AND p.first >= $2 AND octet_length(n.sums) = ${POINT_BYTES} * p.batches ORDER BY p.first LIMIT $3`,
    [snapshotId, first, count],
  );
  return rows.map(({ first: at, proof, sums }) => ({
    first: at,
    line: summedLine(proof, slices(sums, POINT_BYTES)),
  }));
}

import { SolventError } from '@solvent-por/kzg';
import { lockInTransaction, snapshotLock } from './advisory-lock';
import { inTransaction, type Database } from './database';
import { removePartition, truncatePartition } from './partition';

/** The bundle before its parts: whoever makes it adds to them only while it is there. */
const DROPPED = [
  ...['batch_cells', 'batch_prefixes', 'inclusion_document', 'job_part'],
  ...['sealed_bundle', 'sealed_entries', 'sealed_shard'],
  ...['claim_roots', 'claim_proving'],
];

/**
 * Drops what a finished snapshot holds about single accounts: where they stand, the witness with its claim keys, kept cells and
 * inclusion proofs, and its sealed bundle, finished or not. What is published of the whole (manifest, proofs,
 * tree) stays, so the global proof can be verified for ever; inclusion proofs and bundles that others took
 * home stay valid.
 *
 * One transaction: all of it is gone or none. Then the empty partition is removed; when that is interrupted,
 * calling again ends it.
 * PostgreSQL frees the space when it vacuums; backups keep what they have, sealed.
 *
 * @throws SolventError SNAPSHOT_UNKNOWN | SNAPSHOT_UNFINISHED (usage)
 */
export async function dropPrivateData(db: Database, snapshotId: string): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    await lockInTransaction(client, snapshotLock(snapshotId));
    const { rows } = await client.query<{ done: boolean }>(
      `SELECT state IN ('PUBLISHED', 'FAILED') AS done FROM snapshot WHERE id = $1 FOR UPDATE`,
      [snapshotId],
    );
    if (!rows[0])
      throw new SolventError('SNAPSHOT_UNKNOWN', 'usage', `there is no snapshot ${snapshotId}`, {
        snapshot: snapshotId,
      });
    if (!rows[0].done)
      throw new SolventError(
        'SNAPSHOT_UNFINISHED',
        'usage',
        `the snapshot ${snapshotId} is neither published nor failed: its data is still needed`,
        { snapshot: snapshotId },
      );
    await client.query(
      'UPDATE snapshot SET private_data_dropped_at = coalesce(private_data_dropped_at, now()) WHERE id = $1',
      [snapshotId],
    );
    await client.query(
      'UPDATE batch SET witness = NULL, witness_key_id = NULL WHERE snapshot_id = $1 AND witness IS NOT NULL',
      [snapshotId],
    );
    for (const table of DROPPED)
      await client.query(`DELETE FROM ${table} WHERE snapshot_id = $1`, [snapshotId]);
    await truncatePartition(client, snapshotId);
  });
  await removePartition(db, snapshotId);
}

import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { lockSession, snapshotLock, unlockSession } from './advisory-lock';
import type { Database } from './database';

/**
 * Name of a snapshot's partition of account_entry, safe within SQL: ids are longer than PostgreSQL's names. It is
 * made by the function `prepare_attempt` in the database.
 */
export function partitionOf(snapshotId: string): string {
  return `account_entry_${createHash('sha256').update(snapshotId).digest('hex').slice(0, 32)}`;
}

/** Empties a snapshot's partition: gone when the transaction commits. */
export async function truncatePartition(client: ClientBase, snapshotId: string): Promise<void> {
  const name = partitionOf(snapshotId);
  if (await exists(client, name)) await client.query(`TRUNCATE ${name}`);
}

/**
 * Removes a partition for good, without making look-ups in the other partitions wait: DETACH … CONCURRENTLY,
 * which no transaction may surround, then DROP. One that was interrupted is taken up where it stopped. The
 * snapshot's lock is held meanwhile: one that failed may be requested again after its data was dropped, and
 * the partition is then its next attempt's.
 */
export async function removePartition(db: Database, snapshotId: string): Promise<void> {
  const name = partitionOf(snapshotId);
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await lockSession(client, snapshotLock(snapshotId));
    const dropped = 'SELECT FROM snapshot WHERE id = $1 AND private_data_dropped_at IS NOT NULL';
    if ((await client.query(dropped, [snapshotId])).rowCount === 0) return;
    const attached = await attachment(client, name);
    if (attached) {
      const how = attached === 'detaching' ? 'FINALIZE' : 'CONCURRENTLY';
      await client.query(`ALTER TABLE account_entry DETACH PARTITION ${name} ${how}`);
    }
    await client.query(`DROP TABLE IF EXISTS ${name}`);
  } finally {
    await unlockSession(client, snapshotLock(snapshotId)).catch((failure: Error) => (broken = failure));
    client.release(broken);
  }
}

async function exists(client: ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    name,
  ]);
  return rows[0]!.there;
}

async function attachment(client: ClientBase, name: string): Promise<'attached' | 'detaching' | undefined> {
  const { rows } = await client.query<{ pending: boolean }>(
    'SELECT inhdetachpending AS pending FROM pg_inherits WHERE inhrelid = to_regclass($1)',
    [name],
  );
  const [row] = rows;
  return row && (row.pending ? 'detaching' : 'attached');
}

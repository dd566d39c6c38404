import { createHash } from 'node:crypto';
import { escapeIdentifier, escapeLiteral, type PoolClient } from 'pg';

/** The partition of account_entry that holds a snapshot's accounts. Ids may be as long as a name, so their digest names it. */
export function partitionOf(snapshotId: string): string {
  return `account_entry_${createHash('sha256').update(snapshotId).digest('hex').slice(0, 16)}`;
}

/** Makes the partition. Attached, not created in place: that locks out nobody who writes to other partitions. */
export async function createPartition(client: PoolClient, snapshotId: string): Promise<void> {
  const name = escapeIdentifier(partitionOf(snapshotId));
  await client.query(`CREATE TABLE ${name} (LIKE "account_entry" INCLUDING ALL)`);
  await client.query(
    `ALTER TABLE "account_entry" ATTACH PARTITION ${name} FOR VALUES IN (${escapeLiteral(snapshotId)})`,
  );
}

export async function dropPartition(client: PoolClient, snapshotId: string): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${escapeIdentifier(partitionOf(snapshotId))}`);
}

import type { PoolClient } from 'pg';
import type { Database } from './database';
import { sealContext, type WitnessKeyring } from './keyring';
import { inTransaction } from './transaction';

export interface RotationProgress {
  readonly resealed: number;
  readonly remaining: number;
}

/** Rows resealed in one transaction. */
const CHUNK = 50;

/**
 * Reseals everything that is not under the keyring's current key, a few rows a transaction: look-ups go on meanwhile, and a run that was stopped is simply started again.
 * Afterwards the old keys can be taken out of the configuration.
 *
 * @returns how many rows were resealed
 * @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN
 */
export async function rotateWitnessKeys(
  database: Database,
  keyring: WitnessKeyring,
  onProgress?: (progress: RotationProgress) => void,
): Promise<number> {
  let resealed = 0;
  for (const step of [resealBatches, resealDocuments])
    for (;;) {
      const count = await inTransaction(database, (client) => step(client, keyring));
      if (count === 0) break;
      resealed += count;
      if (onProgress) onProgress({ resealed, remaining: await remaining(database, keyring) });
    }
  return resealed;
}

async function resealBatches(client: PoolClient, keyring: WitnessKeyring): Promise<number> {
  const { rows } = await client.query<{
    snapshot_id: string;
    batch: number;
    witness: Buffer;
    witness_key_id: string;
  }>(
    `SELECT snapshot_id, batch, witness, witness_key_id FROM batch WHERE witness_key_id <> $1
     ORDER BY snapshot_id, batch LIMIT ${CHUNK} FOR UPDATE SKIP LOCKED`,
    [keyring.currentId],
  );
  for (const { snapshot_id: snapshotId, batch, witness, witness_key_id: keyId } of rows) {
    const context = sealContext.witness(snapshotId, batch);
    const { sealed } = keyring.seal(keyring.open(witness, keyId, context), context);
    await client.query(
      'UPDATE batch SET witness = $3, witness_key_id = $4 WHERE snapshot_id = $1 AND batch = $2',
      [snapshotId, batch, sealed, keyring.currentId],
    );
  }
  return rows.length;
}

async function resealDocuments(client: PoolClient, keyring: WitnessKeyring): Promise<number> {
  const { rows } = await client.query<{
    snapshot_id: string;
    account_key: Buffer;
    document: Buffer;
    witness_key_id: string;
  }>(
    `SELECT snapshot_id, account_key, document, witness_key_id FROM inclusion_document WHERE witness_key_id <> $1
     ORDER BY snapshot_id, account_key LIMIT ${CHUNK * 10} FOR UPDATE SKIP LOCKED`,
    [keyring.currentId],
  );
  for (const { snapshot_id: snapshotId, account_key: key, document, witness_key_id: keyId } of rows) {
    const context = sealContext.inclusion(snapshotId, key);
    const { sealed } = keyring.seal(keyring.open(document, keyId, context), context);
    await client.query(
      'UPDATE inclusion_document SET document = $3, witness_key_id = $4 WHERE snapshot_id = $1 AND account_key = $2',
      [snapshotId, key, sealed, keyring.currentId],
    );
  }
  return rows.length;
}

async function remaining({ pool }: Database, { currentId }: WitnessKeyring): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM batch WHERE witness_key_id <> $1)::int + (SELECT count(*) FROM inclusion_document WHERE witness_key_id <> $1)::int AS n`,
    [currentId],
  );
  return rows[0]!.n;
}

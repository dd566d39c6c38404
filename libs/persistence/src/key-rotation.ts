import type { Database } from './database';
import { sealContext, type WitnessKeyring } from './witness-keyring';

export interface RotationProgress {
  readonly witnesses: number;
  readonly documents: number;
}

const WITNESSES_A_PAGE = 4;
const DOCUMENTS_A_PAGE = 256;

/**
 * Seals everything that another key seals under the current one. Each row is replaced by itself, and only if nobody changed it meanwhile: it may be
 * interrupted and started again, and look-ups go on, for their services have both keys.
 *
 * Services that still have an older key as current go on sealing under it: restart them with the new one first, or rotate again.
 * Jobs under way are opened by the key they name; let unfinished snapshots end before a key leaves the ring.
 *
 * @returns how many were sealed anew
 * @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN
 */
export async function rotateWitnessKeys(
  db: Database,
  keyring: WitnessKeyring,
  onProgress: (progress: RotationProgress) => void = () => undefined,
): Promise<RotationProgress> {
  let [witnesses, documents] = [0, 0];
  for await (const count of resealWitnesses(db, keyring))
    onProgress({ witnesses: (witnesses += count), documents });
  for await (const count of resealDocuments(db, keyring))
    onProgress({ witnesses, documents: (documents += count) });
  return { witnesses, documents };
}

async function* resealWitnesses(db: Database, keyring: WitnessKeyring): AsyncGenerator<number> {
  interface Row {
    readonly snapshot_id: string;
    readonly batch: number;
    readonly witness: Buffer;
    readonly witness_key_id: string;
  }
  for (let [snapshotId, after] = ['', -1]; ;) {
    const { rows } = await db.pool.query<Row>(
      `SELECT snapshot_id, batch, witness, witness_key_id FROM batch
       WHERE witness_key_id <> $1 AND (snapshot_id, batch) > ($2, $3) ORDER BY snapshot_id, batch LIMIT ${WITNESSES_A_PAGE}`,
      [keyring.currentId, snapshotId, after],
    );
    let count = 0;
    for (const row of rows) {
      [snapshotId, after] = [row.snapshot_id, row.batch];
      const { keyId, sealed } = reseal(
        keyring,
        row.witness,
        row.witness_key_id,
        sealContext.witness(snapshotId, after),
      );
      const { rowCount } = await db.pool.query(
        'UPDATE batch SET witness = $4, witness_key_id = $5 WHERE snapshot_id = $1 AND batch = $2 AND witness_key_id = $3',
        [snapshotId, after, row.witness_key_id, sealed, keyId],
      );
      count += rowCount ?? 0;
    }
    if (rows.length === 0) return;
    yield count;
  }
}

async function* resealDocuments(db: Database, keyring: WitnessKeyring): AsyncGenerator<number> {
  interface Row {
    readonly snapshot_id: string;
    readonly account_key: Buffer;
    readonly document: Buffer;
    readonly witness_key_id: string;
  }
  let last: { snapshotId: string; key: Buffer } = { snapshotId: '', key: Buffer.alloc(0) };
  for (;;) {
    const { rows } = await db.pool.query<Row>(
      `SELECT snapshot_id, account_key, document, witness_key_id FROM inclusion_document
       WHERE witness_key_id <> $1 AND (snapshot_id, account_key) > ($2, $3) ORDER BY snapshot_id, account_key LIMIT ${DOCUMENTS_A_PAGE}`,
      [keyring.currentId, last.snapshotId, last.key],
    );
    let count = 0;
    for (const row of rows) {
      last = { snapshotId: row.snapshot_id, key: row.account_key };
      const context = sealContext.inclusion(last.snapshotId, last.key);
      const { keyId, sealed } = reseal(keyring, row.document, row.witness_key_id, context);
      const { rowCount } = await db.pool.query(
        'UPDATE inclusion_document SET document = $4, witness_key_id = $5 WHERE snapshot_id = $1 AND account_key = $2 AND witness_key_id = $3',
        [last.snapshotId, last.key, row.witness_key_id, sealed, keyId],
      );
      count += rowCount ?? 0;
    }
    if (rows.length === 0) return;
    yield count;
  }
}

function reseal(
  keyring: WitnessKeyring,
  sealed: Uint8Array,
  keyId: string,
  context: string,
): { readonly keyId: string; readonly sealed: Uint8Array } {
  const plain = keyring.open(sealed, keyId, context);
  try {
    return keyring.seal(plain, context);
  } finally {
    plain.fill(0);
  }
}

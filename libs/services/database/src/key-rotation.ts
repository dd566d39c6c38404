import type { Database } from './database';
import { sealContext, type WitnessKeyring } from './witness-keyring';

export interface RotationProgress {
  readonly witnesses: number;
  readonly cells: number;
  readonly prefixes: number;
  readonly documents: number;
}

/** A table that holds something sealed, by the snapshot and one more column. */
interface SealedTable<Place> {
  readonly table: string;
  readonly column: string;
  readonly place: string;
  /** Before every place. */
  readonly before: Place;
  readonly rowsAPage: number;
  readonly context: (snapshotId: string, place: Place) => string;
}

const OLDER = 'witness_key_id <> $1';

/** Each may have tens of megabytes. */
const WITNESSES: SealedTable<number> = {
  ...{ table: 'batch', column: 'witness', place: 'batch', before: -1, rowsAPage: 1 },
  context: sealContext.witness,
};
const CELLS: SealedTable<number> = {
  ...{ table: 'batch_cells', column: 'cells', place: 'batch', before: -1, rowsAPage: 256 },
  context: sealContext.cells,
};
const PREFIXES: SealedTable<number> = {
  ...{ table: 'batch_prefixes', column: 'prefixes', place: 'batch', before: -1, rowsAPage: 256 },
  context: sealContext.prefixes,
};
const DOCUMENTS: SealedTable<Buffer> = {
  ...{ table: 'inclusion_document', column: 'document', place: 'lookup_key', rowsAPage: 256 },
  before: Buffer.alloc(0),
  context: sealContext.inclusion,
};

/**
 * Seals everything that another key seals under the current one. Each row is replaced by itself, and only if
 * nobody changed it meanwhile: it may be interrupted and started again, and look-ups go on, for their
 * services have both keys.
 *
 * Services that still have an older key as current go on sealing under it: restart them with the new one
 * first, or rotate again.
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
  const done = { witnesses: 0, cells: 0, prefixes: 0, documents: 0 };
  for await (const count of resealTable(db, keyring, WITNESSES)) {
    done.witnesses += count;
    onProgress({ ...done });
  }
  for await (const count of resealTable(db, keyring, CELLS)) {
    done.cells += count;
    onProgress({ ...done });
  }
  for await (const count of resealTable(db, keyring, PREFIXES)) {
    done.prefixes += count;
    onProgress({ ...done });
  }
  for await (const count of resealTable(db, keyring, DOCUMENTS)) {
    done.documents += count;
    onProgress({ ...done });
  }
  return done;
}

/** How many rows are sealed under another key than the current one. */
export async function sealedUnderOlderKeys(db: Database, keyring: WitnessKeyring): Promise<RotationProgress> {
  const count = async ({ table }: Pick<SealedTable<unknown>, 'table'>) => {
    const { rows } = await db.pool.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM ${table} WHERE ${OLDER}`,
      [keyring.currentId],
    );
    return rows[0]!.rows;
  };
  return {
    witnesses: await count(WITNESSES),
    cells: await count(CELLS),
    prefixes: await count(PREFIXES),
    documents: await count(DOCUMENTS),
  };
}

/** Page by page. @returns how many of each page were sealed anew */
async function* resealTable<Place extends number | Buffer>(
  db: Database,
  keyring: WitnessKeyring,
  { table, column, place, before, rowsAPage, context }: SealedTable<Place>,
): AsyncGenerator<number, void> {
  interface Row {
    readonly snapshot: string;
    readonly place: Place;
    readonly sealed: Buffer;
    readonly key: string;
  }
  for (let last: readonly [string, Place] = ['', before]; ;) {
    const { rows } = await db.pool.query<Row>(
      `SELECT snapshot_id AS snapshot, ${place} AS place, ${column} AS sealed, witness_key_id AS key FROM ${table}
       WHERE ${OLDER} AND (snapshot_id, ${place}) > ($2, $3) ORDER BY snapshot_id, ${place} LIMIT ${rowsAPage}`,
      [keyring.currentId, ...last],
    );
    let count = 0;
    for (const row of rows) {
      last = [row.snapshot, row.place];
      const { keyId, sealed } = reseal(keyring, row.sealed, row.key, context(...last));
      const { rowCount } = await db.pool.query(
        `UPDATE ${table} SET ${column} = $4, witness_key_id = $5 WHERE snapshot_id = $1 AND ${place} = $2 AND witness_key_id = $3`,
        [...last, row.key, sealed, keyId],
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

import { SolventError } from '@solvent-por/kzg';
import type { Database } from './database';
import { sealContext, type WitnessKeyring } from './witness-keyring';

export interface RotationProgress {
  readonly witnesses: number;
  readonly cells: number;
  readonly prefixes: number;
  readonly documents: number;
  /** Snapshots whose files' digests were sealed, and those of their reserves. */
  readonly digests: number;
}

/** A table that holds something sealed, by the snapshot and one more column. */
interface SealedTable<Place> {
  readonly table: string;
  readonly column: string;
  readonly place: string;
  /** Before every place. */
  readonly before: Place;
  readonly rowsAPage: number;
  readonly context: (snapshotId: string, attempt: number, place: Place) => string;
  /** The column of the attempt, where it is not the snapshot's. */
  readonly attempt?: string;
  /** Made again from the witness by whoever needs it: a damaged one goes, where it would stop the rotation. */
  readonly spare?: true;
}

const OLDER = 'witness_key_id <> $1';

/** Each may have tens of megabytes. */
const WITNESSES: SealedTable<number> = {
  ...{ table: 'batch', column: 'witness', place: 'batch', before: -1, rowsAPage: 1 },
  context: sealContext.witness,
};
const CELLS: SealedTable<number> = {
  ...{ table: 'batch_cells', column: 'cells', place: 'batch', before: -1, rowsAPage: 256 },
  ...{ context: sealContext.cells, spare: true },
};
const PREFIXES: SealedTable<number> = {
  ...{ table: 'batch_prefixes', column: 'prefixes', place: 'batch', before: -1, rowsAPage: 256 },
  context: sealContext.prefixes,
};
const DIGESTS: SealedTable<number> = {
  ...{ table: 'published_digests', column: 'digests', place: 'part', before: -1, rowsAPage: 1 },
  context: sealContext.digests,
};
/** One row a snapshot, with an attempt of its own. */
const RESERVES: SealedTable<number> = {
  ...{ table: 'reserves', column: 'digests', place: 'attempt', before: -1, rowsAPage: 1 },
  ...{ context: sealContext.reserves, attempt: 'reserves.attempt' },
};
const DOCUMENTS: SealedTable<Buffer> = {
  ...{ table: 'inclusion_document', column: 'document', place: 'lookup_key', rowsAPage: 256 },
  before: Buffer.alloc(0),
  ...{ context: sealContext.inclusion, spare: true },
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
  const done = { witnesses: 0, cells: 0, prefixes: 0, documents: 0, digests: 0 };
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
  for (const table of [DIGESTS, RESERVES])
    for await (const count of resealTable(db, keyring, table)) {
      done.digests += count;
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
    digests: (await count(DIGESTS)) + (await count(RESERVES)),
  };
}

/** Page by page. @returns how many of each page were sealed anew */
async function* resealTable<Place extends number | Buffer>(
  db: Database,
  keyring: WitnessKeyring,
  { table, column, place, before, rowsAPage, context, spare, attempt }: SealedTable<Place>,
): AsyncGenerator<number, void> {
  interface Row {
    readonly snapshot: string;
    readonly place: Place;
    readonly sealed: Buffer;
    readonly key: string;
    readonly attempt: number;
  }
  for (let last: readonly [string, Place] = ['', before]; ;) {
    const { rows } = await db.pool.query<Row>(
      `SELECT snapshot_id AS snapshot, ${place} AS place, ${column} AS sealed, witness_key_id AS key,
         ${attempt ?? '(SELECT attempt FROM snapshot WHERE id = snapshot_id)'} AS attempt
       FROM ${table}
       WHERE ${OLDER} AND (snapshot_id, ${place}) > ($2, $3) ORDER BY snapshot_id, ${place} LIMIT ${rowsAPage}`,
      [keyring.currentId, ...last],
    );
    let count = 0;
    for (const row of rows) {
      last = [row.snapshot, row.place];
      const fresh = reseal(keyring, row, context(row.snapshot, row.attempt, row.place), spare);
      const same = `WHERE snapshot_id = $1 AND ${place} = $2 AND witness_key_id = $3`;
      const { rowCount } = fresh
        ? await db.pool.query(`UPDATE ${table} SET ${column} = $4, witness_key_id = $5 ${same}`, [
            ...[...last, row.key, fresh.sealed, fresh.keyId],
          ])
        : await db.pool.query(`DELETE FROM ${table} ${same} AND ${column} = $4`, [
            ...[...last, row.key, row.sealed],
          ]);
      count += fresh ? (rowCount ?? 0) : 0;
    }
    if (rows.length === 0) return;
    yield count;
  }
}

/** @returns undefined for what is damaged, and can be spared */
function reseal(
  keyring: WitnessKeyring,
  { sealed, key }: { readonly sealed: Uint8Array; readonly key: string },
  context: string,
  spare = false,
): { readonly keyId: string; readonly sealed: Uint8Array } | undefined {
  const plain = opened(() => keyring.open(sealed, key, context), spare);
  if (!plain) return undefined;
  try {
    return keyring.seal(plain, context);
  } finally {
    plain.fill(0);
  }
}

function opened(open: () => Uint8Array, spare: boolean): Uint8Array | undefined {
  try {
    return open();
  } catch (error) {
    if (spare && error instanceof SolventError && error.code === 'WITNESS_SEAL_BROKEN') return undefined;
    throw error;
  }
}

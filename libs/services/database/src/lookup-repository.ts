import { SolventError, toHex } from '@solvent-por/kzg';
import type { Database } from './database';
import type { StoredTreeNode } from './snapshot-publication';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/**
 * Every look-up goes by a primary key; a test shows their plans. Named, so that each connection plans them
 * once.
 */
export const LOOKUP_QUERIES = {
  look: `SELECT s.state, s.private_data_dropped_at, s.attempt, e.batch, e.row, d.document, d.witness_key_id
    FROM (SELECT $1::varchar AS id, $2::bytea AS key) q
    LEFT JOIN snapshot s ON s.id = q.id
    LEFT JOIN account_entry e ON e.snapshot_id = q.id AND e.lookup_key = q.key
    LEFT JOIN inclusion_document d ON d.snapshot_id = q.id AND d.lookup_key = q.key`,
  cells: `SELECT c.cells, c.witness_key_id, s.attempt FROM batch_cells c JOIN snapshot s ON s.id = c.snapshot_id
    WHERE c.snapshot_id = $1 AND c.batch = $2`,
  nodes: `SELECT n.start, n.size, n.hash, n.sum FROM unnest($2::int[], $3::int[]) WITH ORDINALITY r(start, size, place)
    CROSS JOIN LATERAL (SELECT * FROM tree_node t WHERE t.snapshot_id = $1 AND t.start = r.start AND t.size = r.size OFFSET 0) n
    ORDER BY r.place`,
} as const;

/**
 * Retention waits for who keeps something, by a lock that they share, or they for it, so that nothing is kept
 * behind its back.
 */
const LIVE = "state = 'PUBLISHED' AND private_data_dropped_at IS NULL";
const OVERWRITE = (column: string) =>
  `DO UPDATE SET ${column} = excluded.${column}, witness_key_id = excluded.witness_key_id`;

/** What there is about an account. */
export interface Looked {
  readonly snapshot: {
    readonly state: string;
    readonly privateDataDroppedAt: Date | null;
    readonly attempt: number;
  } | null;
  /** Where it stands. */
  readonly place: { readonly batch: number; readonly row: number } | null;
  /** What was kept of its inclusion proof. */
  readonly kept: Kept;
}

/**
 * What was kept to spare work, null where nothing was. `damaged` does not open under the witness keys: it is
 * made anew from the witness and kept in its place, never the end of an answer.
 */
export type Kept = Uint8Array | Damaged | null;

export interface Damaged {
  readonly damaged: SolventError;
}

export function isDamaged(kept: Kept): kept is Damaged {
  return kept !== null && 'damaged' in kept;
}

/** Columns of outer joins. */
interface LookRow {
  readonly state: string | null;
  readonly private_data_dropped_at: Date | null;
  readonly attempt: number | null;
  readonly batch: number | null;
  readonly row: number | null;
  readonly document: Buffer | null;
  readonly witness_key_id: string | null;
}

interface CellsRow {
  readonly cells: Buffer;
  readonly witness_key_id: string;
  readonly attempt: number;
}

/** What is kept of an account's inclusion proof. */
export interface InclusionToKeep {
  readonly snapshotId: string;
  readonly attempt: number;
  readonly lookupKey: Uint8Array;
  /** As long for every account of a snapshot: a length is seen through a seal. */
  readonly record: Uint8Array;
  /** What is kept already is damaged: it goes. */
  readonly repairs?: boolean;
}

/** What answers "where does this account stand, and what proves it?". */
export class LookupRepository {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /**
   * What there is about an account, in one statement that reads the same whatever there is: to send a
   * statement takes longer than to run it.
   *
   * @param lookupKey as `lookupKey(id)` gives it
   */
  async look(snapshotId: string, lookupKey: Uint8Array): Promise<Looked> {
    const [row] = await this.#query<LookRow>('look', [snapshotId, lookupKey]);
    const { state, private_data_dropped_at: privateDataDroppedAt, attempt, batch, row: place } = row!;
    const { document, witness_key_id: keyId } = row!;
    return {
      snapshot: state === null || attempt === null ? null : { state, privateDataDroppedAt, attempt },
      place: batch === null || place === null ? null : { batch, row: place },
      kept:
        document === null || keyId === null || attempt === null
          ? null
          : this.#open(document, keyId, sealContext.inclusion(snapshotId, attempt, lookupKey)),
    };
  }

  /**
   * Keeps inclusion proofs, in one statement; one that is kept already, or whose snapshot's private data
   * retention dropped, is left out. Those that repair are written over what is there, in a second one.
   */
  async keep(proofs: readonly InclusionToKeep[]): Promise<void> {
    await this.#keep(
      proofs.filter(({ repairs }) => !repairs),
      'DO NOTHING',
    );
    const repairs = proofs.filter((proof) => proof.repairs);
    // One row is written once a statement.
    const each = new Map(repairs.map((proof) => [`${proof.snapshotId}/${toHex(proof.lookupKey)}`, proof]));
    await this.#keep([...each.values()], `(snapshot_id, lookup_key) ${OVERWRITE('document')}`);
  }

  async #keep(proofs: readonly InclusionToKeep[], onConflict: string): Promise<void> {
    if (proofs.length === 0) return;
    const sealed = proofs.map(({ snapshotId, attempt, lookupKey, record }) =>
      this.keyring.seal(record, sealContext.inclusion(snapshotId, attempt, lookupKey)),
    );
    await this.db.pool.query(
      `WITH live AS (SELECT id, attempt FROM snapshot WHERE id = ANY($1) AND ${LIVE} ORDER BY id FOR SHARE)
       INSERT INTO inclusion_document (snapshot_id, lookup_key, document, witness_key_id)
       SELECT d.id, d.key, d.document, d.witness_key_id
       FROM unnest($1::varchar[], $2::bytea[], $3::bytea[], $4::varchar[], $5::int[]) d(id, key, document, witness_key_id, attempt)
       JOIN live USING (id, attempt)
       ORDER BY d.id, d.key
       ON CONFLICT ${onConflict}`,
      [
        proofs.map(({ snapshotId }) => snapshotId),
        proofs.map(({ lookupKey }) => lookupKey),
        sealed.map((one) => one.sealed),
        sealed.map(({ keyId }) => keyId),
        proofs.map(({ attempt }) => attempt),
      ],
    );
  }

  /** Openings of a batch's cells and subcells that were kept. */
  async cells(snapshotId: string, batch: number): Promise<Kept> {
    const [row] = await this.#query<CellsRow>('cells', [snapshotId, batch]);
    return row
      ? this.#open(row.cells, row.witness_key_id, sealContext.cells(snapshotId, row.attempt, batch))
      : null;
  }

  /**
   * Keeps the openings of a batch's cells and subcells; again, or once retention dropped the snapshot's
   * private data, does nothing.
   *
   * @param repairs what is kept already is damaged: it goes
   */
  async keepCells(snapshotId: string, batch: number, cells: Uint8Array, repairs = false): Promise<void> {
    const { rows } = await this.db.pool.query<{ attempt: number }>(
      `SELECT attempt FROM snapshot WHERE id = $1 AND ${LIVE}`,
      [snapshotId],
    );
    if (!rows[0]) return;
    const { attempt } = rows[0];
    const { keyId, sealed } = this.keyring.seal(cells, sealContext.cells(snapshotId, attempt, batch));
    await this.db.pool.query(
      `WITH live AS (SELECT id FROM snapshot WHERE id = $1 AND attempt = $5 AND ${LIVE} FOR SHARE)
       INSERT INTO batch_cells (snapshot_id, batch, cells, witness_key_id) SELECT id, $2, $3, $4 FROM live
       ON CONFLICT ${repairs ? `(snapshot_id, batch) ${OVERWRITE('cells')}` : 'DO NOTHING'}`,
      [snapshotId, batch, sealed, keyId, attempt],
    );
  }

  /**
   * Roots of the batches' claim trees of a published snapshot, in order, 32 bytes each; null where there are
   * none. Who uses them compares what they lead to with the manifest.
   */
  async claimRoots(snapshotId: string): Promise<Uint8Array | null> {
    const { rows } = await this.db.pool.query<{ roots: Buffer }>({
      name: 'lookup claim roots',
      text: 'SELECT roots FROM claim_roots WHERE snapshot_id = $1',
      values: [snapshotId],
    });
    return rows[0]?.roots ?? null;
  }

  /**
   * Nodes of a published snapshot's sum tree, in the order of the ranges.
   *
   * @throws SolventError TREE_NODE_MISSING (internal)
   */
  async nodes(
    snapshotId: string,
    ranges: ReadonlyArray<{ readonly start: number; readonly size: number }>,
  ): Promise<StoredTreeNode[]> {
    const nodes = await this.#query<StoredTreeNode>('nodes', [
      snapshotId,
      ranges.map(({ start }) => start),
      ranges.map(({ size }) => size),
    ]);
    if (nodes.length !== ranges.length)
      throw new SolventError(
        'TREE_NODE_MISSING',
        'internal',
        `the sum tree of the snapshot ${snapshotId} lacks ${ranges.length - nodes.length} of the nodes asked for`,
        { snapshot: snapshotId },
      );
    return nodes;
  }

  #open(sealed: Uint8Array, keyId: string, context: string): Uint8Array | Damaged {
    try {
      return this.keyring.open(sealed, keyId, context);
    } catch (error) {
      if (error instanceof SolventError) return { damaged: error };
      throw error;
    }
  }

  async #query<Row extends object>(name: keyof typeof LOOKUP_QUERIES, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.db.pool.query<Row>({
      name: `lookup ${name}`,
      text: LOOKUP_QUERIES[name],
      values,
    });
    return rows;
  }
}

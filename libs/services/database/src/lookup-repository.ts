import { SolventError } from '@solvent-por/kzg';
import type { Database } from './database';
import type { StoredTreeNode } from './snapshot-publication';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/**
 * Every look-up goes by a primary key; a test shows their plans. Named, so that each connection plans them
 * once.
 */
export const LOOKUP_QUERIES = {
  look: `SELECT s.state, s.private_data_dropped_at, e.batch, e.row, d.document, d.witness_key_id
    FROM (SELECT $1::varchar AS id, $2::bytea AS key) q
    LEFT JOIN snapshot s ON s.id = q.id
    LEFT JOIN account_entry e ON e.snapshot_id = q.id AND e.lookup_key = q.key
    LEFT JOIN inclusion_document d ON d.snapshot_id = q.id AND d.lookup_key = q.key`,
  cells: 'SELECT cells, witness_key_id FROM batch_cells WHERE snapshot_id = $1 AND batch = $2',
  nodes: `SELECT n.start, n.size, n.hash, n.sum FROM unnest($2::int[], $3::int[]) WITH ORDINALITY r(start, size, place)
    CROSS JOIN LATERAL (SELECT * FROM tree_node t WHERE t.snapshot_id = $1 AND t.start = r.start AND t.size = r.size OFFSET 0) n
    ORDER BY r.place`,
} as const;

/**
 * Retention waits for who keeps something, by a lock that they share, or they for it, so that nothing is kept
 * behind its back.
 */
const LIVE = "state = 'PUBLISHED' AND private_data_dropped_at IS NULL";

/** What there is about an account. */
export interface Looked {
  readonly snapshot: { readonly state: string; readonly privateDataDroppedAt: Date | null } | null;
  /** Where it stands. */
  readonly place: { readonly batch: number; readonly row: number } | null;
  /** An inclusion proof that was kept. */
  readonly document: Uint8Array | null;
}

/** Columns of outer joins. */
interface LookRow {
  readonly state: string | null;
  readonly private_data_dropped_at: Date | null;
  readonly batch: number | null;
  readonly row: number | null;
  readonly document: Buffer | null;
  readonly witness_key_id: string | null;
}

/** An inclusion proof of an account. */
export interface InclusionToKeep {
  readonly snapshotId: string;
  readonly lookupKey: Uint8Array;
  readonly document: Uint8Array;
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
   * @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN
   */
  async look(snapshotId: string, lookupKey: Uint8Array): Promise<Looked> {
    const [row] = await this.#query<LookRow>('look', [snapshotId, lookupKey]);
    const { state, private_data_dropped_at: privateDataDroppedAt, batch, row: place } = row!;
    const { document, witness_key_id: keyId } = row!;
    return {
      snapshot: state === null ? null : { state, privateDataDroppedAt },
      place: batch === null || place === null ? null : { batch, row: place },
      document:
        document === null || keyId === null
          ? null
          : this.keyring.open(document, keyId, sealContext.inclusion(snapshotId, lookupKey)),
    };
  }

  /**
   * Keeps inclusion proofs, in one statement; one that is kept already, or whose snapshot's private data
   * retention dropped, is left out.
   */
  async keep(proofs: readonly InclusionToKeep[]): Promise<void> {
    const sealed = proofs.map(({ snapshotId, lookupKey, document }) =>
      this.keyring.seal(document, sealContext.inclusion(snapshotId, lookupKey)),
    );
    await this.db.pool.query(
      `WITH live AS (SELECT id FROM snapshot WHERE id = ANY($1) AND ${LIVE} ORDER BY id FOR SHARE)
       INSERT INTO inclusion_document (snapshot_id, lookup_key, document, witness_key_id)
       SELECT d.* FROM unnest($1::varchar[], $2::bytea[], $3::bytea[], $4::varchar[]) d(id, key, document, witness_key_id) JOIN live USING (id)
       ORDER BY d.id, d.key
       ON CONFLICT DO NOTHING`,
      [
        proofs.map(({ snapshotId }) => snapshotId),
        proofs.map(({ lookupKey }) => lookupKey),
        sealed.map((one) => one.sealed),
        sealed.map(({ keyId }) => keyId),
      ],
    );
  }

  /**
   * Openings of a batch's cells and subcells that were kept.
   * @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN
   */
  async cells(snapshotId: string, batch: number): Promise<Uint8Array | null> {
    const [kept] = await this.#query<{ cells: Buffer; witness_key_id: string }>('cells', [snapshotId, batch]);
    return kept
      ? this.keyring.open(kept.cells, kept.witness_key_id, sealContext.cells(snapshotId, batch))
      : null;
  }

  /**
   * Keeps the openings of a batch's cells and subcells; again, or once retention dropped the snapshot's
   * private data, does nothing.
   */
  async keepCells(snapshotId: string, batch: number, cells: Uint8Array): Promise<void> {
    const { keyId, sealed } = this.keyring.seal(cells, sealContext.cells(snapshotId, batch));
    await this.db.pool.query(
      `WITH live AS (SELECT id FROM snapshot WHERE id = $1 AND ${LIVE} FOR SHARE)
       INSERT INTO batch_cells (snapshot_id, batch, cells, witness_key_id) SELECT id, $2, $3, $4 FROM live
       ON CONFLICT DO NOTHING`,
      [snapshotId, batch, sealed, keyId],
    );
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

  async #query<Row extends object>(name: keyof typeof LOOKUP_QUERIES, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.db.pool.query<Row>({
      name: `lookup ${name}`,
      text: LOOKUP_QUERIES[name],
      values,
    });
    return rows;
  }
}

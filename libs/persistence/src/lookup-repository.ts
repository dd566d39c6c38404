import { SolventError } from '@solvent/algebra';
import type { Database } from './database';
import type { StoredTreeNode } from './snapshot-publication';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/** Every look-up goes by a primary key; a test shows their plans. Named, so that each connection plans them once. */
export const LOOKUP_QUERIES = {
  find: 'SELECT batch, row FROM account_entry WHERE snapshot_id = $1 AND lookup_key = $2',
  document:
    'SELECT document, witness_key_id FROM inclusion_document WHERE snapshot_id = $1 AND lookup_key = $2',
  cells: 'SELECT cells, witness_key_id FROM batch_cells WHERE snapshot_id = $1 AND batch = $2',
  nodes: `SELECT n.start, n.size, n.hash, n.sum FROM unnest($2::int[], $3::int[]) WITH ORDINALITY r(start, size, place)
    CROSS JOIN LATERAL (SELECT * FROM tree_node t WHERE t.snapshot_id = $1 AND t.start = r.start AND t.size = r.size OFFSET 0) n
    ORDER BY r.place`,
} as const;

/** Retention waits for who keeps something, or they for it, so that nothing is kept behind its back. */
const LIVE = `WITH live AS (SELECT id FROM snapshot WHERE id = $1 AND state = 'PUBLISHED' AND private_data_dropped_at IS NULL FOR SHARE)`;

/** What answers "where does this account stand, and what proves it?". */
export class LookupRepository {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /** @param lookupKey as `lookupKey(id)` gives it */
  async find(snapshotId: string, lookupKey: Uint8Array): Promise<{ batch: number; row: number } | null> {
    const [place] = await this.#query<{ batch: number; row: number }>('find', [snapshotId, lookupKey]);
    return place ?? null;
  }

  /** An inclusion proof that was kept. @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN */
  async document(snapshotId: string, lookupKey: Uint8Array): Promise<Uint8Array | null> {
    const [kept] = await this.#query<{ document: Buffer; witness_key_id: string }>('document', [
      snapshotId,
      lookupKey,
    ]);
    return kept
      ? this.keyring.open(kept.document, kept.witness_key_id, sealContext.inclusion(snapshotId, lookupKey))
      : null;
  }

  /** Keeps an inclusion proof; again, or once retention dropped the snapshot's private data, does nothing. */
  async keep(snapshotId: string, lookupKey: Uint8Array, document: Uint8Array): Promise<void> {
    const { keyId, sealed } = this.keyring.seal(document, sealContext.inclusion(snapshotId, lookupKey));
    await this.db.pool.query(
      `${LIVE} INSERT INTO inclusion_document (snapshot_id, lookup_key, document, witness_key_id) SELECT id, $2, $3, $4 FROM live
       ON CONFLICT DO NOTHING`,
      [snapshotId, lookupKey, sealed, keyId],
    );
  }

  /** Cell openings of a batch that were kept. @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN */
  async cells(snapshotId: string, batch: number): Promise<Uint8Array | null> {
    const [kept] = await this.#query<{ cells: Buffer; witness_key_id: string }>('cells', [snapshotId, batch]);
    return kept
      ? this.keyring.open(kept.cells, kept.witness_key_id, sealContext.cells(snapshotId, batch))
      : null;
  }

  /** Keeps a batch's cell openings; again, or once retention dropped the snapshot's private data, does nothing. */
  async keepCells(snapshotId: string, batch: number, cells: Uint8Array): Promise<void> {
    const { keyId, sealed } = this.keyring.seal(cells, sealContext.cells(snapshotId, batch));
    await this.db.pool.query(
      `${LIVE} INSERT INTO batch_cells (snapshot_id, batch, cells, witness_key_id) SELECT id, $2, $3, $4 FROM live
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

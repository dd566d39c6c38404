import { SolventError } from '@solvent/algebra';
import { slices } from './bytes';
import type { Database } from './database';
import type { StoredTreeNode } from './snapshot-publication';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/** Every look-up goes by a primary key; a test shows their plans. Named, so that each connection plans them once. */
export const LOOKUP_QUERIES = {
  find: 'SELECT batch, row FROM account_entry WHERE snapshot_id = $1 AND account_key = $2',
  document:
    'SELECT document, witness_key_id FROM inclusion_document WHERE snapshot_id = $1 AND account_key = $2',
  batchLeaf: 'SELECT first, accounts, tag, sums FROM batch WHERE snapshot_id = $1 AND batch = $2',
  nodes: `SELECT n.start, n.size, n.hash, n.sums FROM unnest($2::int[], $3::int[]) WITH ORDINALITY r(start, size, place)
    CROSS JOIN LATERAL (SELECT * FROM tree_node t WHERE t.snapshot_id = $1 AND t.start = r.start AND t.size = r.size OFFSET 0) n
    ORDER BY r.place`,
} as const;

const POINT_BYTES = 48;
const UNCOMPRESSED_BYTES = 96;

export interface BatchLeaf {
  /** First batch of the proof that covers it. */
  readonly first: number;
  readonly accounts: number;
  /** 48 bytes. */
  readonly tag: Uint8Array;
  /** 96 bytes each, uncompressed. */
  readonly sums: Uint8Array[];
}

/** What answers "where does this account stand, and what proves it?". */
export class LookupRepository {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /** @param accountKey as `accountKey(id)` gives it */
  async find(snapshotId: string, accountKey: Uint8Array): Promise<{ batch: number; row: number } | null> {
    const [place] = await this.#query<{ batch: number; row: number }>('find', [snapshotId, accountKey]);
    return place ?? null;
  }

  /** An inclusion proof that was kept. @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN */
  async document(snapshotId: string, accountKey: Uint8Array): Promise<Uint8Array | null> {
    const [kept] = await this.#query<{ document: Buffer; witness_key_id: string }>('document', [
      snapshotId,
      accountKey,
    ]);
    return kept
      ? this.keyring.open(kept.document, kept.witness_key_id, sealContext.inclusion(snapshotId, accountKey))
      : null;
  }

  /** Keeps an inclusion proof; again, or once retention dropped the snapshot's private data, does nothing. */
  async keep(snapshotId: string, accountKey: Uint8Array, document: Uint8Array): Promise<void> {
    const { keyId, sealed } = this.keyring.seal(document, sealContext.inclusion(snapshotId, accountKey));
    // FOR SHARE: retention waits for us or we for it, so that nothing is kept behind its back.
    await this.db.pool.query(
      `WITH live AS (SELECT id FROM snapshot WHERE id = $1 AND state = 'PUBLISHED' AND private_data_dropped_at IS NULL FOR SHARE)
       INSERT INTO inclusion_document (snapshot_id, account_key, document, witness_key_id) SELECT id, $2, $3, $4 FROM live
       ON CONFLICT DO NOTHING`,
      [snapshotId, accountKey, sealed, keyId],
    );
  }

  async batchLeaf(snapshotId: string, batch: number): Promise<BatchLeaf | null> {
    const [leaf] = await this.#query<{ first: number; accounts: number; tag: Buffer; sums: Buffer }>(
      'batchLeaf',
      [snapshotId, batch],
    );
    return leaf ? { ...leaf, sums: slices(leaf.sums, UNCOMPRESSED_BYTES) } : null;
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
    const nodes = await this.#query<{ start: number; size: number; hash: Buffer; sums: Buffer }>('nodes', [
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
    return nodes.map((node) => ({ ...node, sums: slices(node.sums, POINT_BYTES) }));
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

import { SolventError } from '@solvent-por/kzg';
import type { Database } from './database';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/**
 * Whoever adds to a bundle holds its row: retention waits, or comes before, and then nothing is added behind
 * its back.
 */
const LIVE = `WITH live AS (SELECT snapshot_id AS id FROM sealed_bundle WHERE snapshot_id = $1 AND state = 'SEALING' FOR SHARE)`;

/** One batch of the snapshot whose bundle is made. */
export interface BatchToSeal {
  readonly batch: number;
  readonly accounts: number;
}

interface SealedPrefixes {
  readonly prefixes: Buffer | null;
  readonly witness_key_id: string;
  readonly attempt: number;
}

/**
 * What a sealed bundle is made of, and made into: shard prefixes of account keys, entries batch by batch,
 * shards.
 */
export class SealingStore {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /** In their order. */
  async batches(snapshotId: string): Promise<BatchToSeal[]> {
    const { rows } = await this.db.pool.query<BatchToSeal>(
      'SELECT batch, accounts FROM batch WHERE snapshot_id = $1 ORDER BY batch',
      [snapshotId],
    );
    return rows;
  }

  /**
   * Shard prefixes of a batch's accounts: u16be each, in the order of the rows.
   * @throws SolventError SEALED_PREFIXES_MISSING, WITNESS_SEAL_BROKEN (invalid), WITNESS_KEY_UNKNOWN (usage)
   */
  async prefixes(snapshotId: string, batch: number): Promise<Uint8Array> {
    const { rows } = await this.db.pool.query<SealedPrefixes>({
      name: 'prefixes',
      text: `SELECT p.prefixes, p.witness_key_id, s.attempt FROM batch_prefixes p JOIN snapshot s ON s.id = p.snapshot_id
        WHERE p.snapshot_id = $1 AND p.batch = $2`,
      values: [snapshotId, batch],
    });
    const [row] = rows;
    if (!row?.prefixes)
      throw new SolventError(
        'SEALED_PREFIXES_MISSING',
        'invalid',
        `nothing is known of the account keys of batch ${batch} of ${snapshotId}: make the bundle from the balances, with \`solvent prove-user --format sealed\``,
        { snapshot: snapshotId, batch },
      );
    const context = sealContext.prefixes(snapshotId, row.attempt, batch);
    return this.keyring.open(row.prefixes, row.witness_key_id, context);
  }

  /** Batches whose entries are there. */
  async sealedBatches(snapshotId: string): Promise<Set<number>> {
    const found = await this.db.prisma.sealedEntries.findMany({
      where: { snapshotId },
      select: { batch: true },
    });
    return new Set(found.map(({ batch }) => batch));
  }

  /**
   * Keeps a batch's entries, in the ascending order of their prefixes; again does nothing.
   * @returns false when the bundle is not being made any more
   */
  async putEntries(snapshotId: string, batch: number, entries: Uint8Array): Promise<boolean> {
    return this.#add('INSERT INTO sealed_entries (snapshot_id, batch, entries) SELECT id, $2, $3 FROM live', [
      snapshotId,
      batch,
      entries,
    ]);
  }

  /**
   * A slice of what was kept of a batch.
   * @throws SolventError SEALED_INCOMPLETE (internal): it is not there, or shorter
   */
  async entries(snapshotId: string, batch: number, position: number, length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array(0);
    const { rows } = await this.db.pool.query<{ slice: Buffer }>({
      name: 'sealed entries',
      text: 'SELECT substring(entries FROM $3::int FOR $4::int) AS slice FROM sealed_entries WHERE snapshot_id = $1 AND batch = $2',
      values: [snapshotId, batch, position + 1, length],
    });
    const slice = rows[0]?.slice;
    if (slice?.length === length) return slice;
    throw new SolventError(
      'SEALED_INCOMPLETE',
      'internal',
      `the entries of batch ${batch} of ${snapshotId} are not all there any more`,
      { snapshot: snapshotId, batch },
    );
  }

  /** Leaves of the shards that are there, in the order of their numbers. */
  async leaves(snapshotId: string): Promise<Uint8Array[]> {
    const { rows } = await this.db.pool.query<{ number: number; leaf: Buffer }>(
      'SELECT number, leaf FROM sealed_shard WHERE snapshot_id = $1 ORDER BY number',
      [snapshotId],
    );
    // They are written in order: one behind a gap is not believed.
    return rows.filter(({ number }, i) => number === i).map(({ leaf }) => leaf);
  }

  /** Keeps a shard: its entries and the leaf of them; again does nothing. @returns as putEntries */
  async putShard(
    snapshotId: string,
    number: number,
    shard: { readonly entries: Uint8Array; readonly leaf: Uint8Array },
  ): Promise<boolean> {
    return this.#add(
      'INSERT INTO sealed_shard (snapshot_id, number, entries, leaf) SELECT id, $2, $3, $4 FROM live',
      [snapshotId, number, shard.entries, shard.leaf],
    );
  }

  async #add(insert: string, values: unknown[]): Promise<boolean> {
    const { rows } = await this.db.pool.query<{ live: boolean }>(
      `${LIVE}, added AS (${insert} ON CONFLICT DO NOTHING) SELECT EXISTS (SELECT FROM live) AS live`,
      values,
    );
    return rows[0]!.live;
  }
}

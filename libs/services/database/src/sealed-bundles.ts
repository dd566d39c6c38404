import { SolventError } from '@solvent-por/kzg';
import { inTransaction, type Database } from './database';
import type { SealingState } from './generated/prisma/enums';
import type { BundleRequest, RequestKey } from './request-key';
import type { SnapshotFailure } from './snapshot-repository';

/** How far a snapshot's sealed bundle is. */
export interface SealedBundleProgress {
  readonly snapshotId: string;
  readonly state: SealingState;
  readonly requestedAt: Date;
  readonly sealedAt: Date | null;
  readonly batches: number;
  /** Batches whose entries are made. */
  readonly batchesSealed: number;
  /** Null until account keys were counted. */
  readonly shards: number | null;
  readonly shardsWritten: number;
  readonly failure: SnapshotFailure | null;
}

/** What a finished bundle has beside its shards. */
export interface FinishedBundle {
  /** Bytes of index.json and tree.bin. */
  readonly index: Uint8Array;
  readonly tree: Uint8Array;
  /** Of each shard in the order of their numbers. */
  readonly paths: readonly Uint8Array[];
}

const UNFINISHED: SealingState[] = ['REQUESTED', 'SEALING'];
/** So many paths are sent at once, of 512 bytes at most. */
const PATHS_A_STEP = 4096;

interface Asked {
  readonly state: string;
  readonly dropped: boolean;
  readonly weak: boolean;
}

/**
 * A sealed bundle's way from REQUESTED over SEALING to SEALED or FAILED. Steps that come late, twice or from
 * two at once change nothing; retention takes the row away, and with it whatever would be added.
 */
export class SealedBundles {
  constructor(private readonly db: Database) {}

  /**
   * Asks for the bundle of a published snapshot, whose keys the caller was told to be secret. Again it does
   * nothing, but begins anew where it had failed.
   *
   * @param requestedBy API key id
   * @param key says to the signer that this was asked for here
   * @returns whether there is now something to do
   * @throws SolventError SNAPSHOT_NOT_FOUND, SNAPSHOT_NOT_PUBLISHED, PRIVATE_DATA_DROPPED, SEALED_WEAK_IDS
   *   (usage)
   */
  async request(snapshotId: string, requestedBy: string | null, key: RequestKey): Promise<boolean> {
    return inTransaction(this.db.pool, async (client) => {
      // FOR SHARE: retention comes before or after, never between.
      const { rows } = await client.query<Asked>(
        `SELECT state, private_data_dropped_at IS NOT NULL AS dropped, config -> 'acceptWeakIds' IS NOT DISTINCT FROM 'true'::jsonb AS weak
         FROM snapshot WHERE id = $1 FOR SHARE`,
        [snapshotId],
      );
      refuseUnsealable(rows[0]);
      const { rowCount } = await client.query(
        `INSERT INTO sealed_bundle AS b (snapshot_id, requested_by, request_mac) VALUES ($1, $2, $3)
         ON CONFLICT (snapshot_id) DO UPDATE
           SET state = 'REQUESTED', failure = NULL, failed_at = NULL, requested_by = excluded.requested_by, request_mac = excluded.request_mac,
               requested_at = now()
           WHERE b.state = 'FAILED'`,
        [snapshotId, requestedBy, key.bundleMac({ snapshotId, requestedBy })],
      );
      return rowCount === 1;
    });
  }

  /** @returns null when none was asked for, or retention dropped it */
  async progress(snapshotId: string): Promise<SealedBundleProgress | null> {
    const { rows } = await this.db.pool.query<Omit<SealedBundleProgress, 'shards'> & { bits: number | null }>(
      `SELECT b.snapshot_id AS "snapshotId", b.state, b.bits, b.failure, b.requested_at AS "requestedAt", b.sealed_at AS "sealedAt",
         s.batch_count AS batches,
         CASE WHEN b.state = 'SEALED' THEN s.batch_count
           ELSE (SELECT count(*)::int FROM sealed_entries e WHERE e.snapshot_id = b.snapshot_id) END AS "batchesSealed",
         (SELECT count(*)::int FROM sealed_shard h WHERE h.snapshot_id = b.snapshot_id) AS "shardsWritten"
       FROM sealed_bundle b JOIN snapshot s ON s.id = b.snapshot_id WHERE b.snapshot_id = $1`,
      [snapshotId],
    );
    const [row] = rows;
    if (!row) return null;
    const { bits, ...progress } = row;
    return { ...progress, shards: bits === null ? null : 2 ** bits };
  }

  /** Snapshots whose bundles are to be made, or gone on with; oldest request first. */
  async unfinished(): Promise<string[]> {
    const found = await this.db.prisma.sealedBundle.findMany({
      where: { state: { in: UNFINISHED } },
      orderBy: { requestedAt: 'asc' },
      select: { snapshotId: true },
    });
    return found.map(({ snapshotId }) => snapshotId);
  }

  /** The request of a bundle that is still to be made. */
  async wanted(snapshotId: string): Promise<BundleRequest | null> {
    return this.db.prisma.sealedBundle.findFirst({
      where: { snapshotId, state: { in: UNFINISHED } },
      select: { snapshotId: true, requestedBy: true, requestMac: true },
    });
  }

  /** REQUESTED or SEALING → SEALING. @returns false in any other state */
  async begin(snapshotId: string, { bits, entries }: { bits: number; entries: number }): Promise<boolean> {
    const { count } = await this.db.prisma.sealedBundle.updateMany({
      where: { snapshotId, state: { in: UNFINISHED } },
      data: { state: 'SEALING', bits, entries },
    });
    return count === 1;
  }

  /**
   * SEALING → SEALED with everything that was missing, in one transaction: what is served is whole. Entries
   * that waited to be sorted go.
   *
   * @returns false in any other state
   * @throws SolventError SEALED_INCOMPLETE (internal): a shard is not there
   */
  async finish(snapshotId: string, { index, tree, paths }: FinishedBundle): Promise<boolean> {
    return inTransaction(this.db.pool, async (client) => {
      const { rowCount } = await client.query(
        `SELECT FROM sealed_bundle WHERE snapshot_id = $1 AND state = 'SEALING' FOR UPDATE`,
        [snapshotId],
      );
      if (rowCount === 0) return false;
      let written = 0;
      for (let at = 0; at < paths.length; at += PATHS_A_STEP) {
        const step = paths.slice(at, at + PATHS_A_STEP);
        const updated = await client.query(
          `UPDATE sealed_shard h SET path = p.path FROM unnest($2::bytea[]) WITH ORDINALITY p(path, place)
           WHERE h.snapshot_id = $1 AND h.number = $3 + p.place - 1`,
          [snapshotId, step.map((path) => Buffer.from(path)), at],
        );
        written += updated.rowCount ?? 0;
      }
      if (written !== paths.length)
        throw new SolventError(
          'SEALED_INCOMPLETE',
          'internal',
          `the sealed bundle of ${snapshotId} has ${written} shards of ${paths.length}: it is not published`,
          { snapshot: snapshotId },
        );
      await client.query(
        `UPDATE sealed_bundle SET state = 'SEALED', index = $2, tree = $3, sealed_at = now() WHERE snapshot_id = $1`,
        [snapshotId, index, tree],
      );
      await client.query('DELETE FROM sealed_entries WHERE snapshot_id = $1', [snapshotId]);
      return true;
    });
  }

  /**
   * Any unfinished state → FAILED, and the signer's line in the audit: both or neither. What was made of it
   * stays for when it is asked for again.
   */
  async fail(snapshotId: string, { code, message, details = {} }: SnapshotFailure): Promise<boolean> {
    const { rowCount } = await this.db.pool.query(
      `WITH failed AS (
         UPDATE sealed_bundle SET state = 'FAILED', failure = $2, failed_at = now()
         WHERE snapshot_id = $1 AND state::text = ANY($3) RETURNING snapshot_id)
       INSERT INTO audit_event (actor, action, target, details)
         SELECT 'signer', 'bundle.fail', snapshot_id, $4 FROM failed`,
      [snapshotId, JSON.stringify({ code, message, details }), UNFINISHED, JSON.stringify({ code })],
    );
    return rowCount === 1;
  }
}

/** @throws SolventError as `request` */
function refuseUnsealable(snapshot: Asked | undefined): void {
  if (!snapshot) throw refusal('SNAPSHOT_NOT_FOUND', 'there is no snapshot of this name');
  if (snapshot.state !== 'PUBLISHED')
    throw refusal(
      'SNAPSHOT_NOT_PUBLISHED',
      `the snapshot is ${snapshot.state}: a sealed bundle belongs to a manifest; ask again when it is published`,
    );
  if (snapshot.dropped)
    throw refusal(
      'PRIVATE_DATA_DROPPED',
      "this snapshot's accounts were dropped after their time: nothing is left that a bundle could be made of",
    );
  if (snapshot.weak)
    throw refusal(
      'SEALED_WEAK_IDS',
      'the snapshot accepts identifiers that can be guessed (acceptWeakIds), and whoever has a sealed bundle can try keys for ever: give the accounts other identifiers and prove a new snapshot',
    );
}

function refusal(code: string, message: string): SolventError {
  return new SolventError(code, 'usage', message);
}

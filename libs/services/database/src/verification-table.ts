import type { Findings } from '@solvent-por/verifier';
import type { Database } from './database';
import type { GlobalVerification } from './generated/prisma/client';
import { askableId } from './snapshot-id';

/**
 * What is kept of the last verification of a snapshot's global proof; `valid` is null while it runs, and when
 * it broke off for reasons that are not the proof's.
 */
export type VerificationRecord = Readonly<Omit<GlobalVerification, 'verdict'>> & {
  /** A VerdictRecord. */
  readonly verdict: unknown;
};

/** The JSON of its verdict. */
export interface VerdictRecord extends Findings {
  readonly code: string | null;
  readonly reason: string | null;
}

/**
 * One row a snapshot. `started_at` names the run: one that lost its claim to another changes nothing any
 * more.
 */
export class VerificationTable {
  constructor(private readonly db: Database) {}

  find(snapshotId: string): Promise<VerificationRecord | null> {
    return this.db.prisma.globalVerification.findUnique({
      where: { snapshotId: askableId(snapshotId) },
    });
  }

  /**
   * Starts one, unless another one runs (its heart beats) or ended with a verdict less than `freshSeconds`
   * ago.
   * @returns when it started, which names this run from now on; undefined when it may not start
   */
  async claim(
    snapshotId: string,
    batchCount: number,
    { staleSeconds, freshSeconds }: { readonly staleSeconds: number; readonly freshSeconds: number },
  ): Promise<Date | undefined> {
    const { rows } = await this.db.pool.query<{ started_at: Date }>(
      `INSERT INTO global_verification AS v (snapshot_id, started_at, heartbeat_at, batches_done, batch_count)
       VALUES ($1, clock_timestamp(), clock_timestamp(), 0, $2)
       ON CONFLICT (snapshot_id) DO UPDATE
         SET started_at = clock_timestamp(), heartbeat_at = clock_timestamp(), batches_done = 0,
             batch_count = excluded.batch_count, finished_at = NULL, valid = NULL, verdict = NULL
         WHERE CASE WHEN v.finished_at IS NULL THEN v.heartbeat_at < clock_timestamp() - make_interval(secs => $3)
                    ELSE v.valid IS NULL OR v.finished_at < clock_timestamp() - make_interval(secs => $4) END
       RETURNING started_at`,
      [snapshotId, batchCount, staleSeconds, freshSeconds],
    );
    return rows[0]?.started_at;
  }

  async beat(snapshotId: string, run: Date, batchesDone: number): Promise<void> {
    await this.#update('heartbeat_at = clock_timestamp(), batches_done = $3', snapshotId, run, batchesDone);
  }

  async finish(snapshotId: string, run: Date, valid: boolean | null, verdict: VerdictRecord): Promise<void> {
    const changes = 'finished_at = clock_timestamp(), valid = $3, verdict = $4';
    await this.#update(changes, snapshotId, run, valid, JSON.stringify(verdict));
  }

  /** Lets another one start at once. */
  async abandon(snapshotId: string, run: Date): Promise<void> {
    await this.#update("heartbeat_at = 'epoch'", snapshotId, run);
  }

  async #update(changes: string, snapshotId: string, run: Date, ...values: unknown[]): Promise<void> {
    await this.db.pool.query(
      `UPDATE global_verification SET ${changes} WHERE snapshot_id = $1 AND started_at = $2 AND finished_at IS NULL`,
      [snapshotId, run, ...values],
    );
  }
}

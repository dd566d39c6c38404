import type { ProofRequested, SnapshotRun } from '@solvent-por/services/contracts';
import type { Database } from './database';
import { addJobPart, takeWholePayload } from './job-parts';
import { storeProof, type ProvedBatches, type StoreOutcome } from './proof-store';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/**
 * A witness or a proof has a few hundred kilobytes or, with hundreds of assets, tens of megabytes: so much of
 * them is held at once, or one.
 */
const PAGE_BYTES = 4 * 1024 * 1024;
const MOST_A_PAGE = 16;

interface WitnessRow {
  readonly witness: Buffer | null;
  readonly witness_key_id: string;
  readonly attempt: number;
}

const WITNESSES = `SELECT b.batch, b.witness, b.witness_key_id, s.attempt FROM batch b JOIN snapshot s ON s.id = b.snapshot_id
  WHERE b.snapshot_id = $1`;

/**
 * Proofs and batches of a snapshot, written by provers, read by whoever finalises it and by the gateway; streams
 * go through the rows in order, page by page.
 */
export class ProofStore {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /** See `storeProof`. */
  async store(run: SnapshotRun, proof: ProvedBatches): Promise<StoreOutcome> {
    return storeProof(this.db, this.keyring, run, proof);
  }

  /** As they were stored, without their sums, which are made from them. */
  async *proofs(
    snapshotId: string,
  ): AsyncGenerator<{ readonly first: number; readonly proof: Uint8Array }, void> {
    yield* this.#pages<{ first: number; proof: Buffer }>(
      'SELECT first, proof FROM proof WHERE snapshot_id = $1 AND first > $2 ORDER BY first LIMIT $3',
      snapshotId,
      ({ first }) => first,
      ({ proof }) => proof.length,
    );
  }

  /**
   * What opens a batch's rows; null when there is no such batch, or retention dropped it.
   *
   * @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN
   */
  async witness(snapshotId: string, batch: number): Promise<Uint8Array | null> {
    const { rows } = await this.db.pool.query<WitnessRow>({
      name: 'witness',
      text: `${WITNESSES} AND b.batch = $2`,
      values: [snapshotId, batch],
    });
    return rows[0] ? this.#open(snapshotId, batch, rows[0]) : null;
  }

  /** Batches without a witness (after retention) are left out. @throws as `witness` */
  async *witnesses(
    snapshotId: string,
  ): AsyncGenerator<{ readonly batch: number; readonly witness: Uint8Array }, void> {
    const pages = this.#pages<{ batch: number } & WitnessRow>(
      `${WITNESSES} AND b.batch > $2 ORDER BY b.batch LIMIT $3`,
      snapshotId,
      ({ batch }) => batch,
      ({ witness }) => witness?.length ?? 0,
    );
    for await (const row of pages) {
      const witness = this.#open(snapshotId, row.batch, row);
      if (witness) yield { batch: row.batch, witness };
    }
  }

  /** See `addJobPart`. */
  async addPart(message: ProofRequested): Promise<boolean> {
    return addJobPart(this.db, message);
  }

  /** See `takeWholePayload`. */
  async takeWholePayload(message: ProofRequested): Promise<Uint8Array | undefined> {
    return takeWholePayload(this.db, message);
  }

  /** Once a job is proved. */
  async dropParts({ snapshotId }: SnapshotRun, first: number): Promise<void> {
    await this.db.pool.query('DELETE FROM job_part WHERE snapshot_id = $1 AND first = $2', [
      snapshotId,
      first,
    ]);
  }

  #open(
    snapshotId: string,
    batch: number,
    { witness, witness_key_id: keyId, attempt }: WitnessRow,
  ): Uint8Array | null {
    return witness && this.keyring.open(witness, keyId, sealContext.witness(snapshotId, attempt, batch));
  }

  /** How large rows are shows the first one: the pages after it hold as many as fit. */
  async *#pages<Row extends object>(
    sql: string,
    snapshotId: string,
    position: (row: Row) => number,
    bytes: (row: Row) => number,
  ): AsyncGenerator<Row, void> {
    for (let [last, size] = [-1, 1]; ;) {
      const { rows } = await this.db.pool.query<Row>(sql, [snapshotId, last, size]);
      yield* rows;
      const end = rows.at(-1);
      if (end === undefined) return;
      last = position(end);
      const largest = Math.max(1, ...rows.map(bytes));
      size = Math.min(MOST_A_PAGE, Math.max(1, Math.floor(PAGE_BYTES / largest)));
    }
  }
}

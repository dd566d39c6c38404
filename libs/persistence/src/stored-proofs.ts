import type { ProofRequested, SnapshotRun } from '@solvent/event-contracts';
import { slices } from './bytes';
import type { Database } from './database';
import { addJobPart, takeWholePayload } from './job-parts';
import { storeProof, type ProvedBatches, type StoreOutcome } from './proof-store';
import { sealContext, type WitnessKeyring } from './witness-keyring';

/** A batch's leaf of the sum tree. */
export interface StoredLeaf {
  readonly batch: number;
  readonly tag: Uint8Array;
  /** 96 bytes each, uncompressed. */
  readonly sums: Uint8Array[];
  readonly accounts: number;
}

const LEAVES_A_PAGE = 512;
/** A witness or a line may have megabytes: few are held at once. */
const LARGE_A_PAGE = 4;
const SUM_BYTES = 96;

interface WitnessRow {
  readonly witness: Buffer | null;
  readonly witness_key_id: string;
}

/** Proofs and batches of a snapshot, written by provers, read by whoever closes it and by the gateway; streams go through the rows in order, page by page. */
export class ProofStore {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  /** See `storeProof`. */
  async store(run: SnapshotRun, proof: ProvedBatches): Promise<StoreOutcome> {
    return storeProof(this.db, this.keyring, run, proof);
  }

  async *leaves(snapshotId: string): AsyncGenerator<StoredLeaf> {
    const pages = this.#pages<{ batch: number; tag: Buffer; sums: Buffer; accounts: number }>(
      `SELECT batch, tag, sums, accounts FROM batch WHERE snapshot_id = $1 AND batch > $2 ORDER BY batch LIMIT ${LEAVES_A_PAGE}`,
      snapshotId,
      ({ batch }) => batch,
    );
    for await (const { sums, ...leaf } of pages) yield { ...leaf, sums: slices(sums, SUM_BYTES) };
  }

  /**
   * What opens a batch's rows; null when there is no such batch, or retention dropped it.
   *
   * @throws SolventError WITNESS_KEY_UNKNOWN | WITNESS_SEAL_BROKEN
   */
  async witness(snapshotId: string, batch: number): Promise<Uint8Array | null> {
    const { rows } = await this.db.pool.query<WitnessRow>({
      name: 'witness',
      text: 'SELECT witness, witness_key_id FROM batch WHERE snapshot_id = $1 AND batch = $2',
      values: [snapshotId, batch],
    });
    return rows[0]?.witness ? this.#open(snapshotId, batch, rows[0].witness, rows[0].witness_key_id) : null;
  }

  /** Batches without a witness (after retention) are left out. @throws as `witness` */
  async *witnesses(
    snapshotId: string,
  ): AsyncGenerator<{ readonly batch: number; readonly witness: Uint8Array }> {
    const pages = this.#pages<{ batch: number } & WitnessRow>(
      `SELECT batch, witness, witness_key_id FROM batch WHERE snapshot_id = $1 AND batch > $2 ORDER BY batch LIMIT ${LARGE_A_PAGE}`,
      snapshotId,
      ({ batch }) => batch,
    );
    for await (const { batch, witness, witness_key_id: keyId } of pages)
      if (witness) yield { batch, witness: this.#open(snapshotId, batch, witness, keyId) };
  }

  /** Lines of global-proof.ndjson after the manifest's, without LF. */
  async *lines(
    snapshotId: string,
    from = 0,
  ): AsyncGenerator<{ readonly first: number; readonly line: Uint8Array }> {
    yield* this.#pages<{ first: number; line: Buffer }>(
      `SELECT first, line FROM proof WHERE snapshot_id = $1 AND first > $2 ORDER BY first LIMIT ${LARGE_A_PAGE}`,
      snapshotId,
      ({ first }) => first,
      from - 1,
    );
  }

  /** In the order of the file: what its length and the place of any byte follow from. */
  async lineLengths(snapshotId: string): Promise<{ readonly first: number; readonly bytes: number }[]> {
    const { rows } = await this.db.pool.query<{ first: number; bytes: number }>(
      'SELECT first, line_bytes AS bytes FROM proof WHERE snapshot_id = $1 ORDER BY first',
      [snapshotId],
    );
    return rows;
  }

  /** Bytes of one line, for Range requests; the server reads no more of it than that. */
  async lineSlice(
    snapshotId: string,
    first: number,
    offset: number,
    length: number,
  ): Promise<Uint8Array | null> {
    const { rows } = await this.db.pool.query<{ slice: Buffer }>(
      'SELECT substring(line FROM $3::int FOR $4::int) AS slice FROM proof WHERE snapshot_id = $1 AND first = $2',
      [snapshotId, first, offset + 1, length],
    );
    return rows[0]?.slice ?? null;
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

  #open(snapshotId: string, batch: number, sealed: Uint8Array, keyId: string): Uint8Array {
    return this.keyring.open(sealed, keyId, sealContext.witness(snapshotId, batch));
  }

  async *#pages<Row extends object>(
    sql: string,
    snapshotId: string,
    position: (row: Row) => number,
    after = -1,
  ): AsyncGenerator<Row> {
    for (let last = after; ;) {
      const { rows } = await this.db.pool.query<Row>(sql, [snapshotId, last]);
      yield* rows;
      const end = rows.at(-1);
      if (end === undefined) return;
      last = position(end);
    }
  }
}

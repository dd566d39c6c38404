import type { CommitterTables } from '@solvent/algebra/native';
import type { AccountBatch, Header } from '@solvent/proof/verify';
import { workerFile } from './files';
import { ThreadPool } from './threads/thread-pool';
import type { ProofKeys } from './witness';

/** What every thread is given. */
export interface JobWorkerData {
  readonly keys: ProofKeys;
  readonly tables: CommitterTables | undefined;
}

/** A proof to make. */
export interface ProofJob {
  readonly header: Header;
  /** Index of the first batch. */
  readonly first: number;
  /** 1…layout.maxBatches batches. */
  readonly batches: readonly AccountBatch[];
}

/** A proof as it is stored, verified by the thread that made it. */
export interface ProvedJob {
  readonly first: number;
  /** As `unsummedBytes` gives it: its sums are made when the snapshot is closed. */
  readonly proof: Uint8Array;
  /** Time the thread was busy with it. */
  readonly seconds: number;
  readonly batches: ReadonlyArray<{
    readonly batch: number;
    readonly count: number;
    /** 32 bytes an account, in the order of the rows. */
    readonly ids: Uint8Array;
    /** As `encodeStoredBatch` gives it: plain balances, to be sealed. */
    readonly witness: Uint8Array;
  }>;
}

/** Proves batches of any snapshots under one set of keys, in worker threads; the same bytes as proveSnapshot writes. */
export class ProofPool {
  readonly #pool: ThreadPool;

  /**
   * @param options.workers proofs made side by side; each takes one core
   * @param options.tables of `buildCommitterTables`, shared by all threads; without them each makes its own
   */
  constructor(options: {
    readonly workers: number;
    readonly keys: ProofKeys;
    readonly tables?: CommitterTables;
  }) {
    const { salt, blinding } = options.keys;
    this.#pool = new ThreadPool({
      file: workerFile('job-worker'),
      threads: options.workers,
      workerData: { keys: { salt, blinding }, tables: options.tables } satisfies JobWorkerData,
    });
  }

  /** @throws SolventError WITNESS_OUT_OF_RANGE (invalid), PROOF_SELF_CHECK | WORKER_DIED | POOL_ENDED (internal) */
  prove(job: ProofJob): Promise<ProvedJob> {
    return this.#pool.run<ProvedJob>('prove', job);
  }

  isReady(): boolean {
    return this.#pool.isReady();
  }

  /** Waits until every thread has its set-up, which was checked against its digest. @throws SolventError SETUP_DIGEST_MISMATCH, … */
  ready(): Promise<void> {
    return this.#pool.ready();
  }

  /** Lets running proofs end; what waits is refused. */
  end(): Promise<void> {
    return this.#pool.end();
  }
}

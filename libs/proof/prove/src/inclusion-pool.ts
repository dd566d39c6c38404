import type { OpeningTables } from '@solvent/algebra';
import type { CommitterTables } from '@solvent/algebra/native';
import type { InclusionVerdict, Manifest } from '@solvent/proof/verify';
import type { BatchPlace } from './inclusion-prover';
import { workerFile } from './files';
import { ThreadPool } from './threads/thread-pool';

/** What every thread is given. */
export interface DocumentWorkerData {
  readonly tables: OpeningTables | undefined;
  readonly committing: CommitterTables | undefined;
  readonly eager: boolean;
}

/** Rows of one batch to open. */
export interface InclusionTask {
  readonly manifest: Manifest;
  /** As `encodeStoredBatch` gave it. */
  readonly witness: Uint8Array;
  readonly batch: number;
  readonly place: BatchPlace;
  /** As `cells` gave it; without it what the rows need is made anew. */
  readonly cells?: Uint8Array;
  readonly rows: readonly number[];
}

/** Rows of a batch that a thread may still have: far less to send than a witness. */
export type KeptRows = Pick<InclusionTask, 'manifest' | 'batch' | 'rows'>;

/** What names a kept batch to a thread: the signature names the whole manifest. */
export interface KeptTask {
  readonly manifest: string;
  readonly batch: number;
  readonly rows: readonly number[];
}

/** A batch whose cells and subcells are to be opened, once for all its accounts. */
export type CellsTask = Pick<InclusionTask, 'manifest' | 'witness' | 'batch'>;

/** A batch to seal whole, for a sealed bundle. */
export interface SealBatchTask extends CellsTask {
  readonly place: BatchPlace;
  /** Shard prefixes of its accounts, row by row. */
  readonly prefixes: Uint16Array;
}

/** An inclusion file to verify, with what the user brought. */
export interface VerificationTask {
  /** From outside: any bytes. */
  readonly document: Uint8Array;
  /** Bytes of a manifest that the caller trusts. */
  readonly manifest: Uint8Array;
  /** The account key, 32 bytes from the user. */
  readonly key?: Uint8Array;
}

/** The verdict, or why there can be none. */
export type VerificationAnswer = InclusionVerdict | { readonly malformed: string; readonly code: string };

/** Proves and verifies inclusions in worker threads; documents are the bytes that proveInclusions writes. */
export class InclusionPool {
  readonly #pool: ThreadPool;

  /**
   * @param options.tables of `openingTables`, shared by all threads: who opens many rows halves the price of each; without them every thread makes narrow ones
   * @param options.committing of `buildCommitterTables`, for openings that few ask for; without them every thread makes its own when they are asked for
   * @param options.eager load now what only the first look-up of a batch needs: 1.4 seconds a thread
   */
  constructor(options: {
    readonly workers: number;
    readonly tables?: OpeningTables;
    readonly committing?: CommitterTables;
    readonly eager?: boolean;
  }) {
    const { tables, committing, eager = false } = options;
    this.#pool = new ThreadPool({
      file: workerFile('document-worker'),
      threads: options.workers,
      workerData: { tables, committing, eager } satisfies DocumentWorkerData,
    });
  }

  /**
   * @returns canonical documents of the rows, in their order
   * @throws SolventError ROW_EMPTY (internal), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid), WORKER_DIED | POOL_ENDED (internal)
   */
  prove(task: InclusionTask): Promise<Uint8Array[]> {
    // The thread that has the batch's account tree need not hash it again.
    return this.#pool.run('prove', task, `${task.manifest.root}/${task.batch}`);
  }

  /**
   * The same, where the thread that is asked still has the batch from a task with its cells; else undefined: then its witness is needed.
   * @throws SolventError ROW_EMPTY | WORKER_DIED | POOL_ENDED (internal)
   */
  proveKept({ manifest, batch, rows }: KeptRows): Promise<Uint8Array[] | undefined> {
    const task: KeptTask = { manifest: manifest.signature, batch, rows };
    return this.#pool.run('proveKept', task, `${manifest.root}/${batch}`);
  }

  /**
   * π64 of a batch's cells and π8 of its subcells (section 9): 27,648 bytes, made once when a snapshot is finalised, or for the first look-up of the batch. They
   * belong to the manifest's γ; its accounts' inclusions show them.
   */
  cells(task: CellsTask): Promise<Uint8Array> {
    return this.#pool.run('cells', task, `${task.manifest.root}/${task.batch}`);
  }

  /** A plain EIP-4844 opening of one row's folded value, 48 bytes: on request, at the price of a commitment (section 9). */
  plain(task: CellsTask & { readonly row: number }): Promise<Uint8Array> {
    return this.#pool.run('plain', task, `${task.manifest.root}/${task.batch}`);
  }

  /**
   * The sealed entries of all accounts of a batch (section 15), in the ascending order of their shard prefixes.
   * @throws SolventError SEALED_PREFIXES_MISSING, WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid), INCLUSION_SELF_CHECK | WORKER_DIED | POOL_ENDED (internal)
   */
  seal(task: SealBatchTask): Promise<Uint8Array> {
    return this.#pool.run('seal', task);
  }

  /** @throws SolventError MANIFEST_MALFORMED (of the trusted one), WORKER_DIED | POOL_ENDED (internal) */
  verify(task: VerificationTask): Promise<VerificationAnswer> {
    return this.#pool.run('verify', task);
  }

  isReady(): boolean {
    return this.#pool.isReady();
  }

  /** Waits until every thread has its set-up, which was checked against its digest. @throws SolventError SETUP_DIGEST_MISMATCH, … */
  ready(): Promise<void> {
    return this.#pool.ready();
  }

  /** Lets running tasks end; what waits is refused. */
  end(): Promise<void> {
    return this.#pool.end();
  }
}

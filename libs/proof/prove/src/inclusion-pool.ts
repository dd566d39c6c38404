import type { InclusionVerdict, Manifest } from '@solvent/proof/verify';
import type { BatchPlace } from './inclusion-prover';
import { workerFile } from './files';
import { ThreadPool } from './threads/thread-pool';

/** Rows of one batch to open. */
export interface InclusionTask {
  readonly manifest: Manifest;
  /** As `encodeStoredBatch` gave it. */
  readonly witness: Uint8Array;
  readonly batch: number;
  readonly place: BatchPlace;
  readonly rows: readonly number[];
}

/** An inclusion file to verify, with what the user brought. */
export interface VerificationTask {
  /** From outside: any bytes. */
  readonly document: Uint8Array;
  /** 32 bytes from the user, never from the file. */
  readonly id?: Uint8Array;
  /** Bytes of a manifest that the caller trusts. */
  readonly manifest?: Uint8Array;
}

/** The verdict, or why there can be none. */
export type VerificationAnswer = InclusionVerdict | { readonly malformed: string; readonly code: string };

/** Proves and verifies inclusions in worker threads; documents are the bytes that proveInclusions writes. */
export class InclusionPool {
  readonly #pool: ThreadPool;

  constructor(options: { readonly workers: number }) {
    this.#pool = new ThreadPool({
      file: workerFile('document-worker'),
      threads: options.workers,
      workerData: undefined,
    });
  }

  /**
   * @returns canonical documents of the rows, in their order
   * @throws SolventError ROW_EMPTY (internal), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid), WORKER_DIED | POOL_ENDED (internal)
   */
  prove(task: InclusionTask): Promise<Uint8Array[]> {
    // The thread that has the batch's columns need not fill them again.
    return this.#pool.run('prove', task, `${task.manifest.root}/${task.batch}`);
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

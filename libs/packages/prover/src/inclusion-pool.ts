import type { OpeningTables } from '@solvent-por/kzg';
import type { CommitterTables } from '@solvent-por/kzg/native';
import type {
  CellsTask,
  ClaimAnswer,
  ClaimsTask,
  ClaimVerificationTask,
  InclusionTask,
  MadeClaimFile,
  SealBatchTask,
  VerificationAnswer,
  VerificationTask,
} from './work/inclusions';
import { openPool } from './work/open-pool';

export type {
  CellsTask,
  ClaimAnswer,
  ClaimsTask,
  ClaimVerificationTask,
  InclusionTask,
  MadeClaimFile,
  SealBatchTask,
  VerificationAnswer,
  VerificationTask,
};

/** Rows of a batch that a thread may still have: far less to send than a witness. */
export type KeptRows = Pick<InclusionTask, 'manifest' | 'batch' | 'rows'>;

/** Proves and verifies inclusions, and verifies claims, in worker threads; documents are the bytes that proveInclusions writes. */
export class InclusionPool {
  readonly #pool: ReturnType<typeof openPool<'inclusions'>>;

  /**
   * @param options.tables of `openingTables`, shared by all threads: who opens many rows halves the price of
   *   each; without them every thread makes narrow ones
   * @param options.committing of `buildCommitterTables`, for openings that few ask for; without them every
   *   thread makes its own when they are asked for
   * @param options.eager load now what only the first look-up of a batch needs: 1.4 seconds a thread
   */
  constructor(options: {
    readonly workers: number;
    readonly tables?: OpeningTables;
    readonly committing?: CommitterTables;
    readonly eager?: boolean;
  }) {
    const { tables, committing, eager = false } = options;
    this.#pool = openPool('inclusions', { threads: options.workers, data: { tables, committing, eager } });
  }

  /**
   * @returns canonical documents of the rows, in their order
   * @throws SolventError ROW_EMPTY (internal), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid),
   *   WORKER_DIED | POOL_ENDED (internal)
   */
  prove(task: InclusionTask): Promise<Uint8Array[]> {
    // The thread that has the batch's account tree need not hash it again.
    return this.#pool.run('prove', task, `${task.manifest.root}/${task.batch}`);
  }

  /**
   * The same, where the thread that is asked still has the batch from a task with its cells; else undefined:
   * then its witness is needed.
   * @throws SolventError ROW_EMPTY | WORKER_DIED | POOL_ENDED (internal)
   */
  proveKept({ manifest, batch, rows }: KeptRows): Promise<Uint8Array[] | undefined> {
    const task = { manifest: manifest.signature, batch, rows };
    return this.#pool.run('proveKept', task, `${manifest.root}/${batch}`);
  }

  /**
   * Claim files of rows (section 13), in their order: each for the account's owner alone, who is known by the
   * mark that comes with it.
   * @throws SolventError CLAIMS_NOT_OFFERED (usage), ROW_EMPTY | CLAIM_SELF_CHECK | WORKER_DIED | POOL_ENDED
   *   (internal), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN | CLAIM_MARKS_MISSING (invalid)
   */
  claims(task: ClaimsTask): Promise<MadeClaimFile[]> {
    return this.#pool.run('claims', task, `${task.manifest.root}/${task.batch}`);
  }

  /** The same, where the thread that is asked still has the batch's claim tree; else undefined. */
  claimsKept({ manifest, batch, rows }: KeptRows): Promise<MadeClaimFile[] | undefined> {
    const task = { manifest: manifest.signature, batch, rows };
    return this.#pool.run('claimsKept', task, `${manifest.root}/${batch}`);
  }

  /**
   * π64 of a batch's cells and π8 of its subcells (section 9): 27,648 bytes, made once when a snapshot is
   * finalised, or for the first look-up of the batch. They belong to the manifest's γ; its accounts'
   * inclusions show them.
   */
  cells(task: CellsTask): Promise<Uint8Array> {
    return this.#pool.run('cells', task, `${task.manifest.root}/${task.batch}`);
  }

  /**
   * A plain EIP-4844 opening of one row's folded value, 48 bytes: on request, at the price of a commitment
   * (section 9).
   */
  plain(task: CellsTask & { readonly row: number }): Promise<Uint8Array> {
    return this.#pool.run('plain', task, `${task.manifest.root}/${task.batch}`);
  }

  /**
   * The sealed entries of all accounts of a batch (section 15), in the ascending order of their shard
   * prefixes.
   * @throws SolventError SEALED_PREFIXES_MISSING, WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid),
   *   INCLUSION_SELF_CHECK | WORKER_DIED | POOL_ENDED (internal)
   */
  seal(task: SealBatchTask): Promise<Uint8Array> {
    return this.#pool.run('seal', task);
  }

  /** @throws SolventError MANIFEST_MALFORMED (of the trusted one), WORKER_DIED | POOL_ENDED (internal) */
  verify(task: VerificationTask): Promise<VerificationAnswer> {
    return this.#pool.run('verify', task);
  }

  /**
   * Verifies a private claim: 33 to 60 ms of pairings, which nobody else should wait for.
   * @throws SolventError MANIFEST_MALFORMED, CLAIM_KEY_MALFORMED (of what is trusted), CLAIM_TRUSTED (usage),
   *   WORKER_DIED | POOL_ENDED (internal)
   */
  verifyClaim(task: ClaimVerificationTask): Promise<ClaimAnswer> {
    return this.#pool.run('verifyClaim', task);
  }

  isReady(): boolean {
    return this.#pool.isReady();
  }

  /**
   * Waits until every thread has its set-up, which was checked against its digest.
   * @throws SolventError SETUP_DIGEST_MISMATCH, …
   */
  ready(): Promise<void> {
    return this.#pool.ready();
  }

  /** Lets running tasks end; what waits is refused. */
  end(): Promise<void> {
    return this.#pool.end();
  }
}

import type { CommitterTables } from '@solvent-por/kzg/native';
import type { AccountBatch } from '@solvent-por/verifier';
import type { CheckedProof } from './checked-proof';
import { openPool } from './work/open-pool';
import type { ProofJob } from './work/prove';
import type { ProofKeys } from './witness';

export type { ProofJob };

/** A proof as it is stored, verified by the thread that made it. */
export interface ProvedJob extends Pick<CheckedProof, 'proof'> {
  readonly first: number;
  /** Time the thread was busy with it. */
  readonly seconds: number;
  /** What is kept of each batch, and whose it is: ids have 32 bytes an account, in the order of the rows. */
  readonly batches: ReadonlyArray<CheckedProof['batches'][number] & Pick<AccountBatch, 'count' | 'ids'>>;
}

/**
 * Proves batches of any snapshots under one set of keys, in worker threads. What becomes of a proof is the
 * caller's: a folder, a database.
 */
export class ProofPool {
  readonly #pool: ReturnType<typeof openPool<'prove'>>;

  /**
   * @param options.workers proofs made side by side; each takes one core
   * @param options.tables of `buildCommitterTables`, shared by all threads; without them each makes its own
   */
  constructor(options: {
    readonly workers: number;
    readonly keys: ProofKeys;
    readonly tables?: CommitterTables;
  }) {
    const { salt, blinding, claim } = options.keys;
    const data = { keys: { salt, blinding, ...(claim && { claim }) }, tables: options.tables };
    this.#pool = openPool('prove', { threads: options.workers, data });
  }

  /**
   * @throws SolventError WITNESS_OUT_OF_RANGE (invalid), CLAIM_KEY_MISSING (usage: claims are wanted), PROOF_SELF_CHECK |
   *   CLAIM_SELF_CHECK | WORKER_DIED | POOL_ENDED (internal)
   */
  async prove(job: ProofJob): Promise<ProvedJob> {
    const { proof, seconds, batches } = await this.#pool.run('prove', job);
    const kept = batches.map((proved, i) => {
      const { count, ids } = job.batches[i]!;
      return { ...proved, count, ids };
    });
    return { first: job.first, proof, seconds, batches: kept };
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

  /** Lets running proofs end; what waits is refused. */
  end(): Promise<void> {
    return this.#pool.end();
  }
}

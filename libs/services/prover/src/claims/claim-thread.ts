import { ThreadPool, workerFile } from '@solvent-por/prover/threads';
import type { CLAIM_WORK } from './claim-work-table';
import type { ClaimTask } from './claim-work';

type Work = Awaited<ReturnType<Awaited<ReturnType<typeof CLAIM_WORK.claims>>['start']>>;

/** Makes claims, one at a time. */
export interface ClaimMaker {
  /** @throws SolventError CLAIM_TOOLS_MISSING (usage) */
  ready(): Promise<void>;
  /** @returns the claim's document @throws as the work; WORKER_DIED | POOL_ENDED (internal) */
  prove(task: ClaimTask): Promise<Uint8Array>;
  end(): Promise<void>;
}

/** In a thread of its own, which takes one core at most, and none while nobody asks. */
export class ClaimThread implements ClaimMaker {
  readonly #pool: ThreadPool<Work>;

  /** @param folder of keys, as `solvent ceremony export` writes it */
  constructor(folder: string) {
    const file = workerFile('services', 'claims-worker.cjs');
    this.#pool = new ThreadPool({ file, work: 'claims', threads: 1, data: { folder } });
  }

  ready(): Promise<void> {
    return this.#pool.ready();
  }

  prove(task: ClaimTask): Promise<Uint8Array> {
    return this.#pool.run('prove', task);
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

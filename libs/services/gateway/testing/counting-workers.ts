import { InclusionPool, type InclusionTask, type VerificationTask } from '@solvent/proof/prove';
import type { InclusionWorkers } from '@solvent/services/gateway';

/** The real worker threads, and a count of what they are given. */
export class CountingWorkers implements InclusionWorkers {
  /** Rows of each task. */
  readonly tasks: number[][] = [];
  readonly #pool = new InclusionPool({ workers: 1 });

  prove(task: InclusionTask): Promise<Uint8Array[]> {
    this.tasks.push([...task.rows]);
    return this.#pool.prove(task);
  }

  verify(task: VerificationTask) {
    return this.#pool.verify(task);
  }

  isReady(): boolean {
    return this.#pool.isReady();
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

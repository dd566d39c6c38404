import { InclusionPool, type KeptRows, type MadeClaimFile } from '@solvent-por/prover';
import type { InclusionWorkers } from '@solvent-por/services/gateway';

/** The real worker threads, and a count of what they are given. */
export class CountingWorkers implements InclusionWorkers {
  /** Rows of each task that was proved. */
  readonly tasks: number[][] = [];
  /** Batches whose cells were made, and whose witness a thread was given. */
  readonly cellsMade: number[] = [];
  readonly witnesses: number[] = [];
  /** Batches whose claim trees were made. */
  readonly claimTrees: number[] = [];
  readonly #pool = new InclusionPool({ workers: 1 });

  async proveKept(task: KeptRows): Promise<Uint8Array[] | undefined> {
    const documents = await this.#pool.proveKept(task);
    if (documents) this.tasks.push([...task.rows]);
    return documents;
  }

  prove(task: Parameters<InclusionWorkers['prove']>[0]): Promise<Uint8Array[]> {
    this.tasks.push([...task.rows]);
    this.witnesses.push(task.batch);
    return this.#pool.prove(task);
  }

  cells(task: Parameters<InclusionWorkers['cells']>[0]): Promise<Uint8Array> {
    this.cellsMade.push(task.batch);
    return this.#pool.cells(task);
  }

  async claimsKept(task: KeptRows): Promise<MadeClaimFile[] | undefined> {
    return this.#pool.claimsKept(task);
  }

  claims(task: Parameters<InclusionWorkers['claims']>[0]): Promise<MadeClaimFile[]> {
    this.claimTrees.push(task.batch);
    return this.#pool.claims(task);
  }

  isReady(): boolean {
    return this.#pool.isReady();
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

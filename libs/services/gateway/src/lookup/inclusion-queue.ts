import { SolventError } from '@solvent-por/kzg';
import type { BatchMaterial } from './batch-materials';

export interface InclusionQueueOptions {
  /** Worker threads behind `prove`. */
  readonly workers: number;
  /** Reads a batch's cells and place in the sum tree. */
  readonly load: (snapshotId: string, batch: number) => Promise<BatchMaterial>;
  /** Canonical documents of the rows, in their order. */
  readonly prove: (
    snapshotId: string,
    material: BatchMaterial,
    rows: readonly number[],
  ) => Promise<Uint8Array[]>;
  /** Rows of one task at most: the first of them waits for the last. */
  readonly rowsPerTask?: number;
  /** Rows that may wait before more are refused. */
  readonly mostWaiting?: number;
}

interface Waiting {
  readonly promise: Promise<Uint8Array>;
  readonly resolve: (document: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

interface Group {
  readonly snapshotId: string;
  readonly batch: number;
  readonly rows: Map<number, Waiting>;
}

/**
 * Proves inclusions in the order they are asked for, a batch at a time: rows of a batch that is being read or
 * proved already are gathered and proved together by its next task, for its cells and its account tree are
 * the same for all of them.
 */
export class InclusionQueue {
  readonly #groups = new Map<string, Group>();
  readonly #ready: Group[] = [];
  readonly #slots: number;
  readonly #rowsPerTask: number;
  readonly #mostWaiting: number;
  #running = 0;
  #waiting = 0;

  constructor(private readonly options: InclusionQueueOptions) {
    // One more than there are workers: it reads its batch while they prove.
    this.#slots = options.workers + 1;
    this.#rowsPerTask = options.rowsPerTask ?? 16;
    this.#mostWaiting = options.mostWaiting ?? 1024;
  }

  /** Rows asked for and not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** @throws SolventError LOOKUPS_BUSY (details.retryAfter, seconds) */
  prove(snapshotId: string, batch: number, row: number): Promise<Uint8Array> {
    const key = `${snapshotId}/${batch}`;
    let group = this.#groups.get(key);
    const known = group?.rows.get(row);
    if (known) return known.promise;
    if (this.#waiting >= this.#mostWaiting)
      throw new SolventError('LOOKUPS_BUSY', 'usage', 'too many look-ups wait already; try again soon', {
        retryAfter: 10,
      });
    if (!group) {
      group = { snapshotId, batch, rows: new Map() };
      this.#groups.set(key, group);
      this.#ready.push(group);
    }
    const waiting = deferred();
    group.rows.set(row, waiting);
    this.#waiting++;
    this.#pump();
    return waiting.promise;
  }

  #pump(): void {
    while (this.#running < this.#slots) {
      const group = this.#ready.shift();
      if (!group) return;
      this.#running++;
      void this.#run(group).finally(() => {
        this.#running--;
        // Its turn comes again after the batches that wait by now.
        if (group.rows.size > 0) this.#ready.push(group);
        else this.#groups.delete(`${group.snapshotId}/${group.batch}`);
        this.#pump();
      });
    }
  }

  async #run(group: Group): Promise<void> {
    let taken: [number, Waiting][] = [];
    try {
      const material = await this.options.load(group.snapshotId, group.batch);
      // Only now: who came while the batch was read comes along.
      taken = this.#take(group);
      const rows = taken.map(([row]) => row);
      const documents = await this.options.prove(group.snapshotId, material, rows);
      taken.forEach(([, waiting], i) => waiting.resolve(documents[i]!));
    } catch (error) {
      for (const [, waiting] of taken.length > 0 ? taken : this.#take(group)) waiting.reject(error);
    }
  }

  #take({ rows }: Group): [number, Waiting][] {
    const taken = [...rows].slice(0, this.#rowsPerTask);
    for (const [row] of taken) rows.delete(row);
    this.#waiting -= taken.length;
    return taken;
  }
}

function deferred(): Waiting {
  let resolve!: Waiting['resolve'];
  let reject!: Waiting['reject'];
  const promise = new Promise<Uint8Array>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

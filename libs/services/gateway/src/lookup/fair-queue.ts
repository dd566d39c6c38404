import type { SolventError } from '@solvent-por/kzg';
import { Turns } from './turns';

export interface FairQueueOptions {
  /** Tasks that run at once. */
  readonly atOnce: number;
  /** Tasks that may wait, and of one caller, before more are refused. */
  readonly mostWaiting: number;
  readonly mostOfOne: number;
  readonly busy: () => SolventError;
}

interface Task {
  readonly run: () => Promise<void>;
}

/** Tasks of many callers, who are served in turn; how many wait is bounded. */
export class FairQueue {
  readonly #turns = new Turns<Task>();
  readonly #held = new Map<string, number>();
  #running = 0;
  #waiting = 0;

  constructor(private readonly options: FairQueueOptions) {}

  get waiting(): number {
    return this.#waiting;
  }

  /** @throws SolventError that of `busy`, without anything being run; what `work` throws */
  run<T>(who: string, work: () => Promise<T>): Promise<T> {
    const { mostWaiting, mostOfOne, busy } = this.options;
    const held = this.#held.get(who) ?? 0;
    if (this.#waiting >= mostWaiting || held >= mostOfOne) return Promise.reject(busy());
    return new Promise<T>((resolve, reject) => {
      this.#held.set(who, held + 1);
      this.#waiting++;
      this.#turns.add(who, { run: () => work().then(resolve, reject) });
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#running < this.options.atOnce) {
      const next = this.#turns.next();
      if (!next) return;
      const { who, item } = next;
      this.#turns.delete(who, item);
      this.#waiting--;
      this.#running++;
      void item.run().finally(() => {
        const held = this.#held.get(who)! - 1;
        if (held === 0) this.#held.delete(who);
        else this.#held.set(who, held);
        this.#running--;
        this.#pump();
      });
    }
  }
}

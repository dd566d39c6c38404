import type { ReservesSeen } from '@solvent-por/services/database';
import { ProgressFeed } from '../snapshots/progress-feed';

interface Step extends ReservesSeen {
  readonly state: string;
}

/** Progress of reserves for whoever watches. */
export class ReservesFeed {
  readonly #feed: ProgressFeed<Step>;

  constructor(find: (snapshotId: string) => Promise<ReservesSeen | null>) {
    this.#feed = new ProgressFeed(async (snapshotId) => {
      const seen = await find(snapshotId);
      return seen && { ...seen, state: seen.record.state };
    });
  }

  /** As ProgressFeed.watch has it. @param show what of a step is handed out */
  watch<V>(snapshotId: string, show: (seen: ReservesSeen) => Promise<V>): AsyncIterableIterator<V> {
    const steps = this.#feed.watch(snapshotId);
    return {
      async next() {
        const step = await steps.next();
        return step.done === true ? step : { done: false, value: await show(step.value) };
      },
      async return() {
        await steps.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  close(): void {
    this.#feed.close();
  }
}

/** How far a snapshot is. */
export interface WatchedSnapshot {
  readonly snapshotId: string;
  readonly state: string;
  readonly batches: number | null;
  readonly batchesProved: number;
  readonly proofs: number;
  readonly failure: unknown;
}

/** States after which nothing follows. */
const LAST = new Set(['PUBLISHED', 'FAILED']);

/** What is watched: a snapshot, or its reserves. */
interface Watched {
  readonly state: string;
}

interface Listener<P> {
  take(progress: P): void;
  end(error?: unknown): void;
}

interface Channel<P> {
  readonly listeners: Set<Listener<P>>;
  latest: P | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Progress of snapshots, or of reserves, for whoever watches: the database is asked once an interval for each snapshot,
 * however many watch it.
 */
export class ProgressFeed<P extends Watched = WatchedSnapshot> {
  readonly #channels = new Map<string, Channel<P>>();

  constructor(
    private readonly read: (snapshotId: string) => Promise<P | null>,
    private readonly interval = 1000,
  ) {}

  /** Snapshots that are watched now. */
  get watched(): number {
    return this.#channels.size;
  }

  /**
   * The progress now, then each change of it, the last state included. Who reads slowly misses steps in
   * between, never the last.
   * Ends when the snapshot is finished or gone, or with the error of the database.
   */
  watch(snapshotId: string): AsyncIterableIterator<P> {
    const channel = this.#channel(snapshotId);
    let [next, ended, failure]: [P | undefined, boolean, unknown] = [channel.latest, false, undefined];
    let wake: (() => void) | undefined;
    const listener: Listener<P> = {
      take(progress) {
        next = progress;
        wake?.();
      },
      end(error) {
        [ended, failure] = [true, error];
        wake?.();
      },
    };
    channel.listeners.add(listener);
    const leave = () => {
      ended = true;
      next = undefined;
      this.#leave(snapshotId, channel, listener);
      wake?.();
    };
    return {
      async next() {
        while (next === undefined && !ended)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        if (next !== undefined) {
          const value = next;
          next = undefined;
          return { done: false, value };
        }
        if (failure !== undefined) {
          const error = failure;
          failure = undefined;
          throw error;
        }
        return { done: true, value: undefined };
      },
      // Not a generator's: that would wait for the step under way, which may never come.
      async return() {
        leave();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Ends everything that is watched. */
  close(): void {
    for (const [snapshotId, channel] of this.#channels) this.#end(snapshotId, channel);
  }

  #channel(snapshotId: string): Channel<P> {
    const known = this.#channels.get(snapshotId);
    if (known) return known;
    const channel: Channel<P> = { listeners: new Set(), latest: undefined, timer: undefined };
    this.#channels.set(snapshotId, channel);
    void this.#poll(snapshotId, channel);
    return channel;
  }

  async #poll(snapshotId: string, channel: Channel<P>): Promise<void> {
    try {
      const progress = await this.read(snapshotId);
      if (this.#channels.get(snapshotId) !== channel) return;
      if (!progress) return this.#end(snapshotId, channel);
      if (JSON.stringify(progress) !== JSON.stringify(channel.latest)) {
        channel.latest = progress;
        for (const listener of channel.listeners) listener.take(progress);
      }
      if (LAST.has(progress.state)) return this.#end(snapshotId, channel);
    } catch (error) {
      return this.#end(snapshotId, channel, error);
    }
    channel.timer = setTimeout(() => void this.#poll(snapshotId, channel), this.interval).unref();
  }

  #leave(snapshotId: string, channel: Channel<P>, listener: Listener<P>): void {
    channel.listeners.delete(listener);
    if (channel.listeners.size === 0) this.#end(snapshotId, channel);
  }

  #end(snapshotId: string, channel: Channel<P>, error?: unknown): void {
    clearTimeout(channel.timer);
    if (this.#channels.get(snapshotId) === channel) this.#channels.delete(snapshotId);
    for (const listener of channel.listeners) listener.end(error);
    channel.listeners.clear();
  }
}

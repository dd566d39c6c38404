/** How far a snapshot is. */
export interface SnapshotProgress {
  readonly snapshotId: string;
  readonly state: string;
  readonly batches: number | null;
  readonly batchesProved: number;
  readonly proofs: number;
  readonly failure: unknown;
}

/** States after which nothing follows. */
const LAST = new Set(['PUBLISHED', 'FAILED']);

interface Listener {
  take(progress: SnapshotProgress): void;
  end(error?: unknown): void;
}

interface Channel {
  readonly listeners: Set<Listener>;
  latest: SnapshotProgress | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Progress of snapshots for whoever watches: the database is asked once an interval for each snapshot,
 * however many watch it.
 */
export class ProgressFeed {
  readonly #channels = new Map<string, Channel>();

  constructor(
    private readonly read: (snapshotId: string) => Promise<SnapshotProgress | null>,
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
  watch(snapshotId: string): AsyncIterableIterator<SnapshotProgress> {
    const channel = this.#channel(snapshotId);
    let [next, ended, failure]: [SnapshotProgress | undefined, boolean, unknown] = [
      channel.latest,
      false,
      undefined,
    ];
    let wake: (() => void) | undefined;
    const listener: Listener = {
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

  #channel(snapshotId: string): Channel {
    const known = this.#channels.get(snapshotId);
    if (known) return known;
    const channel: Channel = { listeners: new Set(), latest: undefined, timer: undefined };
    this.#channels.set(snapshotId, channel);
    void this.#poll(snapshotId, channel);
    return channel;
  }

  async #poll(snapshotId: string, channel: Channel): Promise<void> {
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

  #leave(snapshotId: string, channel: Channel, listener: Listener): void {
    channel.listeners.delete(listener);
    if (channel.listeners.size === 0) this.#end(snapshotId, channel);
  }

  #end(snapshotId: string, channel: Channel, error?: unknown): void {
    clearTimeout(channel.timer);
    if (this.#channels.get(snapshotId) === channel) this.#channels.delete(snapshotId);
    for (const listener of channel.listeners) listener.end(error);
    channel.listeners.clear();
  }
}

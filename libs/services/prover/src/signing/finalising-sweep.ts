import type { SnapshotRepository } from '@solvent-por/services/database';
import { Repeating, type Log } from '@solvent-por/services/kit';
import type { SnapshotFinalising } from './finalise-snapshot';

export interface FinalisingSweepOptions {
  readonly snapshots: Pick<SnapshotRepository, 'unfinished'>;
  readonly closing: Pick<SnapshotFinalising, 'close' | 'announce'>;
  readonly log: Log;
  readonly every?: number;
}

/**
 * Looks at start and every 15 seconds for snapshots to close: the message that says so is sent after the
 * database commits, and may be lost.
 */
export class FinalisingSweep {
  readonly #repeating: Repeating;

  constructor(private readonly options: FinalisingSweepOptions) {
    this.#repeating = new Repeating(() => this.sweep(), options.log, options.every);
  }

  start(): void {
    this.#repeating.start();
  }

  /** Resolves when what is under way is done. */
  stop(): Promise<void> {
    return this.#repeating.stop();
  }

  /** One look. @throws when the database is away */
  async sweep(): Promise<void> {
    const { closing, snapshots, log } = this.options;
    await closing.announce();
    const { signal } = this.#repeating;
    for (const { id, attempt, state } of await snapshots.unfinished()) {
      if (signal.aborted) return;
      if (state !== 'PROVING') continue;
      const run = { snapshotId: id, attempt };
      try {
        await closing.close(run, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.error({ ...run, err: error }, 'not closed, the next sweep tries again');
      }
    }
  }
}

import type { SnapshotRepository } from '@solvent-por/services/database';
import { Repeating, type Log } from '@solvent-por/services/kit';
import type { SnapshotFinalising } from './finalise-snapshot';

export interface FinalisingSweepOptions {
  readonly snapshots: Pick<SnapshotRepository, 'unfinished'>;
  readonly finalising: Pick<SnapshotFinalising, 'finalise' | 'announce'>;
  readonly log: Log;
  readonly every?: number;
}

/**
 * Looks at start and every 15 seconds for snapshots to finalise: the message that says so is sent after the
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
    const { finalising, snapshots, log } = this.options;
    await finalising.announce();
    const { signal } = this.#repeating;
    for (const { id, attempt, state } of await snapshots.unfinished()) {
      if (signal.aborted) return;
      if (state !== 'PROVING') continue;
      const run = { snapshotId: id, attempt };
      try {
        await finalising.finalise(run, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.error({ ...run, err: error }, 'not finalised, the next sweep tries again');
      }
    }
  }
}

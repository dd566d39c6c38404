import type { SealedBundles } from '@solvent-por/services/database';
import { Repeating, type Log } from '@solvent-por/services/kit';
import type { BundleSealing } from './seal-bundle';

export interface SealingSweepOptions {
  readonly bundles: Pick<SealedBundles, 'unfinished'>;
  readonly sealing: Pick<BundleSealing, 'seal'>;
  readonly log: Log;
  readonly every?: number;
}

/**
 * Looks for bundles that were asked for and are not finished: a message may be lost, and an instance be
 * killed in the middle.
 */
export class SealingSweep {
  readonly #repeating: Repeating;

  constructor(private readonly options: SealingSweepOptions) {
    this.#repeating = new Repeating((signal) => this.sweep(signal), options.log, options.every);
  }

  start(): void {
    this.#repeating.start();
  }

  /** Resolves when what is under way has stopped. */
  stop(): Promise<void> {
    return this.#repeating.stop();
  }

  /** One look. @throws when the database is away */
  async sweep(signal: AbortSignal): Promise<void> {
    const { bundles, sealing, log } = this.options;
    for (const snapshotId of await bundles.unfinished()) {
      if (signal.aborted) return;
      try {
        await sealing.seal(snapshotId, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.error({ snapshotId, err: error }, 'not sealed, the next sweep tries again');
      }
    }
  }
}

import type { SnapshotRun } from '@solvent-por/services/contracts';
import type { SnapshotRecord, SnapshotRepository } from '@solvent-por/services/database';
import type { SnapshotIngest } from './ingest-snapshot';
import type { IngestOutcome } from './observing';
import type { Log } from '@solvent-por/services/kit';

/** Unexpected errors of one run, after which its snapshot fails. */
const MOST_FAILURES = 5;

export interface IngestRunnerOptions {
  readonly ingest: Pick<SnapshotIngest, 'run' | 'awaits'>;
  readonly snapshots: Pick<SnapshotRepository, 'unfinished' | 'fail'>;
  /** Whether an error passes by itself: a database or broker that restarts. */
  readonly isTransient: (error: unknown) => boolean;
  readonly log: Log;
}

/**
 * One snapshot at a time in this process, whoever asks for it: a message, or the sweep for messages that were
 * lost.
 */
export class IngestRunner {
  #last: Promise<unknown> = Promise.resolve();
  readonly #failures = new Map<string, number>();

  constructor(private readonly options: IngestRunnerOptions) {}

  /**
   * @throws what ingest throws: the message is to be delivered again. An error that is not transient fails
   *   the snapshot when it comes the fifth
   *   time, so that neither messages nor sweeps try without end.
   */
  run(run: SnapshotRun, signal: AbortSignal): Promise<IngestOutcome> {
    const turn = this.#last.then(() => this.#attempt(run, signal));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Works on every snapshot that waits for ingest and on which no instance works. */
  async sweep(signal: AbortSignal): Promise<void> {
    for (const snapshot of await this.options.snapshots.unfinished()) {
      if (signal.aborted) return;
      if (this.options.ingest.awaits(snapshot)) await this.#swept(snapshot, signal);
    }
  }

  async #swept({ id, attempt }: SnapshotRecord, signal: AbortSignal): Promise<void> {
    try {
      await this.run({ snapshotId: id, attempt }, signal);
    } catch (error) {
      this.options.log.error(
        { snapshotId: id, attempt, err: error },
        'not ingested, the next sweep tries again',
      );
    }
  }

  async #attempt(run: SnapshotRun, signal: AbortSignal): Promise<IngestOutcome> {
    if (signal.aborted) return 'abandoned';
    const key = `${run.snapshotId} ${run.attempt}`;
    try {
      const outcome = await this.options.ingest.run(run, signal);
      this.#failures.delete(key);
      return outcome;
    } catch (error) {
      if (this.options.isTransient(error)) throw error;
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      if (failures < MOST_FAILURES) throw error;
      this.options.log.error({ ...run, err: error }, 'given up');
      await this.options.snapshots.fail(
        run,
        {
          code: 'INGEST_FAILED',
          message: `ingest failed ${failures} times without the source being at fault: its log says why; request the snapshot again`,
        },
        { actor: 'ingest' },
      );
      this.#failures.delete(key);
      return 'refused';
    }
  }
}

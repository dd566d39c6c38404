import type { SnapshotRun } from '@solvent-por/services/contracts';
import type { SnapshotFailure } from '@solvent-por/services/database';
import type { IngestOutcome } from './observing';
import type { Log } from '@solvent-por/services/kit';

/** Unexpected errors of one run, after which its snapshot fails. */
const MOST_FAILURES = 5;

/** Something that was asked for and is unfinished, a snapshot or the reserves of one. */
export interface Unfinished<R> {
  unfinished(): Promise<R[]>;
  fail(run: SnapshotRun, failure: SnapshotFailure, by: { readonly actor: 'ingest' }): Promise<boolean>;
}

export interface IngestRunnerOptions<R> {
  readonly ingest: {
    run(run: SnapshotRun, signal: AbortSignal): Promise<IngestOutcome>;
    awaits(row: R): boolean;
  };
  readonly snapshots: Unfinished<R>;
  readonly runOf: (row: R) => SnapshotRun;
  /** Whether an error passes by itself: a database or broker that restarts. */
  readonly isTransient: (error: unknown) => boolean;
  readonly log: Log;
}

/**
 * One snapshot, or one publication of reserves, at a time in this process, whoever asks for it: a message, or the sweep for messages that were
 * lost.
 */
export class IngestRunner<R> {
  #last: Promise<unknown> = Promise.resolve();
  readonly #failures = new Map<string, number>();

  constructor(private readonly options: IngestRunnerOptions<R>) {}

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
      if (this.options.ingest.awaits(snapshot)) await this.#swept(this.options.runOf(snapshot), signal);
    }
  }

  async #swept(run: SnapshotRun, signal: AbortSignal): Promise<void> {
    try {
      await this.run(run, signal);
    } catch (error) {
      this.options.log.error({ ...run, err: error }, 'not ingested, the next sweep tries again');
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
          message: `ingest failed ${failures} times without the source being at fault: its log says why; request it again`,
        },
        { actor: 'ingest' },
      );
      this.#failures.delete(key);
      return 'refused';
    }
  }
}

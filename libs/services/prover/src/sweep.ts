import { proofRequested, type SnapshotRun } from '@solvent-por/services/contracts';
import type { SnapshotRecord, SnapshotRepository } from '@solvent-por/services/database';
import { Repeating, type Log, type MessageBus } from '@solvent-por/services/kit';
import type { SnapshotFinalising } from './finalise-snapshot';
import type { SnapshotFailing } from './failing';

/** So many sweeps in a row must find that no job is left of an unproved snapshot. */
const SURE_AFTER = 4;

export interface FinalisingSweepOptions {
  readonly snapshots: Pick<SnapshotRepository, 'unfinished' | 'progress'>;
  readonly closing: Pick<SnapshotFinalising, 'close' | 'announce'>;
  readonly bus: Pick<MessageBus, 'lag'>;
  readonly failing: Pick<SnapshotFailing, 'fail'>;
  /** The group that proves. */
  readonly group: string;
  /**
   * Whether published messages are lost when the process ends: ingest then publishes lost jobs again, and
   * none counts as lost for good.
   */
  readonly volatileBus: boolean;
  readonly log: Log;
  readonly every?: number;
}

/**
 * Looks at start and every 15 seconds for snapshots to close: the message that says so is sent after the
 * database commits, and may be lost.
 */
export class FinalisingSweep {
  readonly #repeating: Repeating;
  readonly #withoutJobs = new Map<string, { readonly proofs: number; readonly times: number }>();

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
    for (const snapshot of await snapshots.unfinished()) {
      if (signal.aborted) return;
      if (snapshot.state !== 'PROVING') continue;
      const run = { snapshotId: snapshot.id, attempt: snapshot.attempt };
      try {
        if ((await closing.close(run, signal)) === 'waiting') await this.#failWhereJobsAreLost(run, snapshot);
      } catch (error) {
        if (signal.aborted) return;
        log.error({ ...run, err: error }, 'not closed, the next sweep tries again');
      }
    }
  }

  /**
   * A job that could not be read is a dead letter of nobody knows which snapshot. It shows here: everything
   * was published and everything handled, and still proofs are missing.
   */
  async #failWhereJobsAreLost(run: SnapshotRun, { id, attempt }: SnapshotRecord): Promise<void> {
    const { bus, snapshots, failing, group, volatileBus } = this.options;
    if (volatileBus) return;
    const key = `${id} ${attempt}`;
    const jobs = (await bus.lag()).find((one) => one.group === group && one.topic === proofRequested.topic);
    // After the lag: what was handled meanwhile is stored.
    const progress = await snapshots.progress(id);
    if (
      jobs?.messages !== 0 ||
      progress?.state !== 'PROVING' ||
      progress.batchesProved === progress.batches
    ) {
      this.#withoutJobs.delete(key);
      return;
    }
    const before = this.#withoutJobs.get(key);
    const times = before?.proofs === progress.proofs ? before.times + 1 : 1;
    this.#withoutJobs.set(key, { proofs: progress.proofs, times });
    if (times < SURE_AFTER) return;
    this.#withoutJobs.delete(key);
    await failing.fail(run, {
      code: 'JOBS_LOST',
      message: `${progress.batchesProved} of ${progress.batches} batches are proved and no job is left: some could not be read (see the dead letters) or are gone; request the snapshot again`,
      details: { batches: progress.batches ?? 0, batchesProved: progress.batchesProved },
    });
  }
}

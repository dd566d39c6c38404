import { proofRequested, type SnapshotRun } from '@solvent-por/services/contracts';
import type { SnapshotRepository } from '@solvent-por/services/database';
import { Repeating, type Log, type MessageBus } from '@solvent-por/services/kit';
import type { SnapshotFailing } from './failing';

/** So many sweeps in a row must find that no job is left of an unproved snapshot. */
const SURE_AFTER = 4;

export interface LostJobsOptions {
  readonly snapshots: Pick<SnapshotRepository, 'unfinished' | 'progress'>;
  readonly bus: Pick<MessageBus, 'lag'>;
  readonly failing: Pick<SnapshotFailing, 'fail'>;
  /** The group that proves. */
  readonly group: string;
  readonly log: Log;
  readonly every?: number;
}

/**
 * Looks every 15 seconds for snapshots whose jobs are gone. A job that could not be read is a dead letter of
 * nobody knows which snapshot; it shows here: everything was published and everything handled, and still
 * proofs are missing. Of no use on a bus that forgets: there ingest publishes lost jobs again.
 */
export class LostJobsSweep {
  readonly #repeating: Repeating;
  readonly #withoutJobs = new Map<string, { readonly proofs: number; readonly times: number }>();

  constructor(private readonly options: LostJobsOptions) {
    this.#repeating = new Repeating(() => this.sweep(), options.log, options.every);
  }

  start(): void {
    this.#repeating.start();
  }

  /** Resolves when what is under way is done. */
  stop(): Promise<void> {
    return this.#repeating.stop();
  }

  /** One look. @throws when database or broker is away */
  async sweep(): Promise<void> {
    const { signal } = this.#repeating;
    for (const { id, attempt, state } of await this.options.snapshots.unfinished()) {
      if (signal.aborted) return;
      if (state === 'PROVING') await this.#look({ snapshotId: id, attempt });
    }
  }

  async #look(run: SnapshotRun): Promise<void> {
    const { bus, snapshots, failing, group } = this.options;
    const key = `${run.snapshotId} ${run.attempt}`;
    const jobs = (await bus.lag()).find((one) => one.group === group && one.topic === proofRequested.topic);
    // After the lag: what was handled meanwhile is stored.
    const progress = await snapshots.progress(run.snapshotId);
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
      message: `${progress.batchesProved} of ${progress.batches} batches are proved and no job is left: some could not be read or were not ours (see the dead letters) or are gone; request the snapshot again`,
      details: { batches: progress.batches ?? 0, batchesProved: progress.batchesProved },
    });
  }
}

import { SolventError } from '@solvent-por/kzg';
import { proofRequested, snapshotIngested, type SnapshotRun } from '@solvent-por/services/contracts';
import type {
  IngestPlan,
  RequestKey,
  SnapshotRecord,
  SnapshotRepository,
  WitnessKeyring,
} from '@solvent-por/services/database';
import { planProofs } from '@solvent-por/prover';
import { canonicalJson, layoutOf, parseHeader } from '@solvent-por/verifier';
import { traced, type Log, type MessageBus } from '@solvent-por/services/kit';
import { headerOf, parseConfig, refuseFutureDate } from '@solvent-por/snapshot';
import type { Keys } from '@solvent-por/snapshot/readers';
import { InFlight } from './in-flight';
import { jobMessages } from './job-messages';
import { countReading, type IngestMeter, type IngestOutcome } from './observing';
import type { BalanceSource, OnReading, ReadingTask } from './reading/balance-source';
import { judging, judgingEach, Refusal } from './refusal';
import { resolveSource } from './source-path';

export interface IngestOptions {
  readonly snapshots: Pick<
    SnapshotRepository,
    'find' | 'beginIngest' | 'recordPlan' | 'finishIngest' | 'fail' | 'provedFirsts'
  >;
  /**
   * Does the work while no other instance does; undefined when one does. The signal says that this is no
   * longer sure.
   */
  readonly exclusively: <T>(name: string, work: (lost: AbortSignal) => Promise<T>) => Promise<T | undefined>;
  readonly bus: Pick<MessageBus, 'publish'>;
  readonly keyring: Pick<WitnessKeyring, 'seal'>;
  /** What requests are authenticated with, and plans are marked as ours. */
  readonly requestKey: RequestKey;
  readonly keys: Pick<Keys, 'operator' | 'placement'>;
  readonly openSource: (task: ReadingTask, onReading: OnReading) => BalanceSource;
  /** Sources lie below it. */
  readonly sourceDirectory: string;
  /** Proofs made side by side in all provers together: so that none stands idle at the end. */
  readonly expectedWorkers: number;
  /**
   * Whether published messages are lost when this process ends: jobs of snapshots that wait for their proofs
   * are then published again.
   */
  readonly volatileBus?: boolean;
  readonly meter: IngestMeter;
  readonly log: Log;
  /** What the clock says; the machine's own by default. */
  readonly now?: () => Date;
  /** Bytes of a message's payload, for tests. */
  readonly maxPayload?: number;
}

/** Jobs being published at once: what memory holds beside the reading thread's. */
const IN_FLIGHT = 3;
/** So often it is looked whether the run is still wanted. */
const LOOK_MS = 2_000;

/**
 * Reads one requested snapshot and publishes its proof jobs: a pass that checks every row, then one that
 * cuts. Nothing is kept but the plan and what provers store, so a run that was stopped anywhere is simply
 * done again: it is cut the same way, and what is proved is not published.
 */
export class SnapshotIngest {
  /** Runs whose every job this process has published. */
  readonly #published = new Set<string>();

  constructor(private readonly options: IngestOptions) {}

  /** @throws whatever is nobody's fault: the database or the bus is away, a disk is full */
  async run(run: SnapshotRun, signal: AbortSignal): Promise<IngestOutcome> {
    const outcome = await this.options.exclusively(`ingest:${run.snapshotId}`, async (lost) => {
      const stop = AbortSignal.any([signal, lost]);
      return traced('ingest snapshot', { snapshot: run.snapshotId, attempt: run.attempt }, () =>
        this.#timed(() => this.#ended(run, stop)),
      );
    });
    return outcome ?? 'busy';
  }

  /** Whether this snapshot waits for ingest. */
  awaits({ id, attempt, state }: Pick<SnapshotRecord, 'id' | 'attempt' | 'state'>): boolean {
    if (state === 'PROVING') return this.#unsure({ snapshotId: id, attempt });
    return state === 'REQUESTED' || state === 'INGESTING';
  }

  async #timed(work: () => Promise<IngestOutcome>): Promise<IngestOutcome> {
    const began = performance.now();
    let outcome: IngestOutcome | 'error' = 'error';
    try {
      return (outcome = await work());
    } finally {
      this.options.meter.ended(outcome, (performance.now() - began) / 1000);
    }
  }

  async #ended(run: SnapshotRun, stop: AbortSignal): Promise<IngestOutcome> {
    try {
      return await this.#locked(run, stop);
    } catch (error) {
      if (stop.aborted) return 'abandoned';
      if (error instanceof Stale) return 'stale';
      throw error;
    }
  }

  async #locked(run: SnapshotRun, signal: AbortSignal): Promise<IngestOutcome> {
    const snapshot = (await this.options.snapshots.beginIngest(run)) ?? (await this.#proving(run));
    if (!snapshot) return 'stale';
    if (snapshot.state === 'PROVING' && !(await this.#jobsMayBeLost(snapshot))) {
      // The message that it is ingested may have been lost when an instance ended just before.
      await this.#announce(run, snapshot.batchCount!, snapshot.batchesPerProof!);
      this.#published.add(keyOf(run));
      return 'stale';
    }
    this.options.log.info({ ...run, source: snapshot.source }, 'ingesting');
    try {
      return await this.#ingest(snapshot, run, signal);
    } catch (error) {
      if (!(error instanceof Refusal) || signal.aborted) throw error;
      return await this.#refuse(run, error);
    }
  }

  async #ingest(snapshot: SnapshotRecord, run: SnapshotRun, signal: AbortSignal): Promise<IngestOutcome> {
    const { openSource, meter, sourceDirectory, log, requestKey } = this.options;
    // Before anything of it is believed: where its balances lie, say.
    await judging(() => requestKey.checkRequest(snapshot));
    const task = await judging(() => this.#taskOf(snapshot));
    task.input = await judging(() => resolveSource(sourceDirectory, snapshot.source));
    signal.throwIfAborted();
    const source = openSource(task, countReading(meter));
    const stop = () => void source.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const plan = await this.#plan(task, run, source);
      await traced('publish jobs', { batches: plan.batchCount }, () =>
        this.#publishJobs(plan, run, source, signal),
      );
      if (!(await this.options.snapshots.finishIngest(run)) && !(await this.#proving(run))) return 'stale';
      this.#published.add(keyOf(run));
      await this.#announce(run, plan.batchCount, plan.batchesPerProof);
      log.info({ ...run, batches: plan.batchCount, accounts: plan.accounts }, 'ingested');
      return 'ingested';
    } catch (error) {
      throw error instanceof Refusal ? error.within(task.input, snapshot.source) : error;
    } finally {
      signal.removeEventListener('abort', stop);
      await source.close();
    }
  }

  /** @throws SolventError CONFIG_*, TAKEN_IN_FUTURE, HEADER_MISMATCH, KEY_OPERATOR_MISMATCH */
  #taskOf(snapshot: SnapshotRecord): { -readonly [K in keyof ReadingTask]: ReadingTask[K] } {
    const { keys, now = () => new Date() } = this.options;
    const { operator, placement } = keys;
    const config = parseConfig(snapshot.config);
    refuseFutureDate(config, now());
    const header = parseHeader(snapshot.header);
    if (canonicalJson(headerOf(config)) !== canonicalJson(header))
      throw new SolventError(
        'HEADER_MISMATCH',
        'usage',
        `the stored header of ${snapshot.id} is not that of its configuration`,
      );
    if (operator !== header.operator)
      throw new SolventError(
        'KEY_OPERATOR_MISMATCH',
        'usage',
        `the keys of ingest belong to operator ${operator}, the snapshot names ${header.operator}`,
      );
    return { input: '', config, header, placementKey: placement };
  }

  async #plan(task: ReadingTask, run: SnapshotRun, source: BalanceSource): Promise<IngestPlan> {
    const { snapshots, expectedWorkers, log, requestKey } = this.options;
    const facts = await traced('check source', {}, () => judging(() => source.check()));
    const { accounts, sourceDigest, bytes, files, notRead, notes, names } = facts;
    log.info({ ...run, accounts, bytes, files }, 'checked');
    // A line each: a log shortens long lists.
    for (const { name, reason } of notRead) log.warn({ ...run, file: name, reason }, 'not read');
    for (const note of notes) log.warn({ ...run, note }, 'read, but not as usual');
    const { ignored, added } = names;
    if (ignored.length > 0) log.warn({ ...run, columns: ignored.length, names: ignored }, 'not read');
    for (const sum of added) log.info({ ...run, ...sum }, 'added up');
    const { k, batchCount } = planProofs(layoutOf(task.header), accounts, expectedWorkers);
    try {
      return await judging(() =>
        snapshots.recordPlan(run, { sourceDigest, accounts, batchesPerProof: k, batchCount }, requestKey),
      );
    } catch (error) {
      throw error instanceof Refusal && error.failure.code === 'SNAPSHOT_STALE' ? new Stale() : error;
    }
  }

  async #publishJobs(
    plan: IngestPlan,
    run: SnapshotRun,
    source: BalanceSource,
    signal: AbortSignal,
  ): Promise<void> {
    const { snapshots, bus, keyring, maxPayload, meter } = this.options;
    const proved = await snapshots.provedFirsts(run.snapshotId);
    const publishing = new InFlight(IN_FLIGHT);
    let lookedAt = performance.now();
    try {
      for await (const job of judgingEach(source.jobs(plan, proved))) {
        if (performance.now() - lookedAt > LOOK_MS) {
          lookedAt = performance.now();
          await this.#stillWanted(run);
        }
        const slot = job.first / plan.batchesPerProof;
        await publishing.add(async () => {
          signal.throwIfAborted();
          for (const message of jobMessages(run, job, keyring, maxPayload))
            await bus.publish(proofRequested, message, { slot });
          meter.published(job.payload.length);
        });
      }
    } finally {
      // What is under way is finished, whatever happened.
      await publishing.settle();
    }
  }

  async #announce(run: SnapshotRun, batches: number, batchesPerProof: number): Promise<void> {
    const jobs = jobsOf(batches, batchesPerProof);
    await this.options.bus.publish(snapshotIngested, { ...run, batches, jobs });
  }

  async #refuse(run: SnapshotRun, { failure }: Refusal): Promise<IngestOutcome> {
    const { snapshots, meter, log } = this.options;
    const { code } = failure;
    if (!(await snapshots.fail(run, failure, { actor: 'ingest', action: 'snapshot.refuse' }))) return 'stale';
    meter.refused(code);
    log.warn({ ...run, code, ...failure.details }, 'refused');
    return 'refused';
  }

  /** @throws Stale when the run has failed, or its next attempt has begun */
  async #stillWanted(run: SnapshotRun): Promise<void> {
    const now = await this.options.snapshots.find(run.snapshotId);
    if (now?.attempt !== run.attempt || (now.state !== 'INGESTING' && now.state !== 'PROVING'))
      throw new Stale();
  }

  async #proving(run: SnapshotRun): Promise<SnapshotRecord | null> {
    const snapshot = await this.options.snapshots.find(run.snapshotId);
    return snapshot?.attempt === run.attempt && snapshot.state === 'PROVING' ? snapshot : null;
  }

  async #jobsMayBeLost({ id, attempt, batchCount, batchesPerProof }: SnapshotRecord): Promise<boolean> {
    if (!this.#unsure({ snapshotId: id, attempt })) return false;
    const proved = await this.options.snapshots.provedFirsts(id);
    return proved.size < jobsOf(batchCount!, batchesPerProof!);
  }

  /** Whether an earlier process published the jobs of this run, on a bus that forgets. */
  #unsure(run: SnapshotRun): boolean {
    return this.options.volatileBus === true && !this.#published.has(keyOf(run));
  }
}

/** The run is over. */
class Stale extends Error {}

function keyOf({ snapshotId, attempt }: SnapshotRun): string {
  return `${snapshotId} ${attempt}`;
}

function jobsOf(batches: number, batchesPerProof: number): number {
  return Math.ceil(batches / batchesPerProof);
}

import { SolventError } from '@solvent-por/kzg';
import { reservesRead, type SnapshotRun } from '@solvent-por/services/contracts';
import {
  isTransient,
  ReservesMarks,
  ReservesParts,
  ReservesRepository,
  SnapshotRepository,
  withLock,
  type Database,
  type RequestKey,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import { isTransientBusError, Repeating, type Log, type MessageBus } from '@solvent-por/services/kit';
import { WorkerReservesJudge } from '@solvent-por/prover';
import { isPermanent } from '../failing';
import { Failures } from '../signing/failures';
import { ReservesFinishing } from './finish-reserves';
import { judgePart, type PartOutcome } from './judge-part';
import type { ReservesMeter } from './metrics';
import type { AskedNodes } from './nodes';
import { ownKnowledge, type OwnKnowledge } from './own-knowledge';
import { Publications, type OpenPublication, type ReservesJudge } from './publications';

/** The consumer group of provers that judge reserves. */
export const RESERVES_GROUP = 'solvent-reserves';
/** Parts that messages bring, side by side: most wait for nodes. */
const PARTS_AT_ONCE = 4;
/** Between two failures that count, by default: a node that restarts is no reason to give up. */
const COUNT_EVERY_MS = 15_000;
/** Publications that the sweep works on, side by side: one whose node hangs holds up no other. */
const PUBLICATIONS_AT_ONCE = 4;
/** Messages open no more than so many, each of which may have threads: the sweep comes to all in their turn. */
const MOST_OPEN = 4;

export interface ReservesProverOptions {
  readonly database: Database;
  readonly bus: MessageBus;
  readonly keyring: WitnessKeyring;
  readonly requestKey: RequestKey;
  readonly keys: { readonly operator: string };
  /** Threads that judge the lines of a publication. */
  readonly workers: number;
  readonly nodes?: AskedNodes;
  /** Nothing but what is built in, by default. */
  readonly known?: OwnKnowledge;
  readonly meter: ReservesMeter;
  readonly log: Log;
  /** Milliseconds between sweeps, for tests. */
  readonly sweepEvery?: number;
  /** For tests. */
  readonly openJudge?: () => ReservesJudge;
}

/**
 * Judges reserves part by part, and publishes them when all are judged and their snapshot is published. Messages
 * say that a part is there; the sweep finds what a crash or a lost message left. Any number of instances work
 * side by side: what two judge at once one stores.
 */
export class ReservesProver {
  readonly #repository: ReservesRepository;
  readonly #parts: ReservesParts;
  readonly #marks: ReservesMarks;
  readonly #publications: Publications;
  readonly #finishing: ReservesFinishing;
  readonly #failures = new Failures();
  /** When a publication's last failure was counted. */
  readonly #counted = new Map<string, number>();
  readonly #sweep: Repeating;
  readonly #working = new Map<string, Promise<void>>();

  constructor(private readonly options: ReservesProverOptions) {
    const { database, bus, keyring, requestKey, keys, workers, nodes, meter, log } = options;
    const { openJudge = () => new WorkerReservesJudge(workers), known = ownKnowledge() } = options;
    const { operator } = keys;
    this.#repository = new ReservesRepository(database);
    this.#parts = new ReservesParts(database);
    this.#marks = new ReservesMarks(requestKey);
    const shared = { repository: this.#repository, marks: this.#marks, operator, known, log };
    this.#publications = new Publications({ ...shared, openJudge, ...(nodes && { nodes }) });
    this.#finishing = new ReservesFinishing({
      ...{ ...shared, parts: this.#parts, snapshots: new SnapshotRepository(database), keyring, bus, meter },
      exclusively: (name, work, lock) => withLock(database, name, work, lock),
    });
    this.#sweep = new Repeating((signal) => this.sweep(signal), log, options.sweepEvery);
  }

  async start(): Promise<void> {
    await this.options.bus.subscribe(
      reservesRead,
      { group: RESERVES_GROUP, concurrency: PARTS_AT_ONCE },
      async ({ snapshotId, attempt, part }, { signal }) => {
        const run = { snapshotId, attempt };
        if (this.#publications.size >= MOST_OPEN && !this.#publications.has(run)) return;
        try {
          const stop = AbortSignal.any([signal, this.#sweep.signal]);
          await this.#judge(run, [part], stop);
        } catch (error) {
          // The sweep asks again: nothing is wrong with the message.
          if (!isForOperators(error)) throw error;
        }
      },
    );
    this.#sweep.start();
  }

  /** Together with closing the bus: what is under way ends between two batches of lines. */
  async stop(): Promise<void> {
    await this.#sweep.stop();
    await this.#publications.close();
    await Promise.all(this.#working.values());
  }

  /** Begins work on publications that wait for it, and does not wait for nodes. */
  async sweep(signal: AbortSignal): Promise<void> {
    await this.#finishing.announce();
    const unfinished = await this.#repository.unfinished();
    await this.#publications.keep(unfinished);
    for (const { snapshotId, attempt, state } of unfinished) {
      if (signal.aborted) return;
      if (state !== 'JUDGING' || this.#working.size >= PUBLICATIONS_AT_ONCE) continue;
      const key = `${snapshotId} ${attempt}`;
      if (this.#working.has(key)) continue;
      const working = this.#swept({ snapshotId, attempt }, signal).finally(() => this.#working.delete(key));
      this.#working.set(key, working);
    }
  }

  async #swept(run: SnapshotRun, signal: AbortSignal): Promise<void> {
    try {
      await this.#judge(run, await this.#parts.unjudged(run.snapshotId), signal);
    } catch (error) {
      if (!signal.aborted)
        this.options.log.error({ ...run, err: error }, 'not judged, the next sweep tries again');
    }
  }

  /**
   * Judges these parts, then finishes where nothing is left to be judged.
   * @throws what is not the publication's fault: to be called again
   */
  async #judge(run: SnapshotRun, parts: readonly number[], signal: AbortSignal): Promise<void> {
    try {
      // What waits for its snapshot alone asks nobody again: its nodes may be gone by then.
      if (await this.#isToBeJudged(run)) await this.#judgeParts(run, parts, signal);
      if (await this.#parts.anyUnjudged(run.snapshotId)) return;
      await this.#publications.forget(run);
      await this.#finishing.finish(run, signal);
    } catch (error) {
      await this.#failed(run, error, signal);
    }
  }

  async #isToBeJudged(run: SnapshotRun): Promise<boolean> {
    if (await this.#parts.anyUnjudged(run.snapshotId)) return true;
    const row = await this.#repository.find(run.snapshotId);
    return row?.attempt === run.attempt && row.nodes === null;
  }

  async #judgeParts(run: SnapshotRun, parts: readonly number[], signal: AbortSignal): Promise<void> {
    const publication = await this.#publications.of(run);
    if (!publication) return;
    for (const part of parts) {
      signal.throwIfAborted();
      const began = performance.now();
      const { outcome, lines } = await this.#judgeOne(run, part, publication, signal);
      if (outcome === 'judged') this.options.meter.reservesJudged(lines, (performance.now() - began) / 1000);
    }
  }

  /** One instance at a time: what another one is at is its own, or the next sweep's. */
  async #judgeOne(
    run: SnapshotRun,
    part: number,
    publication: OpenPublication,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: PartOutcome | 'busy'; readonly lines: number }> {
    const judged = await withLock(
      this.options.database,
      `reserves-part:${run.snapshotId}:${part}`,
      (lost) => judgePart(run, part, publication, this.#parts, this.#marks, AbortSignal.any([signal, lost])),
      { wait: false },
    );
    return judged ?? { outcome: 'busy', lines: 0 };
  }

  async #failed(run: SnapshotRun, error: unknown, signal: AbortSignal): Promise<void> {
    if (isPermanent(error)) {
      const { line } = error.details;
      return this.#fail(run, error.code, error.message, typeof line === 'number' ? line : undefined);
    }
    const passes = isTransient(error) || isTransientBusError(error) || isAborted(error);
    if (signal.aborted || passes || !this.#isLast(run)) throw error;
    if (isForOperators(error)) return this.#fail(run, error.code, error.message);
    this.options.log.error({ ...run, err: error }, 'given up');
    return this.#fail(
      run,
      'RESERVES_FAILED',
      `judging failed again and again without the reserves being at fault: a prover's log says why; request the reserves again`,
    );
  }

  /** Failures that follow one another at once, each of another part, are one. */
  #isLast({ snapshotId, attempt }: SnapshotRun): boolean {
    const key = `${snapshotId} ${attempt}`;
    const now = performance.now();
    const { sweepEvery = COUNT_EVERY_MS } = this.options;
    if (now - (this.#counted.get(key) ?? -Infinity) < sweepEvery) return false;
    this.#counted.set(key, now);
    const last = this.#failures.isLast(key);
    if (last) this.#counted.delete(key);
    return last;
  }

  async #fail(run: SnapshotRun, code: string, message: string, line?: number): Promise<void> {
    const { meter, log } = this.options;
    await this.#publications.forget(run);
    const failure = { code, message, ...(line !== undefined && { line }) };
    if (!(await this.#repository.fail(run, failure, 'prover'))) return;
    meter.reservesFailed(code);
    log.warn({ ...run, code, line }, 'reserves failed');
  }
}

/** The prover's surroundings are at fault, and their owner reads what to do. */
function isForOperators(error: unknown): error is SolventError {
  return error instanceof SolventError && ['NODE_SILENT', 'KNOWN_DIFFERS'].includes(error.code);
}

/** A lock that was lost, threads that ended: the next try. */
function isAborted(error: unknown): boolean {
  if (error instanceof SolventError) return error.code === 'POOL_ENDED';
  return error instanceof Error && error.name === 'AbortError';
}

import { access, constants } from 'node:fs/promises';
import { SolventError } from '@solvent-por/kzg';
import { reservesRequested, snapshotRequested, type SnapshotRun } from '@solvent-por/services/contracts';
import {
  isTransient,
  ReservesMarks,
  ReservesRepository,
  SnapshotRepository,
  SourceListings,
  withLock,
  type Database,
  type RequestKey,
  type ReservesRecord,
  type SnapshotRecord,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import {
  isTransientBusError,
  Repeating,
  type Delivery,
  type Log,
  type MessageBus,
} from '@solvent-por/services/kit';
import type { Keys } from '@solvent-por/snapshot/readers';
import { IngestRunner } from './ingest-runner';
import { SnapshotIngest } from './ingest-snapshot';
import type { IngestMeter } from './observing';
import { offeredSources } from './offered-sources';
import { ReadingThread } from './reading/reading-thread';
import { ReservesIngest } from './reserves/ingest-reserves';

const GROUP = 'solvent-ingest';
const RESERVES_GROUP = 'solvent-ingest-reserves';

export interface IngestServiceOptions {
  readonly database: Database;
  readonly bus: MessageBus;
  readonly keyring: WitnessKeyring;
  readonly requestKey: RequestKey;
  readonly keys: Pick<Keys, 'operator' | 'placement'>;
  readonly sourceDirectory: string;
  readonly expectedWorkers: number;
  /** As IngestOptions says. */
  readonly volatileBus?: boolean;
  readonly meter: IngestMeter;
  readonly log: Log;
  /** As IngestOptions says. */
  readonly maxPayload?: number;
  /** Bytes of a part of reserves, for tests. */
  readonly reservesPartBytes?: number;
  /** Milliseconds between sweeps; 15 seconds by default. */
  readonly sweepEvery?: number;
}

/** The whole of ingest, without a framework: what is requested is read, whether its message comes or not. */
export class IngestService {
  readonly #snapshots: IngestRunner<SnapshotRecord>;
  readonly #reserves: IngestRunner<ReservesRecord>;
  /** One each: a snapshot of hours holds up no reserves, and no list of what can be chosen. */
  readonly #sweeps: readonly Repeating[];

  constructor(private readonly options: IngestServiceOptions) {
    const { database, log } = options;
    const snapshots = new SnapshotRepository(database);
    const reserves = new ReservesRepository(database);
    const exclusively = <T>(name: string, work: (lost: AbortSignal) => Promise<T>) =>
      withLock(database, name, work, { wait: false });
    const ingest = new SnapshotIngest({
      ...options,
      ...{ snapshots, exclusively },
      openSource: (task, onReading) => new ReadingThread(task, onReading),
    });
    const shared = { isTransient: (error: unknown) => isTransientBusError(error) || isTransient(error), log };
    this.#snapshots = new IngestRunner<SnapshotRecord>({
      ...{ ...shared, ingest, snapshots },
      runOf: ({ id, attempt }) => ({ snapshotId: id, attempt }),
    });
    this.#reserves = new IngestRunner<ReservesRecord>({
      ...shared,
      ingest: new ReservesIngest({
        ...options,
        ...{ reserves, exclusively, operator: options.keys.operator },
        ...(options.reservesPartBytes !== undefined && { partBytes: options.reservesPartBytes }),
        headerOf: async (id) => (await snapshots.find(id))?.header,
        marks: new ReservesMarks(options.requestKey),
      }),
      snapshots: {
        unfinished: () => reserves.unfinished(),
        fail: (run, failure) => reserves.fail(run, failure, 'ingest'),
      },
      runOf: ({ snapshotId, attempt }) => ({ snapshotId, attempt }),
    });
    const listings = new SourceListings(database);
    this.#sweeps = [
      (signal: AbortSignal) => this.#snapshots.sweep(signal),
      (signal: AbortSignal) => this.#reserves.sweep(signal),
      async () => listings.keep(await offeredSources(options.sourceDirectory)),
    ].map((work) => new Repeating(work, log, options.sweepEvery));
  }

  async start(): Promise<void> {
    const { bus } = this.options;
    const one = { concurrency: 1 };
    await bus.subscribe(snapshotRequested, { ...one, group: GROUP }, handlerOf(this.#snapshots));
    await bus.subscribe(reservesRequested, { ...one, group: RESERVES_GROUP }, handlerOf(this.#reserves));
    for (const sweep of this.#sweeps) sweep.start();
  }

  /**
   * Ends the sweeps; closing the bus ends what messages asked for. To be called first, but not waited for
   * before the bus is closed: what is being published may wait for room on it.
   */
  async stop(): Promise<void> {
    await Promise.all(this.#sweeps.map((sweep) => sweep.stop()));
  }

  /** Whether the source folder can be read. */
  async isReady(): Promise<boolean> {
    return access(this.options.sourceDirectory, constants.R_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
  }
}

/** Where another instance is at it, or the lock was lost, the sweep goes on with what is left. */
function handlerOf<R>(runner: IngestRunner<R>): (run: SnapshotRun, delivery: Delivery) => Promise<void> {
  return async (run, { signal }) => {
    const outcome = await runner.run(run, signal);
    if (outcome === 'abandoned' && signal.aborted)
      throw new SolventError('INGEST_ABANDONED', 'internal', 'the service shuts down: the next one goes on');
  };
}

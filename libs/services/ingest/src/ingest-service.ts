import { access, constants } from 'node:fs/promises';
import { SolventError } from '@solvent-por/kzg';
import { snapshotRequested } from '@solvent-por/services/contracts';
import {
  isTransient,
  SnapshotRepository,
  SourceListings,
  withLock,
  type Database,
  type RequestKey,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import { isTransientBusError, Repeating, type Log, type MessageBus } from '@solvent-por/services/kit';
import type { Keys } from '@solvent-por/snapshot/readers';
import { IngestRunner } from './ingest-runner';
import { SnapshotIngest } from './ingest-snapshot';
import type { IngestMeter } from './observing';
import { offeredSources } from './offered-sources';
import { ReadingThread } from './reading/reading-thread';

const GROUP = 'solvent-ingest';

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
  /** Milliseconds between sweeps; 15 seconds by default. */
  readonly sweepEvery?: number;
}

/** The whole of ingest, without a framework: what is requested is read, whether its message comes or not. */
export class IngestService {
  readonly #runner: IngestRunner;
  readonly #sweep: Repeating;
  readonly #offering: Repeating;

  constructor(private readonly options: IngestServiceOptions) {
    const { database, log } = options;
    const snapshots = new SnapshotRepository(database);
    const ingest = new SnapshotIngest({
      ...options,
      snapshots,
      exclusively: (name, work) => withLock(database, name, work, { wait: false }),
      openSource: (task, onReading) => new ReadingThread(task, onReading),
    });
    this.#runner = new IngestRunner({
      ingest,
      snapshots,
      isTransient: (error) => isTransientBusError(error) || isTransient(error),
      log,
    });
    this.#sweep = new Repeating((signal) => this.#runner.sweep(signal), log, options.sweepEvery);
    const listings = new SourceListings(database);
    // Of its own: a sweep that reads a source takes minutes, in which operators go on choosing.
    this.#offering = new Repeating(
      async () => listings.keep(await offeredSources(options.sourceDirectory)),
      log,
      options.sweepEvery,
    );
  }

  async start(): Promise<void> {
    await this.options.bus.subscribe(
      snapshotRequested,
      { group: GROUP, concurrency: 1 },
      async (run, { signal }) => {
        // Where another instance is at it, or the lock was lost, the sweep goes on with what is left.
        const outcome = await this.#runner.run(run, signal);
        if (outcome === 'abandoned' && signal.aborted)
          throw new SolventError(
            'INGEST_ABANDONED',
            'internal',
            'the service shuts down: the next one goes on',
          );
      },
    );
    this.#sweep.start();
    this.#offering.start();
  }

  /**
   * Ends the sweeps; closing the bus ends what messages asked for. To be called first, but not waited for
   * before the bus is closed: what is being published may wait for room on it.
   */
  async stop(): Promise<void> {
    await Promise.all([this.#sweep.stop(), this.#offering.stop()]);
  }

  /** Whether the source folder can be read. */
  async isReady(): Promise<boolean> {
    return access(this.options.sourceDirectory, constants.R_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
  }
}

import type { CommitterTables } from '@solvent-por/kzg/native';
import {
  bundleRequested,
  proofRequested,
  proofStored,
  snapshotIngested,
  type SnapshotRun,
} from '@solvent-por/services/contracts';
import {
  AuditLog,
  LookupRepository,
  ProofStore,
  SealedBundles,
  SealingStore,
  SnapshotRepository,
  withLock,
  type Database,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import { finaliseInThread, InclusionPool, openingTables, ProofPool } from '@solvent-por/prover';
import type { DeadLetterReason, Delivery, Log, MessageBus } from '@solvent-por/services/kit';
import type { Keys } from '@solvent-por/snapshot/readers';
import { SnapshotFinalising } from './finalise-snapshot';
import { SnapshotFailing } from './failing';
import type { ProverMeter } from './metrics';
import { JobProver } from './prove-job';
import type { SealingPool } from './sealing/bundle-work';
import { BundleSealing } from './sealing/seal-bundle';
import { SealingSweep } from './sealing/sealing-sweep';
import { FinalisingSweep } from './sweep';

/**
 * Consumer groups: each message goes to one instance of each. A group reads one topic, so closing has two.
 */
export const GROUPS = {
  prover: 'solvent-prover',
  finaliserStored: 'solvent-finaliser-stored',
  finaliserIngested: 'solvent-finaliser-ingested',
  sealer: 'solvent-sealer',
} as const;

/** A close takes long: another snapshot's need not wait for it. */
const CLOSES_AT_ONCE = 2;

export interface ProverOptions {
  readonly database: Database;
  readonly bus: MessageBus;
  readonly keyring: WitnessKeyring;
  readonly keys: Pick<Keys, 'operator' | 'signing' | 'salt' | 'blinding'>;
  /** Proofs made side by side; each takes one core. */
  readonly workers: number;
  /** Of `buildCommitterTables`, shared by all threads; without them each makes its own. */
  readonly tables?: CommitterTables;
  /** Whether published messages are lost when the process ends. */
  readonly volatileBus: boolean;
  readonly meter: ProverMeter;
  readonly log: Log;
  /** Digest of the manifest of a former key that the first one of this key follows: 32 bytes. */
  readonly formerManifest?: Uint8Array;
  /** What the clock says; the machine's own by default. */
  readonly now?: () => Date;
  /** Milliseconds between sweeps, for tests. */
  readonly sweepEvery?: number;
  /** Threads that prove and that outlive this prover, for tests; else it has its own, and ends them. */
  readonly pool?: ProofPool;
  /** Threads that seal the batches of a bundle, for tests. */
  readonly openSealingPool?: (accounts: number) => Promise<SealingPool>;
}

/**
 * The whole service but its shell: proves, stores, closes, publishes, and seals bundles. Any number of
 * instances work side by side.
 */
export class Prover {
  readonly #pool: ProofPool;
  readonly #jobs: JobProver;
  readonly #closing: SnapshotFinalising;
  readonly #sweep: FinalisingSweep;
  readonly #sealing: BundleSealing;
  readonly #sealingSweep: SealingSweep;

  constructor(private readonly options: ProverOptions) {
    const { database, bus, keyring, keys, workers, tables, volatileBus, meter, log, sweepEvery } = options;
    const snapshots = new SnapshotRepository(database);
    const store = new ProofStore(database, keyring);
    const audit = new AuditLog(database);
    const failing = new SnapshotFailing({ snapshots, audit, meter, log });
    const shared = { snapshots, store, bus, failing, meter, log };
    this.#pool = options.pool ?? new ProofPool({ workers, keys, ...(tables && { tables }) });
    this.#jobs = new JobProver({ ...shared, keyring, pool: this.#pool, operator: keys.operator });
    this.#closing = new SnapshotFinalising({
      ...shared,
      ...{ keys, keyring, now: options.now ?? (() => new Date()) },
      ...(options.formerManifest && { formerManifest: options.formerManifest }),
      finaliseInThread: (header) => finaliseInThread(header, tables),
      exclusively: (name, work, lock) => withLock(database, name, work, lock),
    });
    const every = sweepEvery === undefined ? {} : { every: sweepEvery };
    const sweep = { snapshots, closing: this.#closing, bus, failing, log, volatileBus, group: GROUPS.prover };
    this.#sweep = new FinalisingSweep({ ...sweep, ...every });
    const bundles = new SealedBundles(database);
    this.#sealing = new BundleSealing({
      ...{ snapshots, bundles, keys, workers, audit, meter, log, operator: keys.operator },
      proofs: store,
      store: new SealingStore(database, keyring),
      lookups: new LookupRepository(database, keyring),
      exclusively: (name, work) => withLock(database, name, work, { wait: false }),
      openPool: options.openSealingPool ?? ((accounts) => openSealingPool(workers, accounts)),
    });
    this.#sealingSweep = new SealingSweep({ bundles, sealing: this.#sealing, log, ...every });
  }

  /**
   * Takes messages once the threads have their set-up, checked against its digest.
   * @throws SolventError SETUP_DIGEST_MISMATCH, …
   */
  async start(): Promise<void> {
    const { bus, workers } = this.options;
    await this.#pool.ready();
    await bus.subscribe(
      proofRequested,
      {
        group: GROUPS.prover,
        concurrency: workers,
        onDeadLetter: (reason) => this.#jobs.giveUp(reason),
      },
      async (message, delivery) => void (await this.#jobs.handle(message, delivery)),
    );
    const finaliser = {
      concurrency: CLOSES_AT_ONCE,
      onDeadLetter: (reason: DeadLetterReason) => this.#giveUpFinalising(reason),
    };
    const close = async ({ snapshotId, attempt }: SnapshotRun, { signal }: Delivery) =>
      void (await this.#closing.close({ snapshotId, attempt }, signal));
    await bus.subscribe(proofStored, { ...finaliser, group: GROUPS.finaliserStored }, close);
    await bus.subscribe(snapshotIngested, { ...finaliser, group: GROUPS.finaliserIngested }, close);
    await bus.subscribe(
      bundleRequested,
      {
        group: GROUPS.sealer,
        concurrency: 1,
        onDeadLetter: ({ message, ...reason }) => this.#giveUpSealing(message, reason),
      },
      async ({ snapshotId }, { signal }) => void (await this.#sealing.seal(snapshotId, signal)),
    );
    this.#sweep.start();
    this.#sealingSweep.start();
  }

  isReady(): boolean {
    return this.#pool.isReady();
  }

  /**
   * Together with closing the bus, which tells handlers to stop: running proofs are finished, within their
   * time, closing and sealing stop between two batches, and nothing new begins.
   */
  async stop(): Promise<void> {
    const pool = this.options.pool ? undefined : this.#pool.end();
    await Promise.all([this.#sweep.stop(), this.#sealingSweep.stop(), pool]);
  }

  /** A message that could not be read says nothing: the sweep finds what was asked for. */
  async #giveUpSealing(message: unknown, reason: { readonly code: string; readonly reason: string }) {
    if (message) await this.#sealing.giveUp(message as SnapshotRun, reason);
  }

  async #giveUpFinalising({ message, ...reason }: DeadLetterReason): Promise<void> {
    // A message that could not be read says nothing: the sweep closes what there is to close.
    if (message) await this.#closing.giveUp(message as SnapshotRun, reason);
  }
}

/**
 * Wide tables where there is much to open; threads of their own, for bundles are rare and proofs go on
 * meanwhile.
 */
async function openSealingPool(workers: number, accounts: number): Promise<SealingPool> {
  return new InclusionPool({ workers, tables: await openingTables(accounts) });
}

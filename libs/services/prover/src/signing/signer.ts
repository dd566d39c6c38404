import type { CommitterTables } from '@solvent-por/kzg/native';
import {
  bundleRequested,
  proofStored,
  snapshotIngested,
  type SnapshotRun,
} from '@solvent-por/services/contracts';
import {
  isTransient,
  LookupRepository,
  ProofStore,
  SealedBundles,
  SealingStore,
  SnapshotRepository,
  withLock,
  type Database,
  type RequestKey,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import { finaliseInThread, InclusionPool, openingTables, WorkerLineVerifier } from '@solvent-por/prover';
import { isTransientBusError, type Delivery, type Log, type MessageBus } from '@solvent-por/services/kit';
import type { Keys } from '@solvent-por/snapshot/readers';
import { SnapshotFailing } from '../failing';
import { claimKeysIn, type SignersClaimKeys } from './claim-keys';
import { SnapshotFinalising } from './finalise-snapshot';
import { FinalisingSweep } from './finalising-sweep';
import type { SignerMeter } from './metrics';
import type { SealingPool } from './sealing/bundle-work';
import { BundleSealing } from './sealing/seal-bundle';
import { SealingSweep } from './sealing/sealing-sweep';

/** Consumer groups of signers. A group reads one topic, so finalising has two. */
export const SIGNER_GROUPS = {
  finaliserStored: 'solvent-finaliser-stored',
  finaliserIngested: 'solvent-finaliser-ingested',
  sealer: 'solvent-sealer',
} as const;

/** To finalise one takes long: another snapshot's need not wait for it. */
const FINALISED_AT_ONCE = 2;

export interface SignerOptions {
  readonly database: Database;
  readonly bus: MessageBus;
  readonly keyring: WitnessKeyring;
  readonly requestKey: RequestKey;
  readonly keys: Pick<Keys, 'operator' | 'signing' | 'blinding'>;
  /** Threads that verify before a manifest is signed, or that seal a bundle; each takes one core. */
  readonly workers: number;
  /** Of `buildCommitterTables`; without them each snapshot that is finalised makes its own. */
  readonly tables?: CommitterTables;
  /** Digest of the manifest of a former key that the first one of this key follows. */
  readonly formerManifest?: Uint8Array;
  /** Verifying keys of private claims that it may sign; without them it signs none. */
  readonly claimKeys?: SignersClaimKeys;
  /** What the clock says, for tests. */
  readonly now?: () => Date;
  readonly meter: SignerMeter;
  readonly log: Log;
  /** Milliseconds between sweeps, for tests. */
  readonly sweepEvery?: number;
  /** Threads that seal the batches of a bundle, for tests. */
  readonly openSealingPool?: (accounts: number) => Promise<SealingPool>;
}

/**
 * The whole service but its shell: whatever carries the operator's signature is made here, and nowhere else has
 * the key. Messages only say that there may be something to do: what is done follows from what is stored and
 * proves to be asked for. A second instance stands by: of two at once one publishes.
 */
export class Signer {
  readonly #finalising: SnapshotFinalising;
  readonly #sweep: FinalisingSweep;
  readonly #sealing: BundleSealing;
  readonly #sealingSweep: SealingSweep;

  constructor(private readonly options: SignerOptions) {
    const { database, bus, keyring, requestKey, keys, workers, tables, meter, log } = options;
    const snapshots = new SnapshotRepository(database);
    const store = new ProofStore(database, keyring);
    const bundles = new SealedBundles(database);
    const failing = new SnapshotFailing({ snapshots, meter, log, actor: 'signer' });
    const shared = { snapshots, requestKey, isTransient: passes, keys, meter, log };
    const every = options.sweepEvery === undefined ? {} : { every: options.sweepEvery };
    this.#finalising = new SnapshotFinalising({
      ...{ ...shared, store, bus, failing, keyring, now: options.now ?? (() => new Date()) },
      ...(options.formerManifest && { formerManifest: options.formerManifest }),
      claimKeys: options.claimKeys ?? { find: claimKeysIn(undefined), allowDevelopment: false },
      finaliseInThread: (header) => finaliseInThread(header, tables),
      openVerifier: () => new WorkerLineVerifier(workers),
      exclusively: (name, work, lock) => withLock(database, name, work, lock),
    });
    this.#sweep = new FinalisingSweep({ snapshots, finalising: this.#finalising, log, ...every });
    this.#sealing = new BundleSealing({
      ...{ ...shared, bundles, workers, operator: keys.operator },
      proofs: store,
      store: new SealingStore(database, keyring),
      lookups: new LookupRepository(database, keyring),
      exclusively: (name, work) => withLock(database, name, work, { wait: false }),
      openPool: options.openSealingPool ?? ((accounts) => openSealingPool(workers, accounts)),
    });
    this.#sealingSweep = new SealingSweep({ bundles, sealing: this.#sealing, log, ...every });
  }

  async start(): Promise<void> {
    const { bus } = this.options;
    const atOnce = { concurrency: FINALISED_AT_ONCE };
    const finalise = async ({ snapshotId, attempt }: SnapshotRun, { signal }: Delivery) =>
      void (await this.#finalising.finalise({ snapshotId, attempt }, signal));
    await bus.subscribe(proofStored, { ...atOnce, group: SIGNER_GROUPS.finaliserStored }, finalise);
    await bus.subscribe(snapshotIngested, { ...atOnce, group: SIGNER_GROUPS.finaliserIngested }, finalise);
    await bus.subscribe(
      bundleRequested,
      { group: SIGNER_GROUPS.sealer, concurrency: 1 },
      async ({ snapshotId }, { signal }) => void (await this.#sealing.seal(snapshotId, signal)),
    );
    this.#sweep.start();
    this.#sealingSweep.start();
  }

  /**
   * Together with closing the bus, which tells handlers to stop: finalising and sealing stop between two batches,
   * and nothing new begins.
   */
  async stop(): Promise<void> {
    await Promise.all([this.#sweep.stop(), this.#sealingSweep.stop()]);
  }
}

/** Of a lock that was lost too: another instance has it, or nobody, and the next try. */
function passes(error: unknown): boolean {
  return (
    isTransient(error) ||
    isTransientBusError(error) ||
    (error instanceof Error && error.name === 'AbortError')
  );
}

/**
 * Wide tables where there is much to open; threads of their own, for bundles are rare and finalising goes on
 * meanwhile.
 */
async function openSealingPool(workers: number, accounts: number): Promise<SealingPool> {
  return new InclusionPool({ workers, tables: await openingTables(accounts) });
}

import type { CommitterTables } from '@solvent-por/kzg/native';
import { proofRequested } from '@solvent-por/services/contracts';
import {
  ProofStore,
  SnapshotRepository,
  type Database,
  type RequestKey,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import { ProofPool } from '@solvent-por/prover';
import type { Log, MessageBus } from '@solvent-por/services/kit';
import type { ServiceKeys } from '@solvent-por/snapshot/readers';
import { ClaimThread, type ClaimMaker } from './claims/claim-thread';
import { ClaimsProver } from './claims/claims-prover';
import { silentClaimsMeter, type ClaimsMeter } from './claims/metrics';
import { SnapshotFailing } from './failing';
import { LostJobsSweep } from './lost-jobs';
import type { ProverMeter } from './metrics';
import { JobProver } from './prove-job';
import { silentReservesMeter, type ReservesMeter } from './reserves/metrics';
import type { AskedNodes } from './reserves/nodes';
import type { OwnKnowledge } from './reserves/own-knowledge';
import type { ReservesJudge } from './reserves/publications';
import { ReservesProver } from './reserves/reserves-prover';

/** The consumer group of all provers: each job goes to one of them. */
export const PROVER_GROUP = 'solvent-prover';

export interface ProverOptions {
  readonly database: Database;
  readonly bus: MessageBus;
  readonly keyring: WitnessKeyring;
  readonly requestKey: RequestKey;
  readonly keys: ServiceKeys<'prover'>;
  /** Proofs made side by side; each takes one core. */
  readonly workers: number;
  /** Of `buildCommitterTables`, shared by all threads; without them each makes its own. */
  readonly tables?: CommitterTables;
  /** Whether published messages are lost when the process ends: ingest then publishes lost jobs again. */
  readonly volatileBus: boolean;
  readonly meter: ProverMeter;
  readonly reservesMeter?: ReservesMeter;
  /** Asked about reserves. */
  readonly nodes?: AskedNodes;
  /** What the operator vouches for of reserves. */
  readonly known?: OwnKnowledge;
  /** Folder of claim keys, as `solvent ceremony export` writes it; without it no claims are made here. */
  readonly claimKeyFolder?: string;
  readonly claimsMeter?: ClaimsMeter;
  /** Makes claims, for tests; else in a thread. */
  readonly claimMaker?: ClaimMaker;
  /** Judges lines of reserves, for tests; else in threads. */
  readonly openJudge?: () => ReservesJudge;
  readonly log: Log;
  /** Milliseconds between sweeps, for tests. */
  readonly sweepEvery?: number;
  /** Threads that prove and that outlive this prover, for tests; else it has its own, and ends them. */
  readonly pool?: ProofPool;
}

/**
 * The whole service but its shell: proves and stores, judges reserves, makes claims where it has keys for them. It
 * signs nothing, and has no key to. Any number of instances work side by side.
 */
export class Prover {
  readonly #pool: ProofPool;
  readonly #jobs: JobProver;
  readonly #lostJobs: LostJobsSweep | undefined;
  readonly #reserves: ReservesProver;
  readonly #claims: ClaimsProver | undefined;

  constructor(private readonly options: ProverOptions) {
    const { database, bus, keyring, requestKey, keys, workers, tables } = options;
    const { volatileBus, meter, log, sweepEvery: every } = options;
    const snapshots = new SnapshotRepository(database);
    const store = new ProofStore(database, keyring);
    const failing = new SnapshotFailing({ snapshots, meter, log, actor: 'prover' });
    this.#pool = options.pool ?? new ProofPool({ workers, keys, ...(tables && { tables }) });
    this.#jobs = new JobProver({
      ...{ snapshots, store, bus, failing, meter, log, keyring, requestKey },
      pool: this.#pool,
      operator: keys.operator,
    });
    const { nodes, known, openJudge, reservesMeter = silentReservesMeter } = options;
    this.#reserves = new ReservesProver({
      ...{ database, bus, keyring, requestKey, keys, workers, log, meter: reservesMeter },
      ...(nodes && { nodes }),
      ...(known && { known }),
      ...(openJudge && { openJudge }),
      ...(every === undefined ? {} : { sweepEvery: every }),
    });
    const { claimKeyFolder: keyFolder, claimsMeter = silentClaimsMeter } = options;
    const maker = options.claimMaker ?? (keyFolder === undefined ? undefined : new ClaimThread(keyFolder));
    this.#claims = maker && new ClaimsProver({ database, bus, keyring, maker, meter: claimsMeter, log });
    if (!volatileBus)
      this.#lostJobs = new LostJobsSweep({
        ...{ snapshots, bus, failing, log, group: PROVER_GROUP },
        ...(every === undefined ? {} : { every }),
      });
  }

  /**
   * Takes messages once the threads have their set-up, checked against its digest.
   * @throws SolventError SETUP_DIGEST_MISMATCH, CLAIM_TOOLS_MISSING, …
   */
  async start(): Promise<void> {
    const { bus, workers } = this.options;
    await this.#pool.ready();
    // First, for it may end the start: what it needs is not installed with us.
    await this.#claims?.start();
    await bus.subscribe(
      proofRequested,
      {
        group: PROVER_GROUP,
        concurrency: workers,
        onDeadLetter: (reason) => this.#jobs.giveUp(reason),
      },
      async (message, delivery) => void (await this.#jobs.handle(message, delivery)),
    );
    this.#lostJobs?.start();
    await this.#reserves.start();
  }

  isReady(): boolean {
    return this.#pool.isReady();
  }

  /**
   * Together with closing the bus, which tells handlers to stop: running proofs are finished, within their
   * time, and nothing new begins.
   */
  async stop(): Promise<void> {
    const pool = this.options.pool ? undefined : this.#pool.end();
    await Promise.all([this.#lostJobs?.stop(), this.#reserves.stop(), this.#claims?.stop(), pool]);
  }
}

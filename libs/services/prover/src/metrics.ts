import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { LOOK_MS, within, type GroupLag } from '@solvent-por/services/kit';

/** What a prover counts and times. */
export interface ProverMeter {
  /** A proof of so many batches was made and stored; seconds are those of the thread. */
  stored(batches: number, seconds: number): void;
  /** A job ended otherwise. */
  skipped(outcome: 'already' | 'stale' | 'waiting'): void;
  failed(code: string): void;
  /** A snapshot was published; seconds from the first leaf to the signed manifest. */
  closed(seconds: number): void;
  /** A sealed bundle was finished; seconds of this instance, which may have gone on with another's. */
  sealed(seconds: number): void;
  sealFailed(code: string): void;
}

export const silentProverMeter: ProverMeter = {
  stored() {},
  skipped() {},
  failed() {},
  closed() {},
  sealed() {},
  sealFailed() {},
};

/** The same for Prometheus; no label ever holds an id. */
export class ProverMetrics implements ProverMeter {
  readonly #proofs: Counter;
  readonly #batches: Counter;
  readonly #proofSeconds: Histogram;
  readonly #skipped: Counter<'outcome'>;
  readonly #failures: Counter<'code'>;
  readonly #closeSeconds: Histogram;
  readonly #sealSeconds: Histogram;
  readonly #sealFailures: Counter<'code'>;

  /** @param lag asked when metrics are collected */
  constructor(registry: Registry, lag: () => Promise<readonly GroupLag[]>) {
    const registers = [registry];
    this.#proofs = new Counter({
      name: 'solvent_prover_proofs_stored_total',
      help: 'Proofs made here and stored.',
      registers,
    });
    this.#batches = new Counter({
      name: 'solvent_prover_batches_stored_total',
      help: 'Batches of the proofs made here and stored.',
      registers,
    });
    this.#proofSeconds = new Histogram({
      name: 'solvent_prover_proof_seconds',
      help: 'Seconds a thread took for one proof, its own verification included.',
      buckets: [0.5, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128],
      registers,
    });
    this.#skipped = new Counter({
      name: 'solvent_prover_jobs_skipped_total',
      help: 'Jobs that needed no proof, or not yet: stored before, of a run that is over, parts still missing.',
      labelNames: ['outcome'],
      registers,
    });
    this.#failures = new Counter({
      name: 'solvent_prover_snapshot_failures_total',
      help: 'Snapshots that failed here, by the code of the reason.',
      labelNames: ['code'],
      registers,
    });
    this.#closeSeconds = new Histogram({
      name: 'solvent_prover_close_seconds',
      help: 'Seconds from the first leaf to the published manifest.',
      buckets: [1, 2, 4, 8, 15, 30, 60, 120, 300, 600],
      registers,
    });
    this.#sealSeconds = new Histogram({
      name: 'solvent_prover_seal_seconds',
      help: 'Seconds from a requested to a finished sealed bundle, or from where another instance stood.',
      buckets: [1, 5, 15, 60, 300, 900, 3600, 4 * 3600],
      registers,
    });
    this.#sealFailures = new Counter({
      name: 'solvent_prover_seal_failures_total',
      help: 'Sealed bundles that failed here, by the code of the reason.',
      labelNames: ['code'],
      registers,
    });
    new Gauge({
      name: 'solvent_prover_queue_messages',
      help: "Messages published and not yet handled by this service's groups.",
      labelNames: ['topic', 'group'],
      registers,
      async collect() {
        // An old figure would be a false one, and a broker that is away no reason to hide all other figures.
        this.reset();
        const groups = await within(lag(), LOOK_MS).catch(() => undefined);
        for (const { topic, group, messages } of groups?.value ?? []) this.set({ topic, group }, messages);
      },
    });
  }

  stored(batches: number, seconds: number): void {
    this.#proofs.inc();
    this.#batches.inc(batches);
    this.#proofSeconds.observe(seconds);
  }

  skipped(outcome: 'already' | 'stale' | 'waiting'): void {
    this.#skipped.inc({ outcome });
  }

  failed(code: string): void {
    this.#failures.inc({ code });
  }

  closed(seconds: number): void {
    this.#closeSeconds.observe(seconds);
  }

  sealed(seconds: number): void {
    this.#sealSeconds.observe(seconds);
  }

  sealFailed(code: string): void {
    this.#sealFailures.inc({ code });
  }
}

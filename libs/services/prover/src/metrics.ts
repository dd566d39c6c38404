import { Counter, Histogram, type Registry } from 'prom-client';
import type { GroupLag } from '@solvent-por/services/kit';
import { gaugeQueues } from './queues';

/** What a prover counts and times. */
export interface ProverMeter {
  /** A proof of so many batches was made and stored; seconds are those of the thread. */
  stored(batches: number, seconds: number): void;
  /** A job ended otherwise. */
  skipped(outcome: 'already' | 'stale' | 'waiting'): void;
  failed(code: string): void;
}

export const silentProverMeter: ProverMeter = {
  stored() {},
  skipped() {},
  failed() {},
};

/** The same for Prometheus; no label ever holds an id. */
export class ProverMetrics implements ProverMeter {
  readonly #proofs: Counter;
  readonly #batches: Counter;
  readonly #proofSeconds: Histogram;
  readonly #skipped: Counter<'outcome'>;
  readonly #failures: Counter<'code'>;

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
    gaugeQueues(registry, 'solvent_prover_queue_messages', lag);
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
}

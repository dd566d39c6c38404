import { Counter, Histogram, type Registry } from 'prom-client';
import type { GroupLag } from '@solvent-por/services/kit';
import { gaugeQueues } from '../queues';

/** What the signer counts and times. */
export interface SignerMeter {
  failed(code: string): void;
  /** A snapshot was published; seconds from the first leaf to the published manifest. */
  finalised(seconds: number): void;
  /** A sealed bundle was finished; seconds of this instance, which may have gone on with another's. */
  sealed(seconds: number): void;
  sealFailed(code: string): void;
}

export const silentSignerMeter: SignerMeter = {
  failed() {},
  finalised() {},
  sealed() {},
  sealFailed() {},
};

/** The same for Prometheus; no label ever holds an id. */
export class SignerMetrics implements SignerMeter {
  readonly #failures: Counter<'code'>;
  readonly #finaliseSeconds: Histogram;
  readonly #sealSeconds: Histogram;
  readonly #sealFailures: Counter<'code'>;

  /** @param lag asked when metrics are collected */
  constructor(registry: Registry, lag: () => Promise<readonly GroupLag[]>) {
    const registers = [registry];
    this.#failures = new Counter({
      name: 'solvent_signer_snapshot_failures_total',
      help: 'Snapshots that were not signed, by the code of the reason.',
      labelNames: ['code'],
      registers,
    });
    this.#finaliseSeconds = new Histogram({
      name: 'solvent_signer_finalise_seconds',
      help: 'Seconds from the first leaf to the published manifest.',
      buckets: [1, 2, 4, 8, 15, 30, 60, 120, 300, 600],
      registers,
    });
    this.#sealSeconds = new Histogram({
      name: 'solvent_signer_seal_seconds',
      help: 'Seconds from a requested to a finished sealed bundle, or from where another instance stood.',
      buckets: [1, 5, 15, 60, 300, 900, 3600, 4 * 3600],
      registers,
    });
    this.#sealFailures = new Counter({
      name: 'solvent_signer_seal_failures_total',
      help: 'Sealed bundles that failed here, by the code of the reason.',
      labelNames: ['code'],
      registers,
    });
    gaugeQueues(registry, 'solvent_signer_queue_messages', lag);
  }

  failed(code: string): void {
    this.#failures.inc({ code });
  }

  finalised(seconds: number): void {
    this.#finaliseSeconds.observe(seconds);
  }

  sealed(seconds: number): void {
    this.#sealSeconds.observe(seconds);
  }

  sealFailed(code: string): void {
    this.#sealFailures.inc({ code });
  }
}

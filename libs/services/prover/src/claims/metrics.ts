import { Counter, Histogram, type Registry } from 'prom-client';

/** What a prover counts of claims. */
export interface ClaimsMeter {
  /** A claim was made, in so many seconds of the thread. */
  claimProved(seconds: number): void;
  claimFailed(code: string): void;
}

export const silentClaimsMeter: ClaimsMeter = {
  claimProved() {},
  claimFailed() {},
};

/** The same for Prometheus; no label ever holds an id. */
export class ClaimsMetrics implements ClaimsMeter {
  readonly #seconds: Histogram;
  readonly #failures: Counter<'code'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#seconds = new Histogram({
      name: 'solvent_prover_claim_seconds',
      help: 'Seconds that private claims took that were made here.',
      buckets: [1, 2, 3, 5, 8, 12, 20, 40],
      registers,
    });
    this.#failures = new Counter({
      name: 'solvent_prover_claim_failures_total',
      help: 'Private claims that could not be made here, by the code of the reason.',
      labelNames: ['code'],
      registers,
    });
  }

  claimProved(seconds: number): void {
    this.#seconds.observe(seconds);
  }

  claimFailed(code: string): void {
    this.#failures.inc({ code });
  }
}

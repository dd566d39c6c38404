import { Counter, Histogram, type Registry } from 'prom-client';

/** What a prover counts of reserves. */
export interface ReservesMeter {
  /** A part of so many lines was judged and stored; seconds include what nodes took. */
  reservesJudged(lines: number, seconds: number): void;
  /** Reserves were published; seconds of adding up. */
  reservesPublished(seconds: number): void;
  reservesFailed(code: string): void;
}

export const silentReservesMeter: ReservesMeter = {
  reservesJudged() {},
  reservesPublished() {},
  reservesFailed() {},
};

/** The same for Prometheus; no label ever holds an id. */
export class ReservesMetrics implements ReservesMeter {
  readonly #lines: Counter;
  readonly #partSeconds: Histogram;
  readonly #published: Histogram;
  readonly #failures: Counter<'code'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#lines = new Counter({
      name: 'solvent_prover_reserve_lines_total',
      help: 'Lines of reserves judged here and stored.',
      registers,
    });
    this.#partSeconds = new Histogram({
      name: 'solvent_prover_reserve_part_seconds',
      help: 'Seconds from a part of reserves to what it was judged to be, answers of nodes included.',
      buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900],
      registers,
    });
    this.#published = new Histogram({
      name: 'solvent_prover_reserves_seconds',
      help: 'Seconds of adding up reserves that were published here.',
      buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers,
    });
    this.#failures = new Counter({
      name: 'solvent_prover_reserves_failures_total',
      help: 'Publications of reserves that failed here, by the code of the reason.',
      labelNames: ['code'],
      registers,
    });
  }

  reservesJudged(lines: number, seconds: number): void {
    this.#lines.inc(lines);
    this.#partSeconds.observe(seconds);
  }

  reservesPublished(seconds: number): void {
    this.#published.observe(seconds);
  }

  reservesFailed(code: string): void {
    this.#failures.inc({ code });
  }
}

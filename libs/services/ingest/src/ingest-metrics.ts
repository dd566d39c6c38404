import { Counter, Histogram, type Registry } from 'prom-client';
import type { IngestMeter, IngestOutcome } from './observing';
import type { ReadingPass } from './reading/balance-source';

/** Seconds of a whole snapshot's ingest: from a demonstration to 100 million accounts. */
const BUCKETS = [0.5, 2, 10, 30, 60, 300, 900, 3600];

/** Ingest's counters for Prometheus. */
export class IngestMetrics implements IngestMeter {
  readonly #accounts: Counter<'pass'>;
  readonly #bytes: Counter<'pass'>;
  readonly #jobs: Counter;
  readonly #payload: Counter;
  readonly #reserves: Counter;
  readonly #refusals: Counter<'code'>;
  readonly #seconds: Histogram<'outcome'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#accounts = new Counter({
      name: 'solvent_ingest_accounts_read_total',
      help: 'Accounts read, by pass: each source is read to check it, then to cut it',
      labelNames: ['pass'],
      registers,
    });
    this.#bytes = new Counter({
      name: 'solvent_ingest_bytes_read_total',
      help: 'Bytes read from disk, by pass',
      labelNames: ['pass'],
      registers,
    });
    this.#jobs = new Counter({
      name: 'solvent_ingest_jobs_published_total',
      help: 'Proof jobs published, in all their parts',
      registers,
    });
    this.#payload = new Counter({
      name: 'solvent_ingest_payload_bytes_total',
      help: 'Compressed bytes of the jobs published',
      registers,
    });
    this.#reserves = new Counter({
      name: 'solvent_ingest_reserves_bytes_total',
      help: 'Bytes of lines of reserves stored for provers',
      registers,
    });
    this.#refusals = new Counter({
      name: 'solvent_ingest_refusals_total',
      help: 'Snapshots and reserves refused, by the code of the reason',
      labelNames: ['code'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'solvent_ingest_run_seconds',
      help: 'Seconds from beginning a snapshot to its end, by outcome',
      labelNames: ['outcome'],
      buckets: BUCKETS,
      registers,
    });
  }

  read(pass: ReadingPass, accounts: number, bytes: number): void {
    this.#accounts.inc({ pass }, accounts);
    this.#bytes.inc({ pass }, bytes);
  }

  published(bytes: number): void {
    this.#jobs.inc();
    this.#payload.inc(bytes);
  }

  readReserves(bytes: number): void {
    this.#reserves.inc(bytes);
  }

  refused(code: string): void {
    this.#refusals.inc({ code });
  }

  ended(outcome: IngestOutcome | 'error', seconds: number): void {
    this.#seconds.observe({ outcome }, seconds);
  }
}

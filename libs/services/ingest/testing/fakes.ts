import { SolventError } from '@solvent-por/kzg';
import {
  proofRequested,
  snapshotIngested,
  type EventContract,
  type ProofRequested,
  type SnapshotIngested,
  type SnapshotRun,
} from '@solvent-por/services/contracts';
import type {
  IngestPlan,
  SnapshotFailure,
  SnapshotRecord,
  SnapshotState,
} from '@solvent-por/services/database';
import { headerOf, parseConfig, type SnapshotConfigInput } from '@solvent-por/snapshot';
import type { IngestOptions } from '../src/ingest-snapshot';
import type { Log } from '@solvent-por/services/kit';
import type { IngestMeter } from '../src/observing';
import { AGGREGATE, REQUEST_KEY } from './balance-files';

/** One row, as SnapshotRepository would keep it. */
export class FakeSnapshots implements Pick<IngestOptions['snapshots'], keyof IngestOptions['snapshots']> {
  readonly row: { state: SnapshotState; attempt: number; plan?: IngestPlan; failure?: SnapshotFailure } = {
    state: 'REQUESTED',
    attempt: 1,
  };
  readonly proved = new Set<number>();
  readonly record: { readonly config: object; header: object };
  /** What somebody wrote to the row after it was asked for. */
  forged: Partial<SnapshotRecord> = {};

  constructor(
    readonly source: string,
    given: SnapshotConfigInput = AGGREGATE,
  ) {
    const config = parseConfig(given);
    this.record = { config, header: headerOf(config) };
  }

  get run(): SnapshotRun {
    return { snapshotId: 'november-2026', attempt: this.row.attempt };
  }

  async find(): Promise<SnapshotRecord> {
    const { state, attempt, plan } = this.row;
    const asked = { ...this.record, source: this.source, requestedBy: null };
    return {
      ...asked,
      requestMac: REQUEST_KEY.requestMac({ snapshotId: 'november-2026', attempt, ...asked }),
      id: 'november-2026',
      ...this.forged,
      state,
      attempt,
      batchCount: plan?.batchCount ?? null,
      batchesPerProof: plan?.batchesPerProof ?? null,
    } as unknown as SnapshotRecord;
  }

  async unfinished(): Promise<SnapshotRecord[]> {
    return ['PUBLISHED', 'FAILED'].includes(this.row.state) ? [] : [await this.find()];
  }

  async beginIngest(run: SnapshotRun): Promise<SnapshotRecord | null> {
    if (run.attempt !== this.row.attempt) return null;
    if (this.row.state === 'REQUESTED') this.row.state = 'INGESTING';
    return this.row.state === 'INGESTING' ? this.find() : null;
  }

  async recordPlan(run: SnapshotRun, plan: IngestPlan): Promise<IngestPlan> {
    if (run.attempt !== this.row.attempt || !['INGESTING', 'PROVING'].includes(this.row.state))
      throw new SolventError('SNAPSHOT_STALE', 'invalid', 'the attempt is over');
    this.row.plan ??= plan;
    if (this.row.plan.sourceDigest !== plan.sourceDigest)
      throw new SolventError('INPUT_CHANGED', 'invalid', 'the source is not what it was');
    return this.row.plan;
  }

  async finishIngest(run: SnapshotRun): Promise<boolean> {
    return this.#move(run, ['INGESTING'], 'PROVING');
  }

  readonly audited: object[] = [];

  async fail(run: SnapshotRun, failure: SnapshotFailure, by: object): Promise<boolean> {
    const moved = this.#move(run, ['REQUESTED', 'INGESTING', 'PROVING'], 'FAILED');
    if (!moved) return false;
    this.row.failure = failure;
    this.audited.push(by);
    return moved;
  }

  async provedFirsts(): Promise<Set<number>> {
    return new Set(this.proved);
  }

  #move(run: SnapshotRun, from: SnapshotState[], to: SnapshotState): boolean {
    if (run.attempt !== this.row.attempt || !from.includes(this.row.state)) return false;
    this.row.state = to;
    return true;
  }
}

/** Keeps what is published. */
export class FakeBus {
  readonly jobs: Array<{ readonly message: ProofRequested; readonly slot: number | undefined }> = [];
  readonly ingested: SnapshotIngested[] = [];
  /** Called before a job is kept. */
  before: (message: ProofRequested) => void | Promise<void> = () => undefined;

  async publish<T>(
    contract: EventContract<T>,
    message: T,
    { slot }: { readonly slot?: number } = {},
  ): Promise<void> {
    const value = contract.encode(message);
    if (contract.topic === proofRequested.topic) {
      const job = proofRequested.decode(value);
      await this.before(job);
      this.jobs.push({ message: job, slot });
    } else if (contract.topic === snapshotIngested.topic) this.ingested.push(snapshotIngested.decode(value));
    else throw new Error(`nobody publishes on ${contract.topic}`);
  }

  get firsts(): number[] {
    return this.jobs.map(({ message }) => message.first).sort((a, b) => a - b);
  }
}

export class FakeLog implements Log {
  readonly lines: string[] = [];
  readonly #keep = (fields: object, message: string) => {
    this.lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  readonly debug = this.#keep;
  readonly info = this.#keep;
  readonly warn = this.#keep;
  readonly error = this.#keep;
}

export class FakeMeter implements IngestMeter {
  readonly refusals: string[] = [];
  jobs = 0;
  readonly accounts = { check: 0, cut: 0 };
  readonly outcomes: string[] = [];
  read(pass: 'check' | 'cut', accounts: number): void {
    this.accounts[pass] += accounts;
  }
  ended(outcome: string): void {
    this.outcomes.push(outcome);
  }
  published(): void {
    this.jobs++;
  }
  reservesBytes = 0;
  readReserves(bytes: number): void {
    this.reservesBytes += bytes;
  }
  refused(code: string): void {
    this.refusals.push(code);
  }
}

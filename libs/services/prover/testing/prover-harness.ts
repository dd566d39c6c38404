import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { SetUp, VerifyingKey } from '@solvent-por/claims';
import { concat, toHex, utf8 } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  bundleRequested,
  proofRequested,
  proofStored,
  snapshotIngested,
  snapshotPublished,
  type ProofRequested,
  type SnapshotPublished,
  type SnapshotRun,
} from '@solvent-por/services/contracts';
import {
  isTransient,
  openDatabase,
  ProofStore,
  ProofReads,
  RequestKey,
  sealContext,
  sealJobMessage,
  SnapshotRepository,
  WitnessKeyring,
  type Database,
} from '@solvent-por/services/database';
import { encodeBatches, ProofPool } from '@solvent-por/prover';
import {
  ACCOUNT_ROWS,
  claimMark,
  layoutOf,
  parseOperatorKey,
  verifyGlobalProof,
  type AccountBatch,
  type GlobalVerdict,
  type Header,
} from '@solvent-por/verifier';
import { InProcessBus, silentLog, silentMeter, type MessageBus } from '@solvent-por/services/kit';
import type { SnapshotConfig } from '@solvent-por/snapshot';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { silentProverMeter, type ProverMeter } from '../src/metrics';
import { Prover, type ProverOptions } from '../src/prover';
import { silentSignerMeter, type SignerMeter } from '../src/signing/metrics';
import { Signer, type SignerOptions } from '../src/signing/signer';

const digest = (text: string) => new Uint8Array(createHash('sha256').update(text).digest());

export const MASTER_KEY = digest('master key');
export const KEYS = deriveKeys(MASTER_KEY);
export const WITNESS_KEYS = `k1:${toHex(digest('witness key'))}`;
export const REQUEST_KEY_TEXT = `0x${'33'.repeat(32)}`;
export const REQUEST_KEY = RequestKey.parse(REQUEST_KEY_TEXT);
export const KEYRING = WitnessKeyring.parse(WITNESS_KEYS);

/** One asset of one limb: as cheap to prove as can be. */
export function headerOf(
  snapshot: string,
  takenAt = '2026-11-30T00:00:00Z',
  operator = KEYS.operator,
): Header {
  const assets = [{ symbol: 'COIN', scale: 2, limbs: 1 }];
  return { protocol: 'solvent/v1', operator, snapshot, takenAt, mode: 'spot', assets };
}

/** So many accounts with one amount each, in batches that are full but the last. */
export function accountBatchesOf(count: number, seed = 'a'): AccountBatch[] {
  return Array.from({ length: Math.ceil(count / ACCOUNT_ROWS) }, (_, batch) => {
    const rows = Math.min(ACCOUNT_ROWS, count - batch * ACCOUNT_ROWS);
    const ids = concat(...Array.from({ length: rows }, (__, row) => digest(`${seed} ${batch} ${row}`)));
    const amounts = new Uint32Array(3 * rows);
    for (let row = 0; row < rows; row++) amounts[3 * row] = (ids[32 * row]! << 3) | (row & 7);
    return { count: rows, ids, amounts };
  });
}

/** As much of a verifying key as a signer looks at, for the one value of these snapshots. */
export function verifyingKeyOf(kind: SetUp['kind'], values = 1): Pick<VerifyingKey, 'document'> {
  return { document: { values, setUp: { kind } } as VerifyingKey['document'] };
}

/** The access by which the harness's account in a row is given its claim file. */
export const accessOf = (id: Uint8Array) => digest(`access ${toHex(id)}`);

/** The same batches as ingest gives them where a snapshot asks for claims. */
export function withMarks(batches: readonly AccountBatch[]): AccountBatch[] {
  return batches.map((batch) => ({
    ...batch,
    claimMarks: concat(
      ...Array.from({ length: batch.count }, (_, row) =>
        claimMark(accessOf(batch.ids.subarray(32 * row, 32 * (row + 1)))),
      ),
    ),
  }));
}

/** Sum of what the accounts hold. */
export function totalOf(batches: readonly AccountBatch[]): string {
  const sums = batches.map(({ amounts }) => amounts.reduce((sum, amount) => sum + amount, 0));
  return String(sums.reduce((sum, amount) => sum + amount, 0));
}

/** A job as ingest makes it. */
export function jobOf(
  run: SnapshotRun,
  header: Header,
  first: number,
  batches: readonly AccountBatch[],
): ProofRequested {
  const packed = gzipSync(encodeBatches(batches, layoutOf(header).inputs.length));
  const { keyId, sealed } = KEYRING.seal(packed, sealContext.job(run.snapshotId, run.attempt, first));
  const payloadDigest = createHash('sha256').update(sealed).digest('hex');
  const rest = { first, batches: batches.length, keyId, payloadDigest, part: 0, parts: 1 };
  return sealJobMessage(KEYRING, { ...run, ...rest, payload: sealed });
}

/** The same job in parts. */
export function inParts(job: ProofRequested, parts: number): ProofRequested[] {
  const length = Math.ceil(job.payload.length / parts);
  return Array.from({ length: parts }, (_, part) =>
    sealJobMessage(KEYRING, {
      ...job,
      part,
      parts,
      payload: job.payload.subarray(part * length, (part + 1) * length),
    }),
  );
}

export interface Ingested {
  readonly run: SnapshotRun;
  readonly header: Header;
  readonly batches: readonly AccountBatch[];
  readonly jobs: readonly ProofRequested[];
}

const silent = { ...silentProverMeter, ...silentSignerMeter };

let sharedPool: ProofPool | undefined;
afterAll(() => sharedPool?.end());

/** One thread for all provers of a test file: each of its own would load the set-up anew. */
function poolOfTheFile(): ProofPool {
  return (sharedPool ??= new ProofPool({ workers: 1, keys: KEYS }));
}

/** Of a database: as its superuser, and as services. */
interface Addresses {
  readonly url: string;
  as(role: 'prover' | 'signer'): string;
}

/** A database, a bus, provers, and an ingest that the test plays. */
export class ProverHarness {
  readonly snapshots: SnapshotRepository;
  readonly store: ProofStore;
  readonly published: SnapshotPublished[] = [];
  readonly #running: Array<{ stop(): Promise<void> }> = [];

  private constructor(
    readonly database: Database,
    /** As prover and signer see it. */
    private readonly databases: { readonly prover: Database; readonly signer: Database },
    readonly bus: MessageBus,
  ) {
    this.snapshots = new SnapshotRepository(database);
    this.store = new ProofStore(database, KEYRING);
  }

  static async open(test: Addresses, bus: MessageBus = inProcessBus()): Promise<ProverHarness> {
    const databases = { prover: openDatabase(test.as('prover')), signer: openDatabase(test.as('signer')) };
    const harness = new ProverHarness(openDatabase(test.url), databases, bus);
    await harness.bus.subscribe(snapshotPublished, { group: 'test', concurrency: 1 }, async (message) => {
      harness.published.push(message);
    });
    return harness;
  }

  /**
   * A prover on this database, and a signer; their bus may be another view of ours. With a number of workers
   * they have threads of their own.
   */
  async prover(
    options: Partial<Omit<ProverOptions & SignerOptions, 'meter'>> & {
      readonly meter?: ProverMeter & SignerMeter;
    } = {},
  ): Promise<Pick<Prover, 'stop'>> {
    const { bus, databases } = this;
    const shared = { bus, keyring: KEYRING, requestKey: REQUEST_KEY, keys: KEYS };
    // Later than every snapshot of the tests.
    const now = () => new Date('2027-01-31T00:00:00Z');
    const claimKeys = { find: async () => verifyingKeyOf('ceremony'), allowDevelopment: false };
    const defaults = {
      ...{ ...shared, claimKeys, workers: 1, sweepEvery: 100 },
      ...{ log: silentLog, meter: silent, now },
    };
    const threads = options.workers === undefined ? { pool: poolOfTheFile() } : {};
    const prover = new Prover({
      ...{ ...defaults, ...threads, database: databases.prover, volatileBus: true },
      ...options,
    });
    const signer = new Signer({ ...defaults, database: databases.signer, ...options });
    const both = {
      stop: async () => void (await Promise.all([prover.stop(), signer.stop()])),
    };
    this.#running.push(both);
    await Promise.all([prover.start(), signer.start()]);
    return both;
  }

  /**
   * Requests and plans a snapshot; nothing is published yet.
   * @param claims what its configuration says of private claims
   */
  async plan(
    header: Header,
    batches: readonly AccountBatch[],
    k = 1,
    claims?: SnapshotConfig['claims'],
  ): Promise<Ingested> {
    const config = { snapshot: header.snapshot, ...(claims && { claims }) } as unknown as SnapshotConfig;
    const request = { config, header, source: 'balances', requestedBy: null };
    const { snapshot } = await this.snapshots.request(request, REQUEST_KEY);
    const run = { snapshotId: snapshot.id, attempt: snapshot.attempt };
    await this.snapshots.beginIngest(run);
    const accounts = batches.reduce((sum, { count }) => sum + count, 0);
    const plan = { accounts, batchesPerProof: k, batchCount: batches.length };
    await this.snapshots.recordPlan(
      run,
      { ...plan, sourceDigest: toHex(digest(header.snapshot)) },
      REQUEST_KEY,
    );
    const jobs = [];
    for (let first = 0; first < batches.length; first += k)
      jobs.push(jobOf(run, header, first, batches.slice(first, first + k)));
    return { run, header, batches, jobs };
  }

  async publish(jobs: readonly ProofRequested[]): Promise<void> {
    for (const job of jobs) await this.bus.publish(proofRequested, job);
  }

  /** Ingest is done. */
  async ingested({ run, jobs }: Ingested): Promise<void> {
    await this.snapshots.finishIngest(run);
    const batches = jobs.reduce((sum, job) => sum + job.batches, 0);
    await this.bus.publish(snapshotIngested, { ...run, batches, jobs: jobs.length });
  }

  /** What anybody can say who can write to the topics. */
  async tell(runs: readonly SnapshotRun[]): Promise<void> {
    for (const run of runs) {
      await this.bus.publish(proofStored, { ...run, first: 0, batches: 1 });
      await this.bus.publish(snapshotIngested, { ...run, batches: 1, jobs: 1 });
      await this.bus.publish(bundleRequested, run);
    }
  }

  /** Every message is handled. */
  async quiet(): Promise<void> {
    while ((await this.bus.lag()).some(({ messages }) => messages > 0)) await soon();
  }

  /** Waits for what is done outside the bus, as by a sweep. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await soon();
  }

  /** The state a snapshot ends in. */
  async ended(id: string): Promise<'PUBLISHED' | 'FAILED'> {
    for (;;) {
      const progress = await this.snapshots.progress(id);
      if (progress?.state === 'PUBLISHED' || progress?.state === 'FAILED') return progress.state;
      await soon();
    }
  }

  /** Everything anybody could download, verified as a stranger would. */
  async verdict(id: string): Promise<GlobalVerdict> {
    const { snapshots, database } = this;
    async function* file(): AsyncGenerator<Uint8Array> {
      const snapshot = await snapshots.find(id);
      yield concat(new Uint8Array(snapshot!.manifest!), utf8('\n'));
      for (const { line } of await new ProofReads(database).lines(id, 0, 1_000))
        yield concat(line, utf8('\n'));
    }
    return verifyGlobalProof(file(), {
      kzg: nativeVerifier(),
      operator: parseOperatorKey(KEYS.operator),
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.bus.close(), ...this.#running.map((one) => one.stop())]);
    const { database, databases } = this;
    await Promise.all([database, databases.prover, databases.signer].map((one) => one.close()));
  }
}

export function inProcessBus(): InProcessBus {
  const retry = { tries: 3, firstPauseMs: 10, longestPauseMs: 50 };
  return new InProcessBus({ isTransient, log: silentLog, meter: silentMeter, retry });
}

export function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 25));
}

/** Counts proofs that were made here, not those that were stored. */
export function countingMeter() {
  const counts = {
    stored: 0,
    skipped: [] as string[],
    failed: [] as string[],
    finalised: 0,
    sealed: 0,
    sealFailed: [] as string[],
  };
  const meter: ProverMeter & SignerMeter = {
    stored: () => void counts.stored++,
    skipped: (outcome) => void counts.skipped.push(outcome),
    failed: (code) => void counts.failed.push(code),
    finalised: () => void counts.finalised++,
    sealed: () => void counts.sealed++,
    sealFailed: (code) => void counts.sealFailed.push(code),
  };
  return { counts, meter };
}

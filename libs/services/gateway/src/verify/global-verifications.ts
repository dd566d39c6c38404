import { SolventError } from '@solvent-por/kzg';
import type { VerdictRecord, VerificationRecord, VerificationTable } from '@solvent-por/services/database';
import { joinFindings, type GlobalVerdict } from '@solvent-por/verifier';
import { refusals } from '../errors/answered';

/** Where verifications are kept: VerificationTable, as much of it as is used here. */
export type VerificationStore = Pick<VerificationTable, 'find' | 'claim' | 'beat' | 'finish' | 'abandon'>;

export interface GlobalVerificationsOptions {
  readonly store: VerificationStore;
  readonly batchCount: (snapshotId: string) => Promise<number | undefined>;
  /** Verifies all of it. @param signal ends it early, with any error */
  readonly verify: (
    snapshotId: string,
    onProgress: (batches: number) => void,
    signal: AbortSignal,
  ) => Promise<GlobalVerdict>;
  readonly onFinished: (snapshotId: string, seconds: number, valid: boolean | null) => void;
  readonly onError: (snapshotId: string, error: unknown) => void;
  readonly beatMilliseconds?: number;
}

export type VerificationState = 'RUNNING' | 'FINISHED' | 'BROKEN_OFF';

/** A heart that was silent for so long has stopped. */
const STALE_SECONDS = 60;
/**
 * What is published does not change, so neither does the verdict: asked again soon, the last one is answered.
 */
const FRESH_SECONDS = 600;

/** @param now in milliseconds since 1970 */
export function verificationState(record: VerificationRecord, now: number): VerificationState {
  if (record.finishedAt) return record.valid === null ? 'BROKEN_OFF' : 'FINISHED';
  return now - record.heartbeatAt.getTime() > STALE_SECONDS * 1000 ? 'BROKEN_OFF' : 'RUNNING';
}

/** Who asks: auditors have a place of their own, which nobody else can take. */
export type Asker = 'auditor' | 'anybody';

interface Running {
  readonly snapshotId: string;
  /** When its row is there, or cannot be; never rejects. */
  readonly claimed: Promise<unknown>;
  readonly done: Promise<void>;
}

/**
 * Verifies global proofs on the server: one at a time here for auditors and one for anybody, and one at a time
 * a snapshot in all gateways together.
 */
export class GlobalVerifications {
  readonly #stop = new AbortController();
  readonly #running = new Map<Asker, Running>();

  constructor(private readonly options: GlobalVerificationsOptions) {}

  find(snapshotId: string): Promise<VerificationRecord | null> {
    return this.options.store.find(snapshotId);
  }

  /**
   * Starts a verification and answers how it stands; one that runs already, or ended a short while ago, is
   * answered as it is.
   * @throws SolventError SNAPSHOT_NOT_FOUND | VERIFICATION_BUSY (another snapshot's is running in this place;
   *   details.retryAfter, seconds)
   */
  async start(snapshotId: string, asker: Asker): Promise<VerificationRecord> {
    const { store } = this.options;
    const batchCount = await this.options.batchCount(snapshotId);
    if (batchCount === undefined) throw refusals.snapshotNotFound();
    const same = [...this.#running.values()].find((running) => running.snapshotId === snapshotId);
    const started = !same && !this.#running.has(asker) && !this.#stop.signal.aborted;
    if (started) await this.#begin(snapshotId, asker, batchCount);
    else await same?.claimed;
    const record = await store.find(snapshotId);
    if (record && (started || verificationState(record, Date.now()) !== 'BROKEN_OFF')) return record;
    throw new SolventError(
      'VERIFICATION_BUSY',
      'usage',
      "another snapshot's global proof is being verified; try again when it is done",
      { retryAfter: 30 },
    );
  }

  /** Ends those under way, which then count as never done. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Runs it in the background, if it may start. */
  async #begin(snapshotId: string, asker: Asker, batchCount: number): Promise<void> {
    let end: () => void = () => undefined;
    const release = () => {
      this.#running.delete(asker);
      end();
    };
    const limits = { staleSeconds: STALE_SECONDS, freshSeconds: FRESH_SECONDS };
    const claim = this.options.store.claim(snapshotId, batchCount, limits);
    // Taken before anything is awaited: of two at once only one gets here.
    this.#running.set(asker, {
      snapshotId,
      claimed: claim.catch(() => undefined),
      done: new Promise((resolve) => (end = resolve)),
    });
    const run = await claim.catch((error: unknown) => {
      release();
      throw error;
    });
    if (run) void this.#run(snapshotId, run).finally(release);
    else release();
  }

  async #run(snapshotId: string, run: Date): Promise<void> {
    const { store, onFinished, onError } = this.options;
    const started = performance.now();
    let done = 0;
    const beat = setInterval(() => {
      store.beat(snapshotId, run, done).catch((error: unknown) => onError(snapshotId, error));
    }, this.options.beatMilliseconds ?? 2000).unref();
    const finish = async (valid: boolean | null, verdict: VerdictRecord) => {
      clearInterval(beat);
      await store.beat(snapshotId, run, done);
      await store.finish(snapshotId, run, valid, verdict);
      onFinished(snapshotId, (performance.now() - started) / 1000, valid);
    };
    try {
      const verdict = await this.options.verify(snapshotId, (batches) => (done = batches), this.#stop.signal);
      await finish(
        verdict.valid,
        verdict.valid
          ? { code: null, reason: null, ...joinFindings(verdict) }
          : refused(verdict.code, verdict.reason),
      );
    } catch (error) {
      if (this.#stop.signal.aborted) {
        await store.abandon(snapshotId, run).catch(() => undefined);
        return;
      }
      onError(snapshotId, error);
      // A stored proof that cannot even be read is a verdict, a lost database is none.
      const verdict =
        error instanceof SolventError && error.kind === 'malformed'
          ? finish(false, refused(error.code, error.message))
          : finish(null, refused('INTERNAL', 'it broke off; start it again'));
      await verdict.catch((lost: unknown) => onError(snapshotId, lost));
    } finally {
      clearInterval(beat);
    }
  }
}

/** Of what is not found valid nothing was found to hold. */
function refused(code: string, reason: string): VerdictRecord {
  return { code, reason, checked: [], notChecked: [] };
}

import { SolventError } from '@solvent-por/kzg';
import {
  proofRequested,
  proofStored,
  type ProofRequested,
  type SnapshotRun,
} from '@solvent-por/services/contracts';
import {
  checkJobSeal,
  type ProofStore,
  type RequestKey,
  type SnapshotRecord,
  type SnapshotRepository,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import { claimMarksMissing, encodePrefixes, type ProofPool, type ProvedJob } from '@solvent-por/prover';
import { claimKeysOf } from '@solvent-por/snapshot';
import { layoutOf, parseHeader, type AccountBatch } from '@solvent-por/verifier';
import {
  messageForged,
  traced,
  type DeadLetterReason,
  type Delivery,
  type Log,
  type MessageBus,
} from '@solvent-por/services/kit';
import { beforeAbandoned, untilAborted } from './abandoning';
import { checkOperator, isPermanent, type SnapshotFailing } from './failing';
import type { ProverMeter } from './metrics';
import { openJob } from './open-job';

/**
 * - `stored`: proved here
 * - `already`: stored before; nothing was proved, or somebody else was faster
 * - `stale`: the run is over
 * - `waiting`: other parts of the job are missing
 * - `failed`: the snapshot is FAILED, with the reason
 */
export type JobOutcome = 'stored' | 'already' | 'stale' | 'waiting' | 'failed';

export interface JobProverOptions {
  readonly snapshots: Pick<SnapshotRepository, 'find' | 'provedFirsts'>;
  readonly store: Pick<ProofStore, 'store' | 'addPart' | 'takeWholePayload' | 'dropParts'>;
  readonly keyring: Pick<WitnessKeyring, 'open'>;
  /** Says whether an operator asked for the snapshot, and ingest counted it. */
  readonly requestKey: Pick<RequestKey, 'checkRequest' | 'checkPlan'>;
  readonly pool: Pick<ProofPool, 'prove'>;
  readonly bus: Pick<MessageBus, 'publish'>;
  /** The operator whose keys these are: 0x and 64 hex digits. */
  readonly operator: string;
  readonly failing: Pick<SnapshotFailing, 'fail'>;
  readonly meter: ProverMeter;
  readonly log: Log;
  /** So long a running proof may take after the service was told to stop, in milliseconds. */
  readonly grace?: number;
}

const GRACE_MS = 20_000;

/**
 * Proves the jobs of the bus. A job delivered twice is proved once, but for two deliveries at the same time:
 * then one of the two is stored.
 */
export class JobProver {
  constructor(private readonly options: JobProverOptions) {}

  /**
   * @throws what is not the snapshot's fault: the bus delivers the job again, or, where nobody of us made it
   *   (MESSAGE_FORGED), gives it up
   */
  async handle(message: ProofRequested, { signal }: Pick<Delivery, 'signal'>): Promise<JobOutcome> {
    const { snapshotId, attempt, first, batches } = message;
    return traced('prove job', { snapshot: snapshotId, attempt, first, batches }, async () => {
      const run = { snapshotId, attempt };
      // Outside of what can fail the snapshot: its name in the message is worth nothing before.
      checkSeal(this.options.keyring, message);
      try {
        const outcome = await this.#handle(run, message, signal);
        if (outcome !== 'stored') this.options.meter.skipped(outcome);
        return outcome;
      } catch (error) {
        // Threads that have ended mean that the service stops: the bus will say so, and the job goes to
        // another instance.
        if (error instanceof SolventError && error.code === 'POOL_ENDED') await untilAborted(signal);
        if (!isPermanent(error)) throw error;
        const { code, details } = error;
        await this.options.failing.fail(run, {
          code,
          message: error.message,
          details: { ...details, first },
        });
        return 'failed';
      }
    });
  }

  /**
   * A job that was given up never gets a proof, so its snapshot never gets one either. What is not known to be
   * a job of ours fails nothing: the sweep finds the snapshot that waits for the one it may have been.
   */
  async giveUp({ code, reason, message }: DeadLetterReason): Promise<void> {
    const job = message as ProofRequested | undefined;
    if (!job || !isOurs(this.options.keyring, job)) {
      this.options.log.error({ code, reason }, 'a job could not be read, or is not ours');
      return;
    }
    const { snapshotId, attempt, first } = job;
    await this.options.failing.fail(
      { snapshotId, attempt },
      {
        code,
        message: `the job from batch ${first} on was given up, its message is among the dead letters: ${reason}`,
        details: { first },
      },
    );
  }

  async #handle(
    run: SnapshotRun,
    message: ProofRequested,
    signal: AbortSignal,
  ): Promise<Exclude<JobOutcome, 'failed'>> {
    const { snapshots, store, operator, keyring, requestKey, log } = this.options;
    const { snapshotId, first } = message;
    const snapshot = await snapshots.find(snapshotId);
    if (!isUnderWay(snapshot, run)) return 'stale';
    if ((await snapshots.provedFirsts(snapshotId)).has(first)) return this.#stored(run, message, 'already');

    requestKey.checkRequest(snapshot);
    const cut = cutOf(snapshot);
    requestKey.checkPlan(snapshot);
    const header = parseHeader(snapshot.header);
    checkOperator(operator, header);
    // The request's MAC says that this is what was checked when it was asked for.
    const claims = claimKeysOf(snapshot.config) !== undefined;
    const payload = await this.#payload(message);
    if (payload === 'stale' || payload === 'waiting') return payload;
    const subject = { layout: layoutOf(header), cut };
    const batches = await openJob(message, payload, subject, keyring);

    if (claims) refuseWithoutMarks(first, batches);

    signal.throwIfAborted();
    const proved = await traced('prove', { first }, () =>
      beforeAbandoned(
        this.options.pool.prove({ header, first, batches, claims }),
        signal,
        this.options.grace ?? GRACE_MS,
      ),
    );
    const stored = asStored(proved, batches);
    const outcome = await traced('store proof', { first }, () => store.store(run, stored));
    if (outcome === 'stale') return 'stale';
    if (outcome === 'stored') {
      this.options.meter.stored(batches.length, proved.seconds);
      log.info({ ...run, first, batches: batches.length, seconds: proved.seconds }, 'proof stored');
    }
    return this.#stored(run, message, outcome);
  }

  /** What a job in parts has of them; a job in one piece is whole. */
  async #payload(message: ProofRequested): Promise<Uint8Array | 'stale' | 'waiting'> {
    const { store } = this.options;
    if (message.parts > 1 && !(await store.addPart(message))) return 'stale';
    return (await store.takeWholePayload(message)) ?? 'waiting';
  }

  /** Said each time: whoever stored it may have been killed before saying so. */
  async #stored<T>(run: SnapshotRun, { first, batches, parts }: ProofRequested, outcome: T): Promise<T> {
    if (parts > 1) await this.options.store.dropParts(run, first);
    await this.options.bus.publish(proofStored, { ...run, first, batches });
    return outcome;
  }
}

/** @throws SolventError WITNESS_KEY_UNKNOWN (usage), MESSAGE_FORGED (malformed) */
function checkSeal(keyring: Pick<WitnessKeyring, 'open'>, message: ProofRequested): void {
  try {
    checkJobSeal(keyring, message);
  } catch (error) {
    if (error instanceof SolventError && error.code === 'WITNESS_KEY_UNKNOWN') throw error;
    throw messageForged(proofRequested.topic, 'its seal does not open under the witness key that it names');
  }
}

function isOurs(keyring: Pick<WitnessKeyring, 'open'>, message: ProofRequested): boolean {
  try {
    checkSeal(keyring, message);
    return true;
  } catch {
    return false;
  }
}

function isUnderWay(snapshot: SnapshotRecord | null, run: SnapshotRun): snapshot is SnapshotRecord {
  return (
    snapshot !== null &&
    snapshot.attempt === run.attempt &&
    (snapshot.state === 'INGESTING' || snapshot.state === 'PROVING')
  );
}

function cutOf({ id, batchCount, batchesPerProof }: SnapshotRecord): {
  batchCount: number;
  batchesPerProof: number;
} {
  if (batchCount === null || batchesPerProof === null)
    throw new SolventError('PLAN_MISSING', 'internal', `a job of ${id} came before its plan was recorded`);
  return { batchCount, batchesPerProof };
}

/**
 * Without them there would be claim files that nobody could be given, or whoever knows an id.
 * @throws SolventError CLAIM_MARKS_MISSING (invalid)
 */
function refuseWithoutMarks(first: number, batches: readonly AccountBatch[]): void {
  const at = batches.findIndex(({ claimMarks }) => !claimMarks);
  if (at >= 0) throw claimMarksMissing(first + at);
}

/** @param given the batches of the job: of account keys their shard prefixes came along */
function asStored(
  { batches, ...proof }: ProvedJob,
  given: readonly AccountBatch[],
): Parameters<ProofStore['store']>[1] {
  return {
    ...proof,
    batches: batches.map(({ count, ids, ...batch }, i) => {
      const prefixes = given[i]!.shardPrefixes;
      const shardPrefixes = prefixes && encodePrefixes(prefixes);
      return { ...batch, accounts: { count, ids }, ...(shardPrefixes && { shardPrefixes }) };
    }),
  };
}

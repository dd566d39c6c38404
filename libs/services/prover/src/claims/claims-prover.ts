import { SolventError } from '@solvent-por/kzg';
import { claimRequested, type ClaimRequested } from '@solvent-por/services/contracts';
import {
  ClaimProving,
  SnapshotReads,
  type ClaimToProve,
  type Database,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import {
  traced,
  type DeadLetterReason,
  type Delivery,
  type Log,
  type MessageBus,
} from '@solvent-por/services/kit';
import type { ClaimMaker } from './claim-thread';
import type { ClaimsMeter } from './metrics';

/** The consumer group of provers that make claims. */
export const CLAIMS_GROUP = 'solvent-claims';

export interface ClaimsProverOptions {
  readonly database: Database;
  readonly bus: Pick<MessageBus, 'subscribe'>;
  readonly keyring: WitnessKeyring;
  readonly maker: ClaimMaker;
  readonly meter: ClaimsMeter;
  readonly log: Log;
}

/**
 * Makes private claims for clients that cannot: one at a time, while batches have the other cores. What is asked
 * for stands sealed in the database, where the answer takes its place. Nothing of an account is logged.
 */
export class ClaimsProver {
  readonly #proving: ClaimProving;
  readonly #snapshots: SnapshotReads;

  constructor(private readonly options: ClaimsProverOptions) {
    this.#proving = new ClaimProving(options.database, options.keyring);
    this.#snapshots = new SnapshotReads(options.database);
  }

  /** @throws SolventError CLAIM_TOOLS_MISSING (usage): snarkjs is not installed beside this program */
  async start(): Promise<void> {
    await this.options.maker.ready();
    await this.options.bus.subscribe(
      claimRequested,
      { group: CLAIMS_GROUP, concurrency: 1, onDeadLetter: (reason) => this.#giveUp(reason) },
      (message, delivery) => this.#handle(message, delivery),
    );
  }

  /** Together with closing the bus: a claim under way is finished. */
  async stop(): Promise<void> {
    await this.options.maker.end();
  }

  async #handle({ id: text }: ClaimRequested, { signal }: Pick<Delivery, 'signal'>): Promise<void> {
    const id = Buffer.from(text, 'hex');
    try {
      await traced('prove claim', {}, () => this.#prove(id, signal));
    } catch (error) {
      // Another try, here or elsewhere, need not wait for this one.
      await this.#proving.release(id);
      if (signal.aborted || !isPermanent(error)) throw error;
      await this.#fail(id, error);
    }
  }

  async #prove(id: Uint8Array, signal: AbortSignal): Promise<void> {
    const { meter, log, maker } = this.options;
    const request = await this.#proving.take(id);
    if (!request) return;
    const manifest = await this.#manifestOf(request);
    signal.throwIfAborted();
    const started = performance.now();
    const claim = await maker.prove({ request, manifest });
    const seconds = (performance.now() - started) / 1000;
    await this.#proving.finish(id, request.snapshotId, claim);
    meter.claimProved(seconds);
    log.info({ snapshotId: request.snapshotId, seconds }, 'claim proved');
  }

  /** The claim file names its digest. @throws SolventError SNAPSHOT_UNKNOWN (usage) */
  async #manifestOf({ snapshotId }: ClaimToProve): Promise<Uint8Array> {
    const row = await this.#snapshots.manifest(snapshotId);
    if (row?.manifest) return row.manifest;
    throw new SolventError('SNAPSHOT_UNKNOWN', 'usage', `there is no published snapshot ${snapshotId}`);
  }

  async #giveUp({ code, message }: DeadLetterReason): Promise<void> {
    const request = message as ClaimRequested | undefined;
    if (!request) return;
    this.options.meter.claimFailed(code);
    await this.#proving.fail(Buffer.from(request.id, 'hex'), code);
  }

  async #fail(id: Uint8Array, error: SolventError): Promise<void> {
    this.options.meter.claimFailed(error.code);
    this.options.log.error({ code: error.code, err: error }, 'a claim could not be proved');
    await this.#proving.fail(id, error.code);
  }
}

/** Whether another try would fail again. */
function isPermanent(error: unknown): error is SolventError {
  return error instanceof SolventError && error.kind !== 'internal';
}

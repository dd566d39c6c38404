import { SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { snapshotPublished, type SnapshotPublished, type SnapshotRun } from '@solvent-por/services/contracts';
import {
  sealDigests,
  type ProofStore,
  type RequestKey,
  type SnapshotRecord,
  type SnapshotRepository,
  type StoredManifest,
  type WitnessKeyring,
} from '@solvent-por/services/database';
import {
  manifestClaims,
  manifestOf,
  sumUp,
  type FinalisedInThread,
  type FinalisingThread,
} from '@solvent-por/prover';
import {
  canonicalJson,
  manifestDigest,
  parseHeader,
  parseManifest,
  type Header,
  type LineVerifier,
  type Manifest,
} from '@solvent-por/verifier';
import { claimKeysOf, refuseFutureDate } from '@solvent-por/snapshot';
import { traced, type Log, type MessageBus } from '@solvent-por/services/kit';
import { checkOperator, isPermanent, type SnapshotFailing } from '../failing';
import { Failures } from './failures';
import type { SignerMeter } from './metrics';
import { sha256, verifyAll, type ToBePublished } from './verify-all';

/**
 * - `published`: finalised here
 * - `waiting`: proofs are missing, ingest has not finished, or a snapshot that was taken earlier is under way
 * - `busy`: another instance is at it
 * - `over`: the run is over: published or failed before, or another attempt
 * - `failed`: the snapshot is FAILED, with the reason
 */
export type FinaliseOutcome = 'published' | 'waiting' | 'busy' | 'over' | 'failed';

type SummedUp = FinalisedInThread & Pick<ToBePublished, 'sums'>;
/** With the digests of the claims' verifying keys, where the operator asked for a claim tree. */
type ToSign = SummedUp & { readonly claimKeys?: readonly string[] };

export interface SnapshotFinalisingOptions {
  readonly snapshots: Pick<
    SnapshotRepository,
    'find' | 'progress' | 'latestPublished' | 'manifestByDigest' | 'unfinished' | 'publish'
  >;
  readonly store: Pick<ProofStore, 'proofs' | 'witnesses'>;
  /**
   * Does the work while no other instance does; undefined when one does and we don't wait. The signal says
   * that this is no longer sure.
   */
  readonly exclusively: <T>(
    name: string,
    work: (lost: AbortSignal) => Promise<T>,
    options: { readonly wait: boolean },
  ) => Promise<T | undefined>;
  readonly finaliseInThread: (header: Header) => FinalisingThread;
  /** Verifies lines in threads of its own, which are ended after. */
  readonly openVerifier: () => LineVerifier & { close(): Promise<void> };
  /** Says whether an operator asked for it, and ingest counted it. */
  readonly requestKey: Pick<RequestKey, 'checkRequest' | 'checkPlan'>;
  /** Whether an error passes by itself. */
  readonly isTransient: (error: unknown) => boolean;
  readonly bus: Pick<MessageBus, 'publish'>;
  readonly keys: { readonly operator: string; readonly signing: Uint8Array };
  /** Seals the digests of what is published. */
  readonly keyring: WitnessKeyring;
  readonly failing: Pick<SnapshotFailing, 'fail'>;
  /** Digest of the manifest of a former key that the first one of this key follows. */
  readonly formerManifest?: Uint8Array;
  /** What the clock says. */
  readonly now: () => Date;
  readonly meter: Pick<SignerMeter, 'finalised'>;
  readonly log: Log;
}

/**
 * Finalises snapshots whose every proof is stored: looks whether they were asked for, fixes what γ depends on, sums
 * them up under γ, chains and signs the manifest, verifies everything as a stranger would, publishes it with
 * the tree in one transaction. All of it follows from what is stored,
 * so what broke off is done again, and of two at once one publishes.
 */
export class SnapshotFinalising {
  readonly #unannounced = new Map<string, SnapshotPublished>();
  readonly #failures = new Failures();

  constructor(private readonly options: SnapshotFinalisingOptions) {}

  /**
   * @param signal ends it between two batches
   * @throws what is not the snapshot's fault, the signal's reason among it: to be called again
   */
  async finalise(run: SnapshotRun, signal: AbortSignal): Promise<FinaliseOutcome> {
    const { snapshots, exclusively, failing, isTransient } = this.options;
    await this.announce();
    const { state, attempt, batches, batchesProved } = (await snapshots.progress(run.snapshotId)) ?? {};
    if (attempt !== run.attempt || state === 'PUBLISHED' || state === 'FAILED') return 'over';
    if (state !== 'PROVING' || batchesProved !== batches) return 'waiting';
    if (await this.#isAheadOfAnother(run)) return 'waiting';
    try {
      const outcome = await exclusively(
        `finalise:${run.snapshotId}`,
        (lost) => this.#finalise(run, AbortSignal.any([lost, signal])),
        { wait: false },
      );
      await this.announce();
      return outcome ?? 'busy';
    } catch (error) {
      const key = `${run.snapshotId} ${run.attempt}`;
      if (isPermanent(error)) {
        const { code, message, details } = error;
        await failing.fail(run, { code, message, details });
      } else if (signal.aborted || isTransient(error) || !this.#failures.isLast(key)) throw error;
      else
        await failing.fail(run, {
          code: 'FINALISE_FAILED',
          message: `finalising failed again and again without the snapshot being at fault: the signer's log says why; request the snapshot again`,
        });
      return 'failed';
    }
  }

  /**
   * Whether an earlier one of this operator would come too late for the chain, and its proofs be for nothing,
   * were this one published now. One that nobody asked for holds nobody up.
   */
  async #isAheadOfAnother({ snapshotId }: SnapshotRun): Promise<boolean> {
    const unfinished = await this.options.snapshots.unfinished();
    const self = unfinished.find(({ id }) => id === snapshotId);
    if (!self) return false;
    const { operator, takenAt } = parseHeader(self.header);
    return unfinished.some((row) => {
      if (!this.#isAskedFor(row)) return false;
      const other = parseHeader(row.header);
      return other.operator === operator && other.takenAt < takenAt;
    });
  }

  /** Says again what could not be said when it was published. */
  async announce(): Promise<void> {
    for (const [key, message] of this.#unannounced) {
      await this.options.bus.publish(snapshotPublished, message);
      this.#unannounced.delete(key);
    }
  }

  #isAskedFor(row: SnapshotRecord): boolean {
    try {
      this.options.requestKey.checkRequest(row);
      return true;
    } catch {
      return false;
    }
  }

  #finalise(run: SnapshotRun, stop: AbortSignal): Promise<FinaliseOutcome> {
    return traced('finalise snapshot', { snapshot: run.snapshotId, attempt: run.attempt }, async () => {
      // Again: whoever held the lock before us may have published it.
      const snapshot = await this.options.snapshots.find(run.snapshotId);
      if (snapshot?.attempt !== run.attempt || snapshot.state !== 'PROVING') return 'over';
      const { requestKey, keys } = this.options;
      requestKey.checkRequest(snapshot);
      requestKey.checkPlan(snapshot);
      const began = performance.now();
      const header = parseHeader(snapshot.header);
      checkOperator(keys.operator, header);
      refuseFutureDate(header, this.options.now());
      const closed = await traced('sum up', {}, () => this.#sumUp(snapshot, header, stop));
      const claimKeys = claimKeysOf(snapshot.config);
      const digest = await traced('publish', {}, () =>
        this.#publish(run, header, { ...closed, ...(claimKeys && { claimKeys }) }, stop),
      );
      if (!digest) return 'over';
      const seconds = (performance.now() - began) / 1000;
      this.options.meter.finalised(seconds);
      const { accounts, batchCount } = closed;
      const fields = { accounts, batches: batchCount, seconds, manifest: digest.slice(0, 10) };
      this.options.log.info({ ...run, ...fields }, 'snapshot published');
      this.#unannounced.set(`${run.snapshotId} ${run.attempt}`, { ...run, manifestDigest: digest });
      return 'published';
    });
  }

  async #sumUp(
    { id, accounts, batchCount }: SnapshotRecord,
    header: Header,
    signal: AbortSignal,
  ): Promise<SummedUp> {
    const { store, finaliseInThread } = this.options;
    const sums: Array<readonly Uint8Array[]> = [];
    const summed = await sumUp({
      thread: finaliseInThread(header),
      source: {
        async *proofs() {
          // A copy: with a view of the database's buffer all of that would go to the thread.
          for await (const { proof } of store.proofs(id)) yield Uint8Array.from(proof);
        },
        witnesses: () => store.witnesses(id),
      },
      onFixed(fixed) {
        if (fixed.accounts !== accounts || fixed.batchCount !== batchCount)
          throw new SolventError(
            'ACCOUNTS_MISSING',
            'invalid',
            `${fixed.accounts} accounts in ${fixed.batchCount} batches were proved, ${accounts} in ${batchCount} were counted in the source: request the snapshot again`,
          );
      },
      onSums: (ofProof) => sums.push(ofProof),
      during: (pass, work) => traced(pass, {}, work),
      signal,
    });
    return { ...summed, sums };
  }

  /** @returns the manifest's digest; undefined when the run is over */
  async #publish(
    run: SnapshotRun,
    header: Header,
    summed: ToSign,
    stop: AbortSignal,
  ): Promise<string | undefined> {
    const { snapshots, exclusively, keys, keyring } = this.options;
    // One at a time, so that each follows the one before it.
    return exclusively(
      'chain',
      async () => {
        const previous = await this.#previous(header);
        const manifest = manifestOf(
          header,
          summed,
          previous,
          keys.signing,
          manifestClaims(summed, summed.claimKeys),
        );
        // A signature leaves this process only with a manifest that verifies.
        const made = { manifest, previous, sums: summed.sums };
        const lines = await traced('verify', {}, () => this.#verify(run, made, stop));
        const digest = manifestDigest(manifest);
        const document = utf8(canonicalJson(manifest));
        const published = await snapshots.publish(run, {
          manifest: document,
          digests: sealDigests(keyring, run, { manifest: sha256(document), lines }),
          manifestDigest: digest,
          previousDigest: previous ? manifestDigest(previous) : null,
          nodes: summed.nodes,
          ...(manifest.claimRoot !== null && summed.claims && { claimRoots: summed.claims.roots }),
        });
        return published ? toHex(digest) : undefined;
      },
      { wait: true },
    );
  }

  async #verify(
    { snapshotId }: SnapshotRun,
    made: Omit<ToBePublished, 'snapshotId'>,
    stop: AbortSignal,
  ): Promise<Uint8Array[]> {
    const lines = this.options.openVerifier();
    try {
      return await verifyAll({ snapshotId, ...made }, this.options.store, lines, stop);
    } finally {
      await lines.close();
    }
  }

  /**
   * @throws SolventError CHAIN_TIME (invalid) when it is not earlier, FORMER_MANIFEST (usage) when the
   *   configured one is not of a former key, or not published here
   */
  async #previous(header: Header): Promise<Manifest | undefined> {
    const last = (await this.options.snapshots.latestPublished(header.operator)) ?? (await this.#former());
    if (!last?.manifest) return undefined;
    const previous = parseManifest(new Uint8Array(last.manifest));
    if (previous.header.takenAt >= header.takenAt)
      throw new SolventError(
        'CHAIN_TIME',
        'invalid',
        `it was taken at ${header.takenAt}, not later than the published ${last.id}: a chain goes forward in time`,
        { published: last.id },
      );
    return previous;
  }

  /** What the first manifest of this key follows. */
  async #former(): Promise<StoredManifest | null> {
    const { snapshots, formerManifest, keys } = this.options;
    if (!formerManifest) return null;
    const former = await snapshots.manifestByDigest(formerManifest);
    const operator = former?.manifest && parseManifest(new Uint8Array(former.manifest)).header.operator;
    if (operator && operator !== keys.operator) return former;
    throw new SolventError(
      'FORMER_MANIFEST',
      'usage',
      `the manifest ${toHex(formerManifest)}, which the first one of this key is to follow, is ${operator ? 'of this very key' : 'not published here'}: correct SOLVENT_FORMER_MANIFEST`,
    );
  }
}

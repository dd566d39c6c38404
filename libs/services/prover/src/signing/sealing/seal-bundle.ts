import type {
  RequestKey,
  SealedBundles,
  SealingStore,
  SnapshotFailure,
  SnapshotRepository,
} from '@solvent-por/services/database';
import { parseManifest } from '@solvent-por/verifier';
import { traced, type Log } from '@solvent-por/services/kit';
import { checkOperator, isPermanent } from '../../failing';
import { Failures } from '../failures';
import type { SignerMeter } from '../metrics';
import { BundleOver, BundleWork, type BundleWorkOptions } from './bundle-work';

/**
 * - `sealed`: finished here
 * - `busy`: another instance is at it
 * - `over`: nobody wants it any more: finished or failed before, or its data was dropped
 * - `failed`: the bundle is FAILED, with the reason
 */
export type SealOutcome = 'sealed' | 'busy' | 'over' | 'failed';

export interface BundleSealingOptions extends Omit<BundleWorkOptions, 'store'> {
  readonly snapshots: Pick<SnapshotRepository, 'find'>;
  readonly bundles: Pick<SealedBundles, 'wanted' | 'begin' | 'finish' | 'fail'>;
  readonly store: SealingStore;
  /**
   * Does the work while no other instance does; undefined when one does. The signal says that this is no
   * longer sure.
   */
  readonly exclusively: <T>(name: string, work: (lost: AbortSignal) => Promise<T>) => Promise<T | undefined>;
  /** Public key that the signing key belongs to: 0x and 64 hex digits. */
  readonly operator: string;
  /** Says whether an operator asked for it. */
  readonly requestKey: Pick<RequestKey, 'checkBundle'>;
  /** Whether an error passes by itself. */
  readonly isTransient: (error: unknown) => boolean;
  readonly meter: Pick<SignerMeter, 'sealed' | 'sealFailed'>;
  readonly log: Log;
}

/**
 * Makes the sealed bundles that operators asked for. Every batch and every shard is kept as it is made, and
 * all follows from what is stored and the operator's keys: one that broke off is gone on with, by whichever
 * instance, and two at once would write the same.
 */
export class BundleSealing {
  readonly #failures = new Failures();

  constructor(private readonly options: BundleSealingOptions) {}

  /**
   * @param signal ends it between two batches, or two shards
   * @throws what is not the snapshot's fault, the signal's reason among it: to be called again
   */
  async seal(snapshotId: string, signal: AbortSignal): Promise<SealOutcome> {
    const { bundles, exclusively, isTransient, requestKey } = this.options;
    const request = await bundles.wanted(snapshotId);
    if (!request) return 'over';
    try {
      requestKey.checkBundle(request);
      const outcome = await exclusively(`seal:${snapshotId}`, (lost) =>
        traced('seal bundle', { snapshot: snapshotId }, () =>
          this.#seal(snapshotId, AbortSignal.any([lost, signal])),
        ),
      );
      return outcome ?? 'busy';
    } catch (error) {
      if (error instanceof BundleOver) return 'over';
      if (isPermanent(error)) {
        const { code, message, details } = error;
        await this.#fail(snapshotId, { code, message, details });
      } else if (signal.aborted || isTransient(error) || !this.#failures.isLast(snapshotId)) throw error;
      else
        await this.#fail(snapshotId, {
          code: 'SEALING_FAILED',
          message: `sealing failed again and again without the snapshot being at fault: the signer's log says why; ask for the bundle again`,
        });
      return 'failed';
    }
  }

  async #seal(snapshotId: string, stop: AbortSignal): Promise<SealOutcome> {
    const { snapshots, bundles, operator, meter, log } = this.options;
    // Again: whoever held the lock before us may have finished it.
    const snapshot = await snapshots.find(snapshotId);
    if (!snapshot?.manifest || !(await bundles.wanted(snapshotId))) return 'over';
    const began = performance.now();
    const manifest = parseManifest(new Uint8Array(snapshot.manifest));
    checkOperator(operator, manifest.header);
    const work = await BundleWork.begin(this.options, { snapshotId, manifest, stop });
    if (!(await bundles.begin(snapshotId, work.shape))) return 'over';
    await traced('seal batches', {}, () => work.sealBatches());
    const finished = await traced('write shards', {}, () => work.writeShards());
    if (!(await bundles.finish(snapshotId, finished))) return 'over';
    const seconds = (performance.now() - began) / 1000;
    meter.sealed(seconds);
    log.info({ snapshotId, shards: finished.paths.length, seconds }, 'sealed bundle finished');
    return 'sealed';
  }

  async #fail(snapshotId: string, failure: SnapshotFailure): Promise<void> {
    const { bundles, meter, log } = this.options;
    const { code, details } = failure;
    if (!(await bundles.fail(snapshotId, failure))) return;
    meter.sealFailed(code);
    log.warn({ snapshotId, code, ...details }, 'sealed bundle failed');
  }
}

import { SolventError } from '@solvent-por/kzg';
import { bundleRequested, type EventContract, type SnapshotRun } from '@solvent-por/services/contracts';
import type { SealedBundleProgress } from '@solvent-por/services/database';
import { refusals } from '../errors/answered';

export interface RequestedBundle {
  readonly bundle: SealedBundleProgress;
  /** False when it had been asked for before, and has not failed. */
  readonly created: boolean;
}

export interface BundlePorts {
  /** The run that published, or will publish, a snapshot. */
  readonly runOf: (snapshotId: string) => Promise<SnapshotRun | null>;
  /** @throws SolventError as SealedBundles.request */
  readonly request: (snapshotId: string, requestedBy: string | null) => Promise<boolean>;
  readonly progress: (snapshotId: string) => Promise<SealedBundleProgress | null>;
  readonly publish: <T>(contract: EventContract<T>, message: T) => Promise<void>;
  /** Nothing is lost: provers look for requests that no message told them of. */
  readonly onNotPublished: (run: SnapshotRun, error: unknown) => void;
}

/** Takes operators' requests of sealed bundles, tells provers. */
export class BundleRequests {
  constructor(private readonly ports: BundlePorts) {}

  /**
   * @param input.keysAreSecret the operator's word that nobody can guess an account key
   * @throws SolventError SEALED_KEYS without that word; SNAPSHOT_NOT_FOUND, SNAPSHOT_NOT_PUBLISHED,
   *   PRIVATE_DATA_DROPPED, SEALED_WEAK_IDS
   */
  async request(input: {
    readonly snapshotId: string;
    readonly keysAreSecret: boolean;
    readonly requestedBy: string | null;
  }): Promise<RequestedBundle> {
    const { ports } = this;
    if (!input.keysAreSecret)
      throw new SolventError(
        'SEALED_KEYS',
        'usage',
        'whoever has a sealed bundle can try account keys for ever, on all accounts at once: it may be made only where every key has 128 bits that nobody can guess. If that is so, say it with keysAreSecret: true',
      );
    const run = await ports.runOf(input.snapshotId);
    if (!run) throw refusals.snapshotNotFound();
    const created = await ports.request(run.snapshotId, input.requestedBy);
    const bundle = await ports.progress(run.snapshotId);
    // Retention came between.
    if (!bundle)
      throw new SolventError('PRIVATE_DATA_DROPPED', 'usage', "this snapshot's accounts were dropped");
    // Asked again, provers are told again: the first message may have been lost, and a second one does
    // nothing.
    if (bundle.state !== 'SEALED')
      await ports.publish(bundleRequested, run).catch((error: unknown) => ports.onNotPublished(run, error));
    return { bundle, created };
  }
}

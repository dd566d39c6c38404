import { LRUCache } from 'lru-cache';
import type { PublishedDigests, SnapshotReads, StoredManifest } from '@solvent-por/services/database';
import { SolventError } from '@solvent-por/kzg';
import type { ByteRange } from './byte-range';
import { GlobalProofFile, type LineStore } from './global-proof-file';

export interface OpenedProof {
  readonly row: StoredManifest;
  readonly file: GlobalProofFile;
}

/** Global proofs of published snapshots. They never change: where their lines begin is computed once. */
export class GlobalProofs {
  readonly #opened = new LRUCache<string, OpenedProof>({ max: 16 });

  constructor(
    private readonly snapshots: Pick<SnapshotReads, 'manifest'>,
    private readonly lines: LineStore,
    private readonly digests: Pick<PublishedDigests, 'of'>,
    /** Raises the alarm. */
    readonly onDamaged: (snapshotId: string, error: unknown) => void,
  ) {}

  /**
   * Undefined when no such snapshot is published.
   * @throws SolventError PUBLISHED_FILE_ALTERED | PUBLISHED_DIGESTS_DAMAGED (internal), after the alarm
   */
  async open(snapshotId: string): Promise<OpenedProof | undefined> {
    const known = this.#opened.get(snapshotId);
    if (known) return known;
    const row = await this.snapshots.manifest(snapshotId);
    if (!row?.manifest) return undefined;
    const opened = { row, file: await this.#file(snapshotId, row.manifest) };
    this.#opened.set(snapshotId, opened);
    return opened;
  }

  /** Pieces of its file; what is altered ends them, after the alarm. */
  async *read({ row, file }: OpenedProof, range?: ByteRange): AsyncGenerator<Uint8Array> {
    yield* this.#alarmed(row.id, file.read(range));
  }

  async #file(snapshotId: string, manifest: Uint8Array): Promise<GlobalProofFile> {
    try {
      const digests = await this.digests.of(snapshotId);
      return await GlobalProofFile.open(this.lines, snapshotId, manifest, digests);
    } catch (error) {
      if (error instanceof SolventError) this.onDamaged(snapshotId, error);
      throw error;
    }
  }

  async *#alarmed(snapshotId: string, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      if (error instanceof SolventError) this.onDamaged(snapshotId, error);
      throw error;
    }
  }
}

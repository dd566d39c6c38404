import { LRUCache } from 'lru-cache';
import type { SnapshotReads, StoredManifest } from '@solvent-por/services/database';
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
  ) {}

  /** Undefined when no such snapshot is published. */
  async open(snapshotId: string): Promise<OpenedProof | undefined> {
    const known = this.#opened.get(snapshotId);
    if (known) return known;
    const row = await this.snapshots.manifest(snapshotId);
    if (!row?.manifest) return undefined;
    const file = await GlobalProofFile.open(this.lines, snapshotId, row.manifest);
    const opened = { row, file };
    this.#opened.set(snapshotId, opened);
    return opened;
  }
}

import type { SnapshotReads, SnapshotRecord } from '@solvent-por/services/database';

/**
 * The newest snapshot of the operator's present key; before that has any, of whichever key. A manifest of a
 * former key that was signed with a wrong time, years ahead, is not the newest for ever.
 */
export class LatestSnapshot {
  constructor(
    private readonly reads: Pick<SnapshotReads, 'latestPublished'>,
    private readonly operator: string | undefined,
  ) {}

  async read(): Promise<SnapshotRecord | null> {
    const own = this.operator === undefined ? null : await this.reads.latestPublished(this.operator);
    return own ?? this.reads.latestPublished();
  }
}

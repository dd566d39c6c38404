import type { Database } from '@solvent/persistence';
import type { LineStore } from '../global/global-proof-file';

/** A batch's leaf as published: 48 bytes, and 96 a sum, uncompressed and joined. How many accounts it holds is not read. */
export interface StoredLeaf {
  readonly batch: number;
  readonly tag: Uint8Array;
  readonly sums: Uint8Array;
}

/** What the gateway reads of published proofs. */
export class ProofReads implements LineStore {
  constructor(private readonly database: Database) {}

  async lengths(snapshotId: string): Promise<{ first: number; bytes: number }[]> {
    const { rows } = await this.database.pool.query<{ first: number; bytes: number }>(
      'SELECT first, line_bytes AS bytes FROM proof WHERE snapshot_id = $1 ORDER BY first',
      [snapshotId],
    );
    return rows;
  }

  async lines(
    snapshotId: string,
    first: number,
    count: number,
  ): Promise<{ first: number; line: Uint8Array }[]> {
    const { rows } = await this.database.pool.query<{ first: number; line: Uint8Array }>(
      'SELECT first, line FROM proof WHERE snapshot_id = $1 AND first >= $2 ORDER BY first LIMIT $3',
      [snapshotId, first, count],
    );
    return rows;
  }

  /** Leaves from a batch on. */
  leaves(snapshotId: string, from: number, count: number): Promise<StoredLeaf[]> {
    return this.database.prisma.batch.findMany({
      where: { snapshotId, batch: { gte: from } },
      orderBy: { batch: 'asc' },
      take: count,
      select: { batch: true, tag: true, sums: true },
    });
  }
}

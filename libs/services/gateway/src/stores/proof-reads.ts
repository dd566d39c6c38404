import { lineLengths, publishedLines, type Database } from '@solvent-por/services/database';
import type { LineStore } from '../global/global-proof-file';

/** A batch's leaf of the sum tree: its number is `start`. How many accounts it holds is not read. */
export interface StoredLeaf {
  readonly start: number;
  readonly hash: Uint8Array;
  /** 48 bytes. */
  readonly sum: Uint8Array;
}

/** What the gateway reads of published proofs. */
export class ProofReads implements LineStore {
  constructor(private readonly database: Database) {}

  lengths(snapshotId: string): ReturnType<LineStore['lengths']> {
    return lineLengths(this.database, snapshotId);
  }

  lines(snapshotId: string, first: number, count: number): ReturnType<LineStore['lines']> {
    return publishedLines(this.database, snapshotId, first, count);
  }

  /** Leaves from a batch on. */
  leaves(snapshotId: string, from: number, count: number): Promise<StoredLeaf[]> {
    return this.database.prisma.treeNode.findMany({
      where: { snapshotId, size: 1, start: { gte: from } },
      orderBy: { start: 'asc' },
      take: count,
      select: { start: true, hash: true, sum: true },
    });
  }
}

import { summedLine, summedLineBytes } from '@solvent-por/prover';
import { slices } from './bytes';
import type { Database } from './database';

const POINT_BYTES = 48;

/** A batch's leaf of the sum tree: its number is `start`. How many accounts it holds is not read. */
export interface TreeLeaf {
  readonly start: number;
  readonly hash: Uint8Array;
  /** 48 bytes. */
  readonly sum: Uint8Array;
}

/** What is read of published proofs. */
export class ProofReads {
  constructor(private readonly db: Database) {}

  /**
   * Of each proof of a published snapshot in order, its first batch and the length of its line of
   * global-proof.ndjson, without LF: what the place of any byte follows from.
   */
  async lengths(snapshotId: string): Promise<{ readonly first: number; readonly bytes: number }[]> {
    const rows = await this.db.prisma.proof.findMany({
      where: { snapshotId },
      select: { first: true, batches: true, proofBytes: true },
      orderBy: { first: 'asc' },
    });
    return rows.map(({ first, batches, proofBytes }) => ({
      first,
      bytes: summedLineBytes(proofBytes, batches),
    }));
  }

  /**
   * Lines of global-proof.ndjson of a published snapshot, without LF: the stored proofs with their batches'
   * sums from the tree. Before it is published there are no sums, and none of these lines either.
   *
   * @param first so many lines, or fewer at the end, from the proof of this batch on
   */
  async lines(
    snapshotId: string,
    first: number,
    count: number,
  ): Promise<{ readonly first: number; readonly line: Uint8Array }[]> {
    const { rows } = await this.db.pool.query<{ first: number; proof: Buffer; sums: Buffer }>(
      `SELECT p.first, p.proof, n.sums FROM proof p
       CROSS JOIN LATERAL (
         SELECT string_agg(t.sum, ''::bytea ORDER BY t.start) AS sums FROM tree_node t
         WHERE t.snapshot_id = p.snapshot_id AND t.start >= p.first AND t.start < p.first + p.batches AND t.size = 1) n
       WHERE p.snapshot_id = $1 AND p.first >= $2 AND octet_length(n.sums) = ${POINT_BYTES} * p.batches ORDER BY p.first LIMIT $3`,
      [snapshotId, first, count],
    );
    return rows.map(({ first: at, proof, sums }) => ({
      first: at,
      line: summedLine(proof, slices(sums, POINT_BYTES)),
    }));
  }

  /** Leaves from a batch on. */
  leaves(snapshotId: string, from: number, count: number): Promise<TreeLeaf[]> {
    return this.db.prisma.treeNode.findMany({
      where: { snapshotId, size: 1, start: { gte: from } },
      orderBy: { start: 'asc' },
      take: count,
      select: { start: true, hash: true, sum: true },
    });
  }
}

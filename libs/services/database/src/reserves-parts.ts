import { setImmediate as others } from 'node:timers/promises';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { copyRows } from './binary-copy';
import { inTransaction, type Database } from './database';
import type { ReservesMarks } from './reserves-marks';
import { reserveLineHash, type JudgedPart, type ReserveLine, type ReservePart } from './reserves-records';

/** A part with what it was judged to be. */
export interface StoredPart extends ReservePart {
  readonly digest: Uint8Array;
  readonly judged: Uint8Array | null;
  readonly judgedMac: Uint8Array | null;
}

const HASHES_AT_A_TIME = 1_024;
const COLUMNS = `part, first_line AS "firstLine", lines, content, digest, judged, judged_mac AS "judgedMac"`;
const LINE_COLUMNS = [
  ...['snapshot_id', 'line', 'network', 'asset', 'token', 'address', 'amount'],
  ...['class', 'control', 'level', 'reason'],
];

/** The lines of reserves in their parts, and what provers made of them. */
export class ReservesParts {
  constructor(private readonly db: Database) {}

  async part(snapshotId: string, part: number): Promise<StoredPart | null> {
    const { rows } = await this.db.pool.query<StoredPart>(
      `SELECT ${COLUMNS} FROM reserve_part WHERE snapshot_id = $1 AND part = $2`,
      [snapshotId, part],
    );
    return rows[0] ?? null;
  }

  /** Whether any part is yet to be judged. */
  async anyUnjudged(snapshotId: string): Promise<boolean> {
    const { rowCount } = await this.db.pool.query(
      'SELECT FROM reserve_part WHERE snapshot_id = $1 AND judged_at IS NULL LIMIT 1',
      [snapshotId],
    );
    return rowCount === 1;
  }

  /** Parts that are yet to be judged, in order. */
  async unjudged(snapshotId: string): Promise<number[]> {
    const { rows } = await this.db.pool.query<{ part: number }>(
      'SELECT part FROM reserve_part WHERE snapshot_id = $1 AND judged_at IS NULL ORDER BY part',
      [snapshotId],
    );
    return rows.map(({ part }) => part);
  }

  /**
   * Keeps what a part was judged to be, with its listed lines, in one transaction; a part that was judged before
   * stays.
   * @returns false when it was judged before, or the run is over
   */
  async store(
    run: SnapshotRun,
    { part, content }: Pick<ReservePart, 'part' | 'content'>,
    { judged, rows }: JudgedPart,
    marks: ReservesMarks,
  ): Promise<boolean> {
    const { snapshotId, attempt } = run;
    const each: Buffer[] = [];
    for (const [i, row] of rows.entries()) {
      // A whole part takes long enough for others to notice.
      if (i % HASHES_AT_A_TIME === 0) await others();
      each.push(reserveLineHash(row));
    }
    const hashes = Buffer.concat(each);
    const mac = marks.part({ ...run, part, content, judged });
    return inTransaction(this.db.pool, async (client) => {
      const { rowCount: held } = await client.query(
        `SELECT FROM reserves WHERE snapshot_id = $1 AND attempt = $2 AND state = 'JUDGING' FOR SHARE`,
        [snapshotId, attempt],
      );
      if (held === 0) return false;
      const { rowCount } = await client.query(
        `UPDATE reserve_part SET judged = $3, judged_mac = $4, line_hashes = $5, judged_at = now()
         WHERE snapshot_id = $1 AND part = $2 AND judged IS NULL`,
        [snapshotId, part, judged, mac, hashes],
      );
      if (rowCount !== 1) return false;
      const id = Buffer.from(snapshotId, 'utf8');
      await copyRows<ReserveLine>(client, 'reserve_line', LINE_COLUMNS, rows, (to, row) => {
        to.bytes(id).int4(row.line).text(row.network).text(row.asset);
        if (row.token === null) to.null();
        else to.text(row.token);
        to.text(row.address).text(row.amount).text(row.class).text(row.control).text(row.level);
        if (row.reason === null) to.null();
        else to.text(row.reason);
      });
      return true;
    });
  }
}

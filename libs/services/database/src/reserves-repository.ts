import { SolventError } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import { lockInTransaction } from './advisory-lock';
import { RECORD_EVENT } from './audit-log';
import { inTransaction, type Database } from './database';
import type { ConfirmedBy, ReservesMarks } from './reserves-marks';
import {
  RESERVES_COLUMNS,
  sha256,
  type ReservePart,
  type ReservesFailure,
  type ReservesPlan,
  type ReservesRecord,
} from './reserves-records';
import { requestReserves, type ReservesRequest } from './reserves-request';
import type { SealedDigests } from './published-digests';
import { askableId } from './snapshot-id';

const UNFINISHED = ['REQUESTED', 'READING', 'JUDGING'];
/** The reserves ($1) whose attempt ($2) is read, held so: it cannot fail while something of it is written. */
const HOLD_READING = `SELECT snapshot_id AS id FROM reserves WHERE snapshot_id = $1 AND attempt = $2 AND state = 'READING' FOR SHARE`;

/** What an operator ($1) has published. */
const PUBLISHED_OF = `FROM reserves r JOIN snapshot s ON s.id = r.snapshot_id WHERE r.state = 'PUBLISHED' AND s.header ->> 'operator' = $1`;

export interface ReservesPublication {
  /** JCS bytes of the report. */
  readonly report: Uint8Array;
  /** Of the document, as it is signed and chained: 32 bytes. */
  readonly digest: Uint8Array;
  /** Of all that is served: `sealReserves`. */
  readonly digests: SealedDigests;
  /** Whose it is, 0x and 64 hex digits, and the digest of the last one that it published before. */
  readonly operator: string;
  readonly previous: Uint8Array | null;
}

/**
 * The way of reserves from REQUESTED over READING and JUDGING to PUBLISHED or FAILED. Every step names its
 * attempt and the state that it comes from, as those of snapshots do.
 */
export class ReservesRepository {
  constructor(private readonly db: Database) {}

  /** @throws SolventError as requestReserves */
  request(
    request: ReservesRequest,
    marks: ReservesMarks,
  ): Promise<{ readonly created: boolean; readonly attempt: number }> {
    return requestReserves(this.db, request, marks);
  }

  async find(snapshotId: string): Promise<ReservesRecord | null> {
    const { rows } = await this.db.pool.query<ReservesRecord>(
      `SELECT ${RESERVES_COLUMNS} FROM reserves WHERE snapshot_id = $1`,
      [askableId(snapshotId)],
    );
    return rows[0] ?? null;
  }

  /** Bytes of reserves.json; null until it was read. */
  async document(snapshotId: string): Promise<Uint8Array | null> {
    const { rows } = await this.db.pool.query<{ document: Buffer | null }>(
      'SELECT document FROM reserves WHERE snapshot_id = $1',
      [askableId(snapshotId)],
    );
    return rows[0]?.document ?? null;
  }

  /** Oldest request first. */
  async unfinished(): Promise<ReservesRecord[]> {
    const { rows } = await this.db.pool.query<ReservesRecord>(
      `SELECT ${RESERVES_COLUMNS} FROM reserves WHERE state::text = ANY($1) ORDER BY requested_at`,
      [UNFINISHED],
    );
    return rows;
  }

  /** REQUESTED or READING → READING. @returns null for a stale attempt and in any other state */
  async beginReading(run: SnapshotRun): Promise<ReservesRecord | null> {
    await this.db.pool.query(
      `UPDATE reserves SET state = 'READING', reading_at = now() WHERE snapshot_id = $1 AND attempt = $2 AND state = 'REQUESTED'`,
      at(run),
    );
    const row = await this.find(run.snapshotId);
    return row?.attempt === run.attempt && row.state === 'READING' ? row : null;
  }

  /**
   * Keeps a part; the same one again does nothing.
   * @returns false when the run is over
   * @throws SolventError INPUT_CHANGED (invalid): another reading found something else there
   */
  async addPart(run: SnapshotRun, { part, firstLine, lines, content }: ReservePart): Promise<boolean> {
    const digest = sha256(content);
    const { rows } = await this.db.pool.query<{ live: boolean; digest: Buffer | null }>(
      `WITH run AS (${HOLD_READING}), added AS (
         INSERT INTO reserve_part (snapshot_id, part, first_line, lines, content, digest) SELECT id, $3, $4, $5, $6, $7 FROM run
         ON CONFLICT DO NOTHING RETURNING digest)
       SELECT EXISTS (SELECT FROM run) AS live,
         coalesce((SELECT digest FROM added), (SELECT digest FROM reserve_part WHERE snapshot_id = $1 AND part = $3)) AS digest`,
      [...at(run), part, firstLine, lines, content, digest],
    );
    const { live, digest: kept } = rows[0]!;
    if (live && kept && !digest.equals(kept)) throw changed(run);
    return live;
  }

  /** READING → JUDGING with what was found, in one go. @returns false when the run is over, or was further */
  async recordPlan(run: SnapshotRun, plan: ReservesPlan, marks: ReservesMarks): Promise<boolean> {
    const { document, lines, bytes, partDigests } = plan;
    const { rowCount } = await this.db.pool.query(
      `UPDATE reserves SET state = 'JUDGING', judging_at = now(), document = $3, lines = $4, bytes = $5, parts = $6, part_digests = $7,
         plan_mac = $8
       WHERE snapshot_id = $1 AND attempt = $2 AND state = 'READING'`,
      [
        ...at(run),
        ...[document, lines, bytes, partDigests.length, Buffer.concat(partDigests), marks.plan(run, plan)],
      ],
    );
    return rowCount === 1;
  }

  /** Fixes what it is judged by; the first word stays. @returns what is kept; null when the run is over */
  async confirm(run: SnapshotRun, by: ConfirmedBy, marks: ReservesMarks): Promise<ReservesRecord | null> {
    await this.db.pool.query(
      `UPDATE reserves SET nodes = $3, known = $4, nodes_mac = $5
       WHERE snapshot_id = $1 AND attempt = $2 AND state = 'JUDGING' AND nodes IS NULL`,
      [...at(run), JSON.stringify(by.nodes), by.known, marks.nodes(run, by)],
    );
    const row = await this.find(run.snapshotId);
    return row?.attempt === run.attempt && row.state === 'JUDGING' ? row : null;
  }

  /** Any unfinished state → FAILED, and its line in the audit: both or neither. */
  async fail(
    run: SnapshotRun,
    { code, message, line }: ReservesFailure,
    actor: 'ingest' | 'prover',
  ): Promise<boolean> {
    const failure = { code, message, ...(line !== undefined && { line }) };
    const { rowCount } = await this.db.pool.query(
      `WITH failed AS (
         UPDATE reserves SET state = 'FAILED', failure = $3, failed_at = now()
         WHERE snapshot_id = $1 AND attempt = $2 AND state::text = ANY($4) RETURNING snapshot_id)
       INSERT INTO audit_event (actor, action, target, details) SELECT $5, 'reserves.fail', snapshot_id, $6 FROM failed`,
      [
        ...[...at(run), JSON.stringify(failure), UNFINISHED, actor],
        JSON.stringify({ attempt: run.attempt, code }),
      ],
    );
    return rowCount === 1;
  }

  /**
   * JUDGING → PUBLISHED with the report and the line of the audit, in one transaction: the lines lie there.
   * @returns false when the run is over, or another publication came between
   */
  async publish(run: SnapshotRun, publication: ReservesPublication): Promise<boolean> {
    const { report, digest, digests, operator, previous } = publication;
    return inTransaction(this.db.pool, async (client) => {
      // Whoever lost the lock under which it was compared with the one before finds another in its place.
      await lockInTransaction(client, 'reserves-published');
      const { rows } = await client.query<{ digest: Buffer }>(
        `SELECT r.digest ${PUBLISHED_OF} ORDER BY s.taken_at DESC LIMIT 1`,
        [operator],
      );
      const last = rows[0]?.digest;
      if (!(previous ? last?.equals(previous) : last === undefined)) return false;
      const { rowCount } = await client.query(
        `UPDATE reserves r SET state = 'PUBLISHED', report = $3, digest = $4, digests = $5, witness_key_id = $6, published_at = now()
         WHERE snapshot_id = $1 AND attempt = $2 AND state = 'JUDGING'
           AND EXISTS (SELECT FROM snapshot s WHERE s.id = r.snapshot_id AND s.state = 'PUBLISHED')`,
        [...at(run), report, digest, digests.sealed, digests.keyId],
      );
      if (rowCount !== 1) return false;
      const details = { attempt: run.attempt, reserves: `0x${Buffer.from(digest).toString('hex')}` };
      await client.query(RECORD_EVENT, [
        ...['prover', 'reserves.publish', run.snapshotId],
        JSON.stringify(details),
      ]);
      return true;
    });
  }

  /**
   * Bytes of the reserves that were published before a time under an operator's key, the last ones; and whether
   * later ones were.
   * @param operator 0x and 64 hex digits
   */
  async chain(
    operator: string,
    takenAt: string,
  ): Promise<{ readonly previous: Uint8Array | undefined; readonly later: string | undefined }> {
    const { rows } = await this.db.pool.query<{ document: Buffer }>(
      `SELECT r.document ${PUBLISHED_OF} AND s.taken_at < $2 ORDER BY s.taken_at DESC LIMIT 1`,
      [operator, takenAt],
    );
    const later = await this.db.pool.query<{ id: string }>(
      `SELECT s.id ${PUBLISHED_OF} AND s.taken_at >= $2 LIMIT 1`,
      [operator, takenAt],
    );
    return { previous: rows[0]?.document, later: later.rows[0]?.id };
  }
}

function at({ snapshotId, attempt }: SnapshotRun): [string, number] {
  return [snapshotId, attempt];
}

function changed({ snapshotId }: SnapshotRun): SolventError {
  return new SolventError(
    'INPUT_CHANGED',
    'invalid',
    `the reserves of ${snapshotId} are not what they were when they were read first: leave the folder as it is, and request them again`,
    { snapshot: snapshotId },
  );
}

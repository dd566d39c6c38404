import { SolventError } from '@solvent-por/kzg';
import { decodeCursor, encodeCursor } from './cursor';
import type { Database } from './database';
import { alteredFile } from './published-digests';
import { RESERVES_COLUMNS, sha256, type ReserveLine, type ReservesRecord } from './reserves-records';
import { openReserves, type ReservesDigests } from './reserves-seal';
import { askableId } from './snapshot-id';
import type { WitnessKeyring } from './witness-keyring';

/** Published reserves as they are served, compared with the digests that were sealed when they were published. */
export interface PublishedReserves {
  readonly record: ReservesRecord;
  /** Bytes of reserves.json, and of the report. */
  readonly document: Uint8Array;
  readonly report: Uint8Array;
  readonly digests: ReservesDigests;
  /** Lines and bytes of each part, in order. */
  readonly parts: ReadonlyArray<{ readonly lines: number; readonly bytes: number }>;
}

/** How far reserves are. */
export interface ReservesSeen {
  readonly record: ReservesRecord;
  readonly linesJudged: number;
}

export interface LineSearch {
  /** What the address begins with. */
  readonly prefix: string;
  /** Networks and assets that are looked among; all where absent. */
  readonly among?: ReadonlyArray<{ readonly network: string; readonly asset: string }>;
  /** A cursor of `lineCursor`. */
  readonly after?: string;
  readonly limit: number;
}

const LINE = 'line, network, asset, token, address, amount, class, control, level, reason';
/** Above every character of an address. */
const ABOVE = '\x7f';

/** What is read of reserves for the world; whatever is altered is not served. */
export class ReservesReads {
  constructor(
    private readonly db: Database,
    private readonly keyring: WitnessKeyring,
  ) {}

  async find(snapshotId: string): Promise<ReservesSeen | null> {
    const { rows } = await this.db.pool.query<ReservesRecord & { linesJudged: number }>(
      `SELECT ${RESERVES_COLUMNS}, (SELECT coalesce(sum(lines), 0)::float8 FROM reserve_part p WHERE p.snapshot_id = r.snapshot_id AND judged_at IS NOT NULL) AS "linesJudged"
       FROM reserves r WHERE snapshot_id = $1`,
      [askableId(snapshotId)],
    );
    const [row] = rows;
    if (!row) return null;
    const { linesJudged, ...record } = row;
    return { record, linesJudged };
  }

  /**
   * Undefined where none are published.
   * @throws SolventError PUBLISHED_DIGESTS_DAMAGED | PUBLISHED_FILE_ALTERED (internal)
   */
  async open(snapshotId: string): Promise<PublishedReserves | undefined> {
    const id = askableId(snapshotId);
    const { rows } = await this.db.pool.query<
      ReservesRecord & { document: Buffer; report: Buffer; sealed: Buffer; keyId: string }
    >(
      `SELECT ${RESERVES_COLUMNS}, document, report, digests AS sealed, witness_key_id AS "keyId"
       FROM reserves WHERE snapshot_id = $1 AND state = 'PUBLISHED'`,
      [id],
    );
    const [row] = rows;
    if (!row) return undefined;
    const { document, report, sealed, keyId, ...record } = row;
    const digests = openReserves(this.keyring, record, { sealed, keyId });
    const { rows: parts } = await this.db.pool.query<{ lines: number; bytes: number }>(
      'SELECT lines, octet_length(content) AS bytes FROM reserve_part WHERE snapshot_id = $1 ORDER BY part',
      [id],
    );
    if (!sha256(document).equals(digests.document)) throw alteredFile(id, 'reserves.json');
    if (!sha256(report).equals(digests.report)) throw alteredFile(id, 'the report of the reserves');
    if (parts.length !== digests.parts.length) throw alteredFile(id, 'reserve-addresses.ndjson');
    return { record, document, report, digests, parts };
  }

  /** @throws SolventError PUBLISHED_FILE_ALTERED (internal) */
  async part({ record, digests }: PublishedReserves, part: number): Promise<Uint8Array> {
    const { rows } = await this.db.pool.query<{ content: Buffer }>(
      'SELECT content FROM reserve_part WHERE snapshot_id = $1 AND part = $2',
      [record.snapshotId, part],
    );
    const content = rows[0]?.content;
    if (!content || !sha256(content).equals(digests.parts[part]!.content))
      throw alteredFile(record.snapshotId, `part ${part} of reserve-addresses.ndjson`);
    return content;
  }

  /** Hashes of the listed lines of a part, 32 bytes each. @throws SolventError PUBLISHED_FILE_ALTERED (internal) */
  async lineHashes({ record, digests }: PublishedReserves, part: number): Promise<Uint8Array> {
    const { rows } = await this.db.pool.query<{ hashes: Buffer | null }>(
      'SELECT line_hashes AS hashes FROM reserve_part WHERE snapshot_id = $1 AND part = $2',
      [record.snapshotId, part],
    );
    const hashes = rows[0]?.hashes;
    if (!hashes || !sha256(hashes).equals(digests.parts[part]!.lines))
      throw alteredFile(record.snapshotId, `what part ${part} of the reserves was judged to be`);
    return hashes;
  }

  /** The lines of these numbers that there are, in order. */
  async lines(snapshotId: string, numbers: readonly number[]): Promise<ReserveLine[]> {
    const { rows } = await this.db.pool.query<ReserveLine>(
      `SELECT ${LINE} FROM reserve_line WHERE snapshot_id = $1 AND line = ANY($2) ORDER BY line`,
      [snapshotId, numbers],
    );
    return rows;
  }

  /** By the beginning of the address, in the order of addresses. @throws SolventError CURSOR_MALFORMED */
  async search(snapshotId: string, { prefix, among, after, limit }: LineSearch): Promise<ReserveLine[]> {
    const [address, line] = after === undefined ? ['', 0] : placeOf(after);
    const last = 'ORDER BY address, line LIMIT $6';
    const values = [snapshotId, prefix, prefix + ABOVE, address, line, limit];
    if (!among) {
      const { rows } = await this.db.pool.query<ReserveLine>(
        `SELECT ${LINE} FROM reserve_line WHERE snapshot_id = $1 AND address >= $2 AND address < $3 AND (address, line) > ($4, $5) ${last}`,
        values,
      );
      return rows;
    }
    // Compared and ordered as one index is, and no other: no line that is not wanted is read, whatever the planner believes.
    const { rows } = await this.db.pool.query<ReserveLine>(
      `SELECT l.* FROM unnest($7::text[], $8::text[]) AS h(n, a), LATERAL (
         SELECT ${LINE} FROM reserve_line WHERE snapshot_id = $1 AND (network, asset, address) >= (n, a, $2)
           AND (network, asset, address) < (n, a, $3) AND (network, asset, address, line) > (n, a, $4, $5)
         ORDER BY network, asset, address, line LIMIT $6) l ${last}`,
      [...values, among.map(({ network }) => network), among.map(({ asset }) => asset)],
    );
    return rows;
  }
}

/** Where a line stands among those that were searched for. */
export function lineCursor({ address, line }: ReserveLine): string {
  return encodeCursor(address, line);
}

function placeOf(cursor: string): [string, number] {
  const [address, line] = decodeCursor(cursor, ['string', 'number']) as [string, number];
  // PostgreSQL fails on some texts.
  if (/^[!-~]{1,128}$/.test(address) && Number.isInteger(line) && line >= 1 && line < 2 ** 31)
    return [address, line];
  throw new SolventError('CURSOR_MALFORMED', 'usage', 'after must be an endCursor of this very list');
}

import type { Database } from './database';
import { askableId } from './snapshot-id';

/** Which file of a sealed bundle: a shard by its number. */
export type BundleFileName = 'index' | 'tree' | 'manifest' | number;

/** A file of a finished bundle. */
export interface BundleFile {
  /** SHA-256 of the bundle's index.json in hex: it names all files of the bundle. */
  readonly digest: string;
  readonly sealedAt: Date;
  /** Bytes of the bundle's index.json, which the operator signed: what the other files must agree with. */
  readonly index: Uint8Array;
  /** Bytes. */
  readonly size: number;
  /**
   * What its stored bytes come to now, hashed where they lie; null when retention drops the bundle meanwhile.
   */
  readonly content: () => Promise<BundleContent | null>;
  /**
   * Its bytes in pieces; none is read before it is asked for.
   * @throws RangeError when retention drops the bundle meanwhile
   */
  readonly pieces: () => AsyncGenerator<Uint8Array>;
}

export interface BundleContent {
  /** SHA-256 of a file; of a shard its leaf (specification, section 15). */
  readonly hash: Uint8Array;
  /** Of a shard. */
  readonly path: Uint8Array | null;
}

interface Column {
  readonly sql: string;
  readonly bytes: number;
}

type Head = { readonly digest: string; readonly index: Buffer; readonly sealedAt: Date } & Readonly<
  Record<string, unknown>
>;

/** So many bytes are read from the database at once. */
const PIECE_BYTES = 256 * 1024;

/** A finished bundle, or nothing: what is not SEALED is not there for anybody. */
const SEALED = `FROM sealed_bundle b JOIN snapshot s ON s.id = b.snapshot_id
  LEFT JOIN sealed_shard h ON h.snapshot_id = b.snapshot_id AND h.number = $2
  WHERE b.snapshot_id = $1 AND b.state = 'SEALED'`;

/** What is read of sealed bundles. */
export class BundleReads {
  constructor(private readonly db: Database) {}

  /** Undefined where no finished bundle has such a file. */
  async open(snapshotId: string, name: BundleFileName): Promise<BundleFile | undefined> {
    const place = [askableId(snapshotId), typeof name === 'number' ? name : null];
    const columns = columnsOf(name);
    const lengths = columns.map((sql, i) => `octet_length(${sql}) AS "${i}"`).join(', ');
    const { rows } = await this.db.pool.query<Head>(
      `SELECT encode(sha256(b.index), 'hex') AS digest, b.index, b.sealed_at AS "sealedAt", ${lengths} ${SEALED}`,
      place,
    );
    const [head] = rows;
    const parts = columns.map((sql, i) => ({ sql, bytes: head?.[i] }));
    if (!head || !parts.every((part): part is Column => typeof part.bytes === 'number')) return undefined;
    return {
      digest: head.digest,
      index: head.index,
      sealedAt: head.sealedAt,
      content: () => this.#content(place, name),
      size: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      pieces: () => this.#pieces(place, parts),
    };
  }

  async #content(place: unknown[], name: BundleFileName): Promise<BundleContent | null> {
    const columns =
      typeof name === 'number'
        ? `sha256('\\x07'::bytea || s.manifest_digest || int4send(h.number) || h.entries) AS hash, h.path`
        : `sha256(${columnsOf(name).join()}) AS hash, NULL::bytea AS path`;
    const { rows } = await this.db.pool.query<BundleContent>(`SELECT ${columns} ${SEALED}`, place);
    return rows[0] ?? null;
  }

  async *#pieces(place: unknown[], parts: readonly Column[]): AsyncGenerator<Uint8Array> {
    for (const { sql, bytes } of parts)
      for (let at = 0; at < bytes; at += PIECE_BYTES) {
        const length = Math.min(PIECE_BYTES, bytes - at);
        const { rows } = await this.db.pool.query<{ piece: Buffer }>(
          `SELECT substring(${sql} FROM $3::int FOR $4::int) AS piece ${SEALED}`,
          [...place, at + 1, length],
        );
        const piece = rows[0]?.piece;
        if (piece?.length !== length) throw new RangeError('the sealed bundle is not there any more');
        yield piece;
      }
  }
}

/** Columns whose bytes one after the other are the file. */
function columnsOf(name: BundleFileName): readonly string[] {
  if (name === 'manifest') return ['s.manifest'];
  return typeof name === 'number' ? ['h.entries', 'h.path'] : [`b.${name}`];
}

import { SolventError } from '@solvent-por/kzg';
import { parseReserves, type Reserves, type ReservesReport } from '@solvent-por/reserves';
import {
  lineCursor,
  reserveLineHash,
  type PublishedReserves,
  type ReserveLine,
  type ReservesReads,
} from '@solvent-por/services/database';
import { LRUCache } from 'lru-cache';
import { refusals } from '../errors/answered';
import type { ByteRange } from '../global/byte-range';

/** Reserves that are published, read. They never change. */
export interface OpenedReserves {
  readonly published: PublishedReserves;
  readonly reserves: Reserves;
  readonly report: ReservesReport;
  /** Of each part: the number of its first line, from 1, and where its bytes begin. */
  readonly places: ReadonlyArray<{ readonly line: number; readonly byte: number }>;
}

/** What is asked of the list of addresses. */
export interface WantedLines {
  readonly first: number;
  readonly after?: string;
  readonly search?: string;
  readonly network?: string;
  readonly asset?: string;
}

/** Bytes of documents and reports that are kept. */
const KEPT_BYTES = 64 << 20;
/** Parts whose hashes of lines are kept: some 100 KB each. */
const KEPT_PARTS = 64;
const HASH_BYTES = 32;

/** Published reserves: what is altered is not served, and raises the alarm. */
export class ReservesFiles {
  readonly #opened = new LRUCache<string, OpenedReserves>({ maxSize: KEPT_BYTES });
  /** However many ask at once, one reads. */
  readonly #opening = new Map<string, Promise<OpenedReserves | undefined>>();
  readonly #hashes = new LRUCache<string, Uint8Array>({ max: KEPT_PARTS });

  constructor(
    private readonly reads: Pick<ReservesReads, 'open' | 'part' | 'lineHashes' | 'lines' | 'search'>,
    /** Raises the alarm. */
    private readonly onDamaged: (snapshotId: string, error: unknown) => void,
  ) {}

  /**
   * Undefined when none are published under this name.
   * @throws SolventError PUBLISHED_FILE_ALTERED | PUBLISHED_DIGESTS_DAMAGED (internal), after the alarm
   */
  async open(snapshotId: string): Promise<OpenedReserves | undefined> {
    const known = this.#opened.get(snapshotId);
    if (known) return known;
    const opening = this.#opening.get(snapshotId) ?? this.#read(snapshotId);
    this.#opening.set(snapshotId, opening);
    return opening.finally(() => this.#opening.delete(snapshotId));
  }

  async #read(snapshotId: string): Promise<OpenedReserves | undefined> {
    const published = await this.#alarmed(snapshotId, () => this.reads.open(snapshotId));
    if (!published) return undefined;
    const { document, report, parts } = published;
    let [line, byte] = [1, 0];
    const places = parts.map((part) => {
      const place = { line, byte };
      [line, byte] = [line + part.lines, byte + part.bytes];
      return place;
    });
    const opened = {
      ...{ published, places },
      reserves: parseReserves(new Uint8Array(document)),
      report: JSON.parse(Buffer.from(report).toString('utf8')) as ReservesReport,
    };
    this.#opened.set(snapshotId, opened, { size: document.length + report.length });
    return opened;
  }

  /** Bytes of reserve-addresses.ndjson, each part looked at before any of it is given. */
  async *read({ published, places }: OpenedReserves, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
    for (const [part, { byte }] of places.entries()) {
      const { bytes } = published.parts[part]!;
      if (byte + bytes <= start || byte >= end) continue;
      const content = await this.#alarmed(published.record.snapshotId, () =>
        this.reads.part(published, part),
      );
      yield content.subarray(Math.max(0, start - byte), Math.min(bytes, end - byte));
    }
  }

  /**
   * Lines in the file's order; searched for by the beginning of their address, in the order of addresses. One
   * more than asked for where there are more.
   * @throws SolventError CURSOR_MALFORMED
   */
  async list(opened: OpenedReserves, wanted: WantedLines): Promise<ReserveLine[]> {
    const { snapshotId } = opened.published.record;
    const { first, search: prefix, after } = wanted;
    const rows =
      prefix === undefined
        ? await this.#inOrder(opened, wanted)
        : await this.reads.search(snapshotId, {
            ...{ prefix, limit: first + 1, ...amongOf(opened, wanted) },
            ...(after !== undefined && { after }),
          });
    for (const row of rows) await this.#check(opened, row);
    return rows;
  }

  cursorOf(row: ReserveLine, { search }: Pick<WantedLines, 'search'>): string {
    return search === undefined ? String(row.line) : lineCursor(row);
  }

  /** The lines of a holding follow one another: which ones are wanted is known before any is read. */
  async #inOrder({ published, reserves }: OpenedReserves, wanted: WantedLines): Promise<ReserveLine[]> {
    const { first, network, asset } = wanted;
    const after = wanted.after === undefined ? 0 : lineOf(wanted.after);
    const numbers: number[] = [];
    let line = 1;
    for (const holding of reserves.holdings) {
      const end = line + holding.lines;
      const counts =
        (network === undefined || holding.network === network) &&
        (asset === undefined || holding.asset === asset);
      for (let n = Math.max(line, after + 1); counts && n < end && numbers.length <= first; n++)
        numbers.push(n);
      line = end;
    }
    const { snapshotId } = published.record;
    const rows = await this.reads.lines(snapshotId, numbers);
    if (rows.length === numbers.length) return rows;
    return this.#alarmed(snapshotId, () => {
      throw altered(snapshotId, 'a line of the list of addresses is gone');
    });
  }

  async #check({ published, places }: OpenedReserves, row: ReserveLine): Promise<void> {
    const { snapshotId } = published.record;
    await this.#alarmed(snapshotId, async () => {
      const part = places.findIndex((_, i) => row.line < (places[i + 1]?.line ?? Infinity));
      const place = places[part];
      const hashes = place && (await this.#hashesOf(published, part));
      const at = HASH_BYTES * (row.line - (place?.line ?? 0));
      const hash = hashes?.subarray(at, at + HASH_BYTES);
      if (!hash || !reserveLineHash(row).equals(hash))
        throw altered(snapshotId, `line ${row.line} of the list of addresses is not what was published`);
    });
  }

  async #hashesOf(published: PublishedReserves, part: number): Promise<Uint8Array> {
    const key = `${published.record.snapshotId} ${part}`;
    const known = this.#hashes.get(key);
    if (known) return known;
    const hashes = await this.reads.lineHashes(published, part);
    this.#hashes.set(key, hashes);
    return hashes;
  }

  async #alarmed<T>(snapshotId: string, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SolventError && error.kind === 'internal') this.onDamaged(snapshotId, error);
      throw error;
    }
  }
}

/** The holdings that filters leave. */
function amongOf(
  { reserves }: OpenedReserves,
  { network, asset }: Pick<WantedLines, 'network' | 'asset'>,
): { readonly among?: ReadonlyArray<{ readonly network: string; readonly asset: string }> } {
  if (network === undefined && asset === undefined) return {};
  const among = new Map(
    reserves.holdings
      .filter((holding) => network === undefined || holding.network === network)
      .filter((holding) => asset === undefined || holding.asset === asset)
      .map((holding) => [`${holding.network} ${holding.asset}`, holding]),
  );
  return { among: [...among.values()] };
}

function lineOf(cursor: string): number {
  if (/^[1-9]\d{0,9}$/.test(cursor)) return Number(cursor);
  throw refusals.cursor();
}

function altered(snapshotId: string, what: string): SolventError {
  return new SolventError(
    'PUBLISHED_FILE_ALTERED',
    'internal',
    `${what} (reserves of ${snapshotId}): it is not served; restore the rows from a backup, and find out who changed them`,
    { snapshot: snapshotId },
  );
}

import { SolventError } from '@solvent-por/kzg';
import { decodeCursor, encodeCursor } from './cursor';
import type { Database } from './database';
import type { Snapshot as SnapshotRecord } from './generated/prisma/client';
import { askableId } from './snapshot-id';

/** A published snapshot's manifest, as stored. */
export interface StoredManifest {
  readonly id: string;
  readonly manifest: Uint8Array | null;
  readonly manifestDigest: Uint8Array | null;
  readonly publishedAt: Date | null;
}

const manifestColumns = { id: true, manifest: true, manifestDigest: true, publishedAt: true } as const;
const PUBLISHED = { state: 'PUBLISHED' } as const;

/** What is read of snapshots: by their names, which may be any text, by their manifests, and in pages. */
export class SnapshotReads {
  constructor(protected readonly db: Database) {}

  find(id: string): Promise<SnapshotRecord | null> {
    return this.db.prisma.snapshot.findUnique({ where: { id: askableId(id) } });
  }

  /** Only what a look-up must know. */
  stateOf(
    id: string,
  ): Promise<{ readonly state: string; readonly privateDataDroppedAt: Date | null } | null> {
    return this.db.prisma.snapshot.findUnique({
      where: { id: askableId(id) },
      select: { state: true, privateDataDroppedAt: true },
    });
  }

  /**
   * The one published last in the chain.
   *
   * @param operator public key, 0x and 64 hex digits: each operator key has a chain of its own; any by
   *   default
   */
  latestPublished(operator?: string): Promise<SnapshotRecord | null> {
    return this.db.prisma.snapshot.findFirst({
      where: { ...PUBLISHED, ...(operator !== undefined && signedBy(operator)) },
      orderBy: { takenAt: 'desc' },
    });
  }

  /** Newest first, one more than `first` where there are more. @throws SolventError CURSOR_MALFORMED */
  async page(
    { first, after }: { readonly first: number; readonly after?: string },
    options: { readonly unfinished: boolean },
  ): Promise<SnapshotRecord[]> {
    const place = after === undefined ? undefined : placeOf(after);
    return this.db.prisma.snapshot.findMany({
      where: {
        ...(options.unfinished ? {} : PUBLISHED),
        ...(place && {
          OR: [{ takenAt: { lt: place.takenAt } }, { takenAt: place.takenAt, id: { gt: place.id } }],
        }),
      },
      orderBy: [{ takenAt: 'desc' }, { id: 'asc' }],
      take: first + 1,
    });
  }

  cursorOf({ takenAt, id }: SnapshotRecord): string {
    return encodeCursor(takenAt.toISOString(), id);
  }

  /** The manifest of a published snapshot; null for any other. */
  manifest(id: string): Promise<StoredManifest | null> {
    return this.db.prisma.snapshot.findUnique({
      where: { id: askableId(id), ...PUBLISHED },
      select: manifestColumns,
    });
  }

  manifestByDigest(digest: Uint8Array): Promise<StoredManifest | null> {
    return this.db.prisma.snapshot.findUnique({
      where: { manifestDigest: Buffer.from(digest), ...PUBLISHED },
      select: manifestColumns,
    });
  }

  /** Those that are published, in no order. */
  manifestsByDigest(digests: readonly Uint8Array[]): Promise<StoredManifest[]> {
    return this.db.prisma.snapshot.findMany({
      where: { manifestDigest: { in: digests.map((digest) => Buffer.from(digest)) }, ...PUBLISHED },
      select: manifestColumns,
    });
  }

  /**
   * Published manifests in the order of their time, after the one with a digest or from the first, one more
   * than `first` where there are more.
   * @throws SolventError MANIFEST_UNKNOWN
   */
  async manifestsAfter(digest: Uint8Array | undefined, first: number): Promise<StoredManifest[]> {
    const after = digest && (await this.#timeOf(digest));
    return this.db.prisma.snapshot.findMany({
      where: { ...PUBLISHED, ...(after && { takenAt: { gt: after } }) },
      orderBy: [{ takenAt: 'asc' }, { id: 'asc' }],
      take: first + 1,
      select: manifestColumns,
    });
  }

  /** Manifests of the same chain before a snapshot. */
  earlierManifests(operator: string, takenAt: string): Promise<StoredManifest[]> {
    return this.db.prisma.snapshot.findMany({
      where: {
        ...PUBLISHED,
        ...signedBy(operator),
        takenAt: { lt: new Date(takenAt) },
      },
      select: manifestColumns,
    });
  }

  async #timeOf(digest: Uint8Array): Promise<Date> {
    const row = await this.db.prisma.snapshot.findUnique({
      where: { manifestDigest: Buffer.from(digest), ...PUBLISHED },
      select: { takenAt: true },
    });
    if (row) return row.takenAt;
    throw new SolventError('MANIFEST_UNKNOWN', 'usage', 'no manifest with this digest was published here');
  }
}

function signedBy(operator: string) {
  return { header: { path: ['operator'], equals: operator } };
}

function placeOf(cursor: string): { readonly takenAt: Date; readonly id: string } {
  const [time, id] = decodeCursor(cursor, ['string', 'string']) as [string, string];
  const takenAt = new Date(time);
  // A snapshot is of the years 2000 to 9999; PostgreSQL fails on the year 0, and on some characters.
  const written = Number.isNaN(takenAt.getTime()) ? '' : takenAt.toISOString();
  if (written !== time || !/^[2-9]\d{3}-/.test(time) || askableId(id) === '')
    throw new SolventError('CURSOR_MALFORMED', 'usage', 'after must be an endCursor of this very list');
  return { takenAt, id };
}

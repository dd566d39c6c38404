import type { Database, SnapshotRecord } from '@solvent-por/services/database';
import { SolventError } from '@solvent-por/kzg';
import { askableId } from '../snapshots/snapshot-id';
import { decodeCursor, encodeCursor } from './cursor';

/** A published snapshot's manifest, as stored. */
export interface StoredManifest {
  readonly id: string;
  readonly manifest: Uint8Array | null;
  readonly manifestDigest: Uint8Array | null;
  readonly publishedAt: Date | null;
}

const manifestColumns = { id: true, manifest: true, manifestDigest: true, publishedAt: true } as const;
const PUBLISHED = { state: 'PUBLISHED' } as const;

/** What the gateway reads of snapshots. */
export class SnapshotReads {
  constructor(private readonly database: Database) {}

  find(id: string): Promise<SnapshotRecord | null> {
    return this.database.prisma.snapshot.findUnique({ where: { id: askableId(id) } });
  }

  /** Only what a look-up must know. */
  stateOf(
    id: string,
  ): Promise<{ readonly state: string; readonly privateDataDroppedAt: Date | null } | null> {
    return this.database.prisma.snapshot.findUnique({
      where: { id: askableId(id) },
      select: { state: true, privateDataDroppedAt: true },
    });
  }

  latest(): Promise<SnapshotRecord | null> {
    return this.database.prisma.snapshot.findFirst({ where: PUBLISHED, orderBy: { takenAt: 'desc' } });
  }

  /** Newest first, one more than `first` where there are more. @throws SolventError CURSOR_MALFORMED */
  page(
    { first, after }: { readonly first: number; readonly after?: string },
    options: { readonly unfinished: boolean },
  ): Promise<SnapshotRecord[]> {
    const place = after === undefined ? undefined : placeOf(after);
    return this.database.prisma.snapshot.findMany({
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
    return this.database.prisma.snapshot.findUnique({
      where: { id: askableId(id), ...PUBLISHED },
      select: manifestColumns,
    });
  }

  manifestByDigest(digest: Uint8Array): Promise<StoredManifest | null> {
    return this.database.prisma.snapshot.findUnique({
      where: { manifestDigest: Buffer.from(digest), ...PUBLISHED },
      select: manifestColumns,
    });
  }

  /** Those that are published, in no order. */
  manifestsByDigest(digests: readonly Uint8Array[]): Promise<StoredManifest[]> {
    return this.database.prisma.snapshot.findMany({
      where: { manifestDigest: { in: digests.map((digest) => Buffer.from(digest)) }, ...PUBLISHED },
      select: manifestColumns,
    });
  }

  /**
   * Published manifests in the order of their time, after the one with a digest or from the first, one more than `first` where there are more.
   * @throws SolventError MANIFEST_UNKNOWN
   */
  async manifestsAfter(digest: Uint8Array | undefined, first: number): Promise<StoredManifest[]> {
    const after = digest && (await this.#timeOf(digest));
    return this.database.prisma.snapshot.findMany({
      where: { ...PUBLISHED, ...(after && { takenAt: { gt: after } }) },
      orderBy: [{ takenAt: 'asc' }, { id: 'asc' }],
      take: first + 1,
      select: manifestColumns,
    });
  }

  /** Manifests of the same chain before a snapshot. */
  earlierManifests(operator: string, takenAt: string): Promise<StoredManifest[]> {
    return this.database.prisma.snapshot.findMany({
      where: {
        ...PUBLISHED,
        takenAt: { lt: new Date(takenAt) },
        header: { path: ['operator'], equals: operator },
      },
      select: manifestColumns,
    });
  }

  async #timeOf(digest: Uint8Array): Promise<Date> {
    const row = await this.database.prisma.snapshot.findUnique({
      where: { manifestDigest: Buffer.from(digest), ...PUBLISHED },
      select: { takenAt: true },
    });
    if (row) return row.takenAt;
    throw new SolventError('MANIFEST_UNKNOWN', 'usage', 'no manifest with this digest was published here');
  }
}

function placeOf(cursor: string): { readonly takenAt: Date; readonly id: string } {
  const [time, id] = decodeCursor(cursor, ['string', 'string']) as [string, string];
  const takenAt = new Date(time);
  // PostgreSQL fails on years and characters that no cursor of ours has.
  if (Number.isNaN(takenAt.getTime()) || !/^\d{4}-/.test(time) || askableId(id) === '')
    throw new SolventError('CURSOR_MALFORMED', 'usage', 'after must be an endCursor of this very list');
  return { takenAt, id };
}

import type { Database } from './database';

/** Balances that lie in ingest's source folder: what a request may name as its source. */
export interface OfferedSource {
  /** Below the source folder, of the form that `sourcePathParts` asks for. */
  readonly path: string;
  /** Files at this path; 1 where it is a file itself. */
  readonly files: number;
  /** Of all of them. */
  readonly bytes: number;
  /** When one of them was changed last; ISO 8601, UTC. */
  readonly modifiedAt: string;
}

export interface SourceListing {
  /** Latest first. */
  readonly sources: readonly OfferedSource[];
  /** Whether there are more than are listed. */
  readonly more: boolean;
}

/**
 * What ingest found in its source folder, left here for operators to choose from: the gateway has no such folder.
 * A hint. Whoever writes to the database may put any names here, and gains nothing: a request names its source
 * itself, under its MAC.
 */
export class SourceListings {
  constructor(private readonly db: Database) {}

  /** Where several instances read the same folder, the last one counts. */
  async keep({ sources, more }: SourceListing): Promise<void> {
    await this.db.pool.query(
      `INSERT INTO source_listing (id, sources, more, read_at) VALUES (1, $1, $2, clock_timestamp())
       ON CONFLICT (id) DO UPDATE SET sources = excluded.sources, more = excluded.more, read_at = excluded.read_at`,
      [JSON.stringify(sources), more],
    );
  }

  /** @returns null where no ingest has looked yet */
  async read(): Promise<(SourceListing & { readonly readAt: Date }) | null> {
    const row = await this.db.prisma.sourceListing.findUnique({ where: { id: 1 } });
    // Ingest alone may write it, in this form.
    return row && { sources: row.sources as unknown as OfferedSource[], more: row.more, readAt: row.readAt };
  }
}

import type { Database } from './database';
import type { AuditEvent } from './generated/prisma/client';

/** Number, time and digest of a line are the database's to make; nothing of it is read back. */
export const RECORD_EVENT =
  'INSERT INTO audit_event (actor, action, target, details) VALUES ($1, $2, $3, $4)';

/** What operators did; the database refuses to change or remove any of it. */
export class AuditLog {
  constructor(private readonly db: Database) {}

  /**
   * @param event.actor API key id, or `cli`, `ingest`, `prover`, `signer`: at most 64 characters, as the action; the
   *   target at most 128
   * @param event.details no secrets, no account ids
   */
  async record(event: {
    readonly actor: string;
    readonly action: string;
    readonly target: string;
    readonly details?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  }): Promise<void> {
    const { actor, action, target, details = {} } = event;
    const told = Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' ? storable(value) : value,
    ]);
    await this.db.pool.query(RECORD_EVENT, [
      ...[actor, action, storable(target)],
      JSON.stringify(Object.fromEntries(told)),
    ]);
  }

  /** Newest first. @param page.after id of the last one of the page before */
  async list(page: { readonly first: number; readonly after?: bigint | undefined }): Promise<AuditEvent[]> {
    return this.db.prisma.auditEvent.findMany({
      ...(page.after === undefined ? {} : { where: { id: { lt: page.after } } }),
      orderBy: { id: 'desc' },
      take: page.first,
    });
  }
}

/** Texts may come from whoever asked: PostgreSQL keeps neither NUL nor half of a surrogate pair. */
function storable(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\ufffd');
}

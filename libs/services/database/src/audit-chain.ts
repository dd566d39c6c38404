import { createHash } from 'node:crypto';
import type { Database } from './database';

/** What a look at the whole audit finds. */
export interface AuditVerdict {
  readonly valid: boolean;
  /** Lines up to the end, or up to the first that does not follow. */
  readonly lines: number;
  /** Of the last of these: whoever notes it can see later whether anything before it was changed. Hex. */
  readonly head: string;
  /** Number of the line that is not what was written, or does not follow. */
  readonly brokenAt: string | null;
  /** Whether the digest that was noted before is that of some line; null when none was given. */
  readonly noted: boolean | null;
}

interface Line {
  readonly id: string;
  readonly milliseconds: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: string;
  readonly hash: Buffer;
}

const LINES_A_PAGE = 2_000;

/**
 * Recomputes the chain of the audit: each line's digest is SHA-256 of the digest before (of 32 zero bytes at
 * first), of "solvent/v1/audit", and of its fields, each behind its length. A line that was changed, or taken out
 * of the middle, shows. Lines that are missing at the end, and a chain that its owner wrote anew, show by a
 * digest that was noted elsewhere.
 *
 * @param noted a head of before, 64 hex digits
 */
export async function verifyAudit(db: Database, noted?: string): Promise<AuditVerdict> {
  let before: Buffer = Buffer.alloc(32);
  let [lines, last] = [0, '0'];
  let seen = false;
  for (;;) {
    const { rows } = await db.pool.query<Line>(
      `SELECT id::text, round(extract(epoch FROM at) * 1000)::bigint::text AS milliseconds, actor, action, target, details::text, hash
       FROM audit_event e WHERE id > $1 ORDER BY e.id LIMIT ${LINES_A_PAGE}`,
      [last],
    );
    for (const line of rows) {
      const hash = hashOf(before, line);
      if (!hash.equals(line.hash)) return verdict(line.id);
      before = hash;
      last = line.id;
      lines++;
      seen ||= hash.toString('hex') === noted;
    }
    if (rows.length === 0) return verdict(null);
  }

  function verdict(brokenAt: string | null): AuditVerdict {
    const found = noted === undefined ? null : seen;
    return {
      ...{ valid: brokenAt === null && found !== false, lines, head: before.toString('hex') },
      ...{ brokenAt, noted: found },
    };
  }
}

function hashOf(before: Buffer, { id, milliseconds, actor, action, target, details }: Line): Buffer {
  const hash = createHash('sha256').update(before).update('solvent/v1/audit');
  for (const field of [id, milliseconds, actor, action, target, details])
    hash.update(`${Buffer.byteLength(field)}:${field}`);
  return hash.digest();
}

import { createHash } from 'node:crypto';
import { setImmediate as others } from 'node:timers/promises';
import { equalBytes, SolventError } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import type { ReserveLine, ReservesMarks, ReservesParts, StoredPart } from '@solvent-por/services/database';
import { atLine, withAnswer } from '@solvent-por/reserves';
import { encodeJudged, linesOf, listedLine, type AnsweredLine } from './judged-lines';
import type { OpenPublication } from './publications';

/** Between so many lines of a part others have their turn. */
export const LINES_AT_A_TIME = 256;
/** So many lines go to a thread at once. */
const BATCH_LINES = 64;
const DIGEST_BYTES = 32;

export type PartOutcome = 'judged' | 'already' | 'stale';

/**
 * Judges the lines of one part, asks nodes about them, and keeps both.
 *
 * @param signal ends it between two batches
 * @throws SolventError of what is wrong with a line (details.line), NODE_CONTRADICTS, RESERVES_FORGED
 */
export async function judgePart(
  run: SnapshotRun,
  part: number,
  publication: OpenPublication,
  parts: Pick<ReservesParts, 'part' | 'store'>,
  marks: ReservesMarks,
  signal: AbortSignal,
): Promise<{ readonly outcome: PartOutcome; readonly lines: number }> {
  const stored = await parts.part(run.snapshotId, part);
  if (!stored) return { outcome: 'stale', lines: 0 };
  if (stored.judged) return { outcome: 'already', lines: 0 };
  checkContent(run.snapshotId, stored, publication.row.partDigests!);
  const lines = await answered(stored, publication, signal);
  const { reserves, nodes } = publication;
  const rows: ReserveLine[] = [];
  for (const [i, { judged, answer }] of lines.entries()) {
    if (i % LINES_AT_A_TIME === 0) await others();
    const line = stored.firstLine + i;
    try {
      rows.push(listedLine(answer ? withAnswer(judged, answer) : judged, line, reserves));
    } catch (error) {
      throw atLine(error, line);
    }
  }
  const kept = await parts.store(run, stored, { judged: encodeJudged(lines, reserves, nodes), rows }, marks);
  return { outcome: kept ? 'judged' : 'stale', lines: lines.length };
}

/** It is what ingest read. @throws SolventError RESERVES_FORGED (invalid) */
export function checkContent(
  snapshotId: string,
  { part, content }: Pick<StoredPart, 'part' | 'content'>,
  digests: Uint8Array,
): void {
  const digest = createHash('sha256').update(content).digest();
  if (equalBytes(digest, digests.subarray(DIGEST_BYTES * part, DIGEST_BYTES * (part + 1)))) return;
  throw new SolventError(
    'RESERVES_FORGED',
    'invalid',
    `part ${part} of the reserves of ${snapshotId} is not what ingest read: somebody wrote to the database. Look who, then request the reserves again`,
    { part },
  );
}

/** As many batches at once as the judge takes; the first line that is wrong ends it. */
async function answered(
  { content, firstLine }: StoredPart,
  { judge, data, ask }: OpenPublication,
  signal: AbortSignal,
): Promise<AnsweredLine[]> {
  const lines = linesOf(content);
  const done: AnsweredLine[] = [];
  const starts = Array.from({ length: Math.ceil(lines.length / BATCH_LINES) }, (_, i) => i * BATCH_LINES);
  for (let next = 0; next < starts.length; next += judge.concurrency) {
    signal.throwIfAborted();
    const batches = starts.slice(next, next + judge.concurrency).map(async (start) => {
      const { lines: judged, refused } = await judge.judge(lines.slice(start, start + BATCH_LINES), data);
      return { judged, refused, answers: refused ? [] : await ask(judged) };
    });
    for (const { judged, refused, answers } of await Promise.all(batches)) {
      judged.forEach((line, i) => done.push({ judged: line, answer: answers[i] }));
      if (!refused) continue;
      const { code, kind, message, details } = refused;
      throw atLine(new SolventError(code, kind, message, details), firstLine + done.length);
    }
  }
  return done;
}

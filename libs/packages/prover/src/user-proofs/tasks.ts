import { createHash } from 'node:crypto';
import { SolventError, toHex } from '@solvent-por/kzg';
import { manifestDigest } from '@solvent-por/verifier';
import type { WitnessDirectory } from '../witness-directory';

/** Accounts whose proofs are wanted: 32-byte ids of this snapshot, or all. */
export type Wanted = readonly Uint8Array[] | 'all';

/** What is made for accounts: inclusion proofs (section 9), or claim files (section 13). */
export type UserDocuments = 'inclusions' | 'claims';

/** Accounts of one batch. */
export interface BatchRows {
  readonly batch: number;
  readonly rows: readonly number[] | 'all';
}

/** What is to be proved, batch by batch. */
export interface ProofWork {
  readonly batches: readonly BatchRows[];
  /** Accounts in all. */
  readonly count: number;
  /** Ids that are not in the snapshot. */
  readonly missing: Uint8Array[];
  /** Names manifest and accounts: a run that goes on must have the same. */
  readonly run: string;
}

/** @throws SolventError as WitnessDirectory.find; CLAIMS_NOT_OFFERED, … as WitnessDirectory.claims */
export async function workOf(
  directory: WitnessDirectory,
  ids: Wanted,
  documents: UserDocuments,
): Promise<ProofWork> {
  const hash = createHash('sha256').update(manifestDigest(directory.manifest));
  if (documents === 'claims') {
    await directory.claims();
    hash.update(documents);
  }
  if (ids === 'all') {
    const batches = Array.from({ length: directory.manifest.batchCount }, (_, batch) => ({
      batch,
      rows: 'all' as const,
    }));
    return { batches, count: await directory.accounts(), missing: [], run: toHex(hash.digest()) };
  }
  const [missing, rows]: [Uint8Array[], Map<number, Set<number>>] = [[], new Map()];
  for (const id of ids) {
    const found = await directory.find(id);
    if (found) rows.set(found.batch, (rows.get(found.batch) ?? new Set()).add(found.row));
    else missing.push(id);
    hash.update(id);
  }
  const batches = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([batch, set]) => ({ batch, rows: [...set].sort((a, b) => a - b) }));
  const count = batches.reduce((sum, { rows: { length } }) => sum + length, 0);
  return { batches, count, missing, run: toHex(hash.digest()) };
}

/**
 * Has so many threads work on items, and takes the results in their order; what was not taken yet is never
 * more than two for each thread.
 * @param signal nothing new is begun once it is set, and what is under way is still taken
 * @throws what the work, or taking, threw first
 */
export async function inOrder<T, R>(
  items: readonly T[],
  { threads, signal }: { readonly threads: number; readonly signal: AbortSignal | undefined },
  work: (item: T) => Promise<R>,
  take: (result: R, item: T) => Promise<void>,
): Promise<void> {
  const running: { readonly item: T; readonly result: Promise<R> }[] = [];
  // Several wait for the first of them: while it does its item, the others go on with the next.
  const atOnce = threads === 1 ? 1 : 2 * threads;
  let next = 0;
  for (;;) {
    while (running.length < atOnce && next < items.length && !signal?.aborted) {
      const item = items[next++]!;
      const result = work(item);
      // It may fail before its turn comes.
      result.catch(() => undefined);
      running.push({ item, result });
    }
    const first = running.shift();
    if (!first) return;
    await take(await first.result, first.item);
  }
}

/** @throws SolventError INTERRUPTED (usage) */
export function refuseInterrupted(
  signal: AbortSignal | undefined,
  {
    written,
    count,
    documents,
  }: { readonly written: number; readonly count: number; readonly documents: UserDocuments },
): void {
  if (signal?.aborted && written < count)
    throw new SolventError(
      'INTERRUPTED',
      'usage',
      `stopped after ${written} of ${count} ${documents === 'claims' ? 'claim files' : 'inclusion proofs'}: the same command goes on from here`,
      { written, wanted: count },
    );
}

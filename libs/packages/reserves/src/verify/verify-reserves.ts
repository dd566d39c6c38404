import { SolventError } from '@solvent-por/kzg';
import { splitLines } from '@solvent-por/verifier';
import { MAX_RESERVE_LINE_BYTES } from '../documents/line';
import { parseReserves } from '../documents/parse-reserves';
import { untrue } from '../failure';
import { batches, judgeBatch, type BatchJudge, type JudgedBatch } from './judged-batch';
import type { JudgedLine, NodeAnswer } from './line-judge';
import type { ReservesVerdict } from './report';
import { ReservesVerifier, type ReservesOptions } from './reserves-verifier';

/** Lines and bytes so far, and how many there will be. */
export interface ReservesProgress {
  readonly lines: number;
  readonly bytes: number;
  readonly ofLines: number;
  readonly ofBytes: number;
}

export interface StreamOptions extends ReservesOptions {
  /** In this thread, one batch after another, by default. */
  readonly judge?: BatchJudge;
  /** What nodes say of lines, one answer a line, undefined where there is none. */
  readonly ask?: (lines: readonly JudgedLine[]) => Promise<readonly (NodeAnswer | undefined)[]>;
  /** How many more batches may wait for nodes than for judges: 0 where absent. */
  readonly askAhead?: number;
  /** Lines as they were judged, in the file's order; whatever is wrong further on is not known yet. */
  readonly onLines?: (lines: readonly JudgedLine[]) => void;
  /** Called after every batch of lines. */
  readonly onProgress?: (progress: ReservesProgress) => void;
}

/**
 * Verifies a publication from its two files, as a stream and in memory that does not grow with it.
 *
 * @param reserves reserves.json
 * @param addresses reserve-addresses.ndjson, in pieces of any size
 * @throws SolventError of kind usage or internal alone: what is wrong with the publication is a verdict
 */
export async function verifyReserves(
  reserves: Uint8Array,
  addresses: AsyncIterable<Uint8Array>,
  options: StreamOptions = {},
): Promise<ReservesVerdict> {
  return refusals(async () => {
    const document = parseReserves(reserves);
    const verifier = new ReservesVerifier(document, options);
    const { lines: ofLines, bytes: ofBytes } = document.addresses;
    let [lines, bytes] = [0, 0];
    const split = splitLines(bounded(addresses, ofBytes), () => MAX_RESERVE_LINE_BYTES);
    for await (const batch of judged(split, verifier, options)) {
      const taken = batch.answers.map((answer, i) =>
        verifier.judged(batch.judged.lines[i]!, batch.lines[i]!, answer),
      );
      options.onLines?.(taken);
      if (batch.judged.refused) verifier.refuse(batch.judged.refused);
      if ('error' in batch) throw batch.error;
      lines += batch.lines.length;
      bytes += batch.lines.reduce((sum, line) => sum + line.length + 1, 0);
      options.onProgress?.({ lines, bytes, ofLines, ofBytes });
    }
    return verifier.finish();
  });
}

interface AnsweredBatch {
  readonly lines: readonly Uint8Array[];
  readonly judged: JudgedBatch;
  readonly answers: readonly (NodeAnswer | undefined)[];
  readonly error?: unknown;
}

/** Judges batches side by side, asks nodes about them, and gives them in the file's order. */
async function* judged(
  split: AsyncGenerator<Uint8Array>,
  verifier: ReservesVerifier,
  { judge = inThisThread(verifier), ask, askAhead = 0 }: StreamOptions,
): AsyncGenerator<AnsweredBatch> {
  const source = batches(split);
  const pending: Promise<AnsweredBatch>[] = [];
  const most = judge.concurrency + (ask ? askAhead : 0);
  try {
    for (;;) {
      while (pending.length < most) {
        const next = await source.next();
        if (next.done) break;
        const answered = answer(next.value, judge, verifier, ask);
        answered.catch(() => undefined);
        pending.push(answered);
        if ('error' in next.value) break;
      }
      const first = pending.shift();
      if (!first) return;
      yield await first;
    }
  } finally {
    await source.return(undefined);
    await split.return(undefined);
  }
}

async function answer(
  batch: { readonly lines: readonly Uint8Array[]; readonly error?: unknown },
  judge: BatchJudge,
  verifier: ReservesVerifier,
  ask: StreamOptions['ask'],
): Promise<AnsweredBatch> {
  const judged = await judge.judge(batch.lines, verifier.judgeData);
  const answers = ask ? await ask(judged.lines) : judged.lines.map(() => undefined);
  return { ...batch, judged, answers };
}

function inThisThread(verifier: ReservesVerifier): BatchJudge {
  return { concurrency: 1, judge: async (lines) => judgeBatch(verifier.lineJudge, lines) };
}

/** What is thrown about a publication, as a verdict. */
export async function refusals(judge: () => Promise<ReservesVerdict>): Promise<ReservesVerdict> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof SolventError) || !(error.kind === 'malformed' || error.kind === 'invalid'))
      throw error;
    const { line } = error.details;
    return {
      verdict: error.kind === 'malformed' ? 'malformed' : 'wrong',
      code: error.code,
      reason: error.message,
      ...(typeof line === 'number' && { line }),
    };
  }
}

/** Refuses a file that is longer than was said, before more of it is read. */
async function* bounded(pieces: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > most)
      untrue('ADDRESSES_UNTRUE', `the file is longer than the ${most} bytes of reserves.json`);
    yield piece;
  }
}

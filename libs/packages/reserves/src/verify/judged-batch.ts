import { SolventError, type FailureKind } from '@solvent-por/kzg';
import type { Reserves } from '../documents/reserves';
import { readKnownCoins } from '../known/read-known';
import { checkBlocks, type BlockHashes, type ConfirmingNodes } from './blocks';
import { LineJudge, type JudgedLine } from './line-judge';

/** What every judge of one publication's lines is given: plain data, for workers. */
export interface JudgeData {
  readonly reserves: Reserves;
  readonly blocks?: BlockHashes;
  readonly nodes?: ConfirmingNodes;
  /** Parsed JSON of the verifier's own coins and tokens. */
  readonly tokens?: unknown;
}

/** Lines as far as they could be judged; then what is wrong with the next one. */
export interface JudgedBatch {
  readonly lines: readonly JudgedLine[];
  readonly refused?: {
    readonly code: string;
    readonly kind: FailureKind;
    readonly message: string;
    readonly details: Readonly<Record<string, string | number>>;
  };
}

/** Judges lines somewhere else: in worker threads, say. */
export interface BatchJudge {
  /** How many batches may be under way at once. */
  readonly concurrency: number;
  /** @param lines without their LFs */
  judge(lines: readonly Uint8Array[], data: JudgeData): Promise<JudgedBatch>;
}

/** The judge that a worker makes, once. @throws as `ReservesVerifier` */
export function lineJudge({ reserves, blocks, nodes, tokens }: JudgeData): LineJudge {
  return new LineJudge(reserves, checkBlocks(reserves, blocks, nodes), readKnownCoins(tokens));
}

/** Judges lines until one is refused. @throws whatever is no word about a line */
export function judgeBatch(judge: LineJudge, lines: readonly Uint8Array[]): JudgedBatch {
  const judged: JudgedLine[] = [];
  for (const line of lines)
    try {
      judged.push(judge.judge(line));
    } catch (error) {
      if (!(error instanceof SolventError)) throw error;
      const { code, kind, message, details } = error;
      return { lines: judged, refused: { code, kind, message, details } };
    }
  return { lines: judged };
}

/** So many lines, or bytes, are handed over at once. */
const MOST_LINES = 64;
const MOST_BYTES = 1 << 18;

/** Gathers lines into batches. */
export async function* batches(
  lines: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly lines: readonly Uint8Array[]; readonly error?: unknown }> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const line of lines) {
      batch.push(line);
      bytes += line.length;
      if (batch.length < MOST_LINES && bytes < MOST_BYTES) continue;
      yield { lines: batch };
      [batch, bytes] = [[], 0];
    }
  } catch (error) {
    // What is wrong with the file further on must not hide what is wrong before it.
    yield { lines: batch, error };
    return;
  }
  if (batch.length > 0) yield { lines: batch };
}

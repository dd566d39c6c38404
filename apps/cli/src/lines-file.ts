import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { SolventError, toHex } from '@solvent-por/kzg';
import { linesIndexOf, MAX_LINES_INDEX_BYTES, readLinesIndex, type LinesIndex } from '@solvent-por/prover';
import { gunzipped } from '@solvent-por/snapshot/readers';
import { likelyKind, MAX_INCLUSION_BYTES, splitLines } from '@solvent-por/verifier';
import { readBounded, readPieces } from './files';
import { READS_ZSTD, unzstd } from './zstd-frames';

/** What `prove-user --format ndjson` calls its files, and what people call them. */
const NAME = /\.(?:ndjson|jsonl)(?:\.(?:gz|zst))?$/i;
const COMPRESSED = /\.(?:gz|zst)$/i;

/** Whether a file is called as one of lines is, a document each. */
export function hasLinesName(file: string): boolean {
  return NAME.test(file);
}

/**
 * The lines of a file, each without its line feed, in constant memory; decompressed where its name ends in
 * .gz or .zst.
 * @throws SolventError FILE_UNREADABLE, FORMAT_UNSUPPORTED (usage); FILE_CUT_OFF, FILE_DAMAGED, LINE_TOO_LONG
 *   (malformed)
 */
export async function* inclusionLines(file: string): AsyncGenerator<Uint8Array> {
  yield* splitLines(contentOf(file), () => MAX_INCLUSION_BYTES);
}

/**
 * Whether a file is to be read as lines of inclusion proofs: it is called so and begins so, is compressed, or
 * has an index beside it. Another is judged as a whole, which says what it is.
 */
export async function isLinesFile(file: string): Promise<boolean> {
  if (!hasLinesName(file)) return false;
  return COMPRESSED.test(file) || existsSync(linesIndexOf(file)) || (await firstLineOf(file)) === 'inclusion';
}

/** The index that lies beside a file of lines. @throws SolventError INDEX_MALFORMED, DOCUMENT_* (malformed) */
export async function linesIndexBeside(file: string): Promise<LinesIndex | undefined> {
  const index = linesIndexOf(file);
  return existsSync(index) ? readLinesIndex(await readBounded(index, MAX_LINES_INDEX_BYTES)) : undefined;
}

/** What the first line of a file is. */
export type FirstLine = 'inclusion' | 'other' | 'unreadable';

/** @returns `unreadable` also where it is no JSON, or the file is damaged before its end */
export async function firstLineOf(file: string): Promise<FirstLine> {
  try {
    for await (const line of splitLines(contentOf(file), () => MAX_INCLUSION_BYTES)) {
      const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
      return likelyKind(value) === 'inclusion' ? 'inclusion' : 'other';
    }
  } catch {
    // Too long a line is none of ours, unless it came out of what is no longer what was compressed.
  }
  return 'unreadable';
}

/** SHA-256 of a file as it lies there. @throws SolventError FILE_UNREADABLE (usage) */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(file)) hash.update(piece);
  return toHex(hash.digest());
}

function contentOf(file: string): AsyncGenerator<Uint8Array> {
  const refuse = (cutOff: boolean, reason: string) =>
    new SolventError(
      cutOff ? 'FILE_CUT_OFF' : 'FILE_DAMAGED',
      'malformed',
      reason.startsWith('is ') ? `the file ${reason}` : reason,
      { file },
    );
  if (/\.gz$/i.test(file)) return gunzipped(readPieces(file), refuse);
  if (!/\.zst$/i.test(file)) return readPieces(file);
  if (!READS_ZSTD)
    throw new SolventError(
      'FORMAT_UNSUPPORTED',
      'usage',
      `the file is compressed with zstd, which Node.js reads from 22.15 on, and this is ${process.version}: decompress it first (zstd -d FILE), or run a newer Node.js`,
      { file },
    );
  return unzstd(readPieces(file), refuse);
}

import { SolventError } from '@solvent-por/kzg';
import { contentOf } from './byte-source';
import { placeText } from './input-error';
import type { SourceFile } from './source-file';

const LF = 0x0a;

/**
 * The same error with the line of its place, as an editor counts them: empty lines, those within quotes and
 * the header's included. Counting while reading would slow every run down by up to 6 %, so the file is read
 * once more, up to the place, when there is a fault to tell.
 *
 * @param files those of the input
 */
export async function located(error: unknown, files: readonly SourceFile[]): Promise<unknown> {
  if (!(error instanceof SolventError)) return error;
  const { byte, ...details } = error.details;
  const { file, row, reason } = details;
  const source = files.find(({ name }) => name === file);
  if (!source || typeof byte !== 'number' || typeof row !== 'number') return error;
  const line = await lineOf(source, byte);
  const place = { file: source.name, row };
  const message = `${placeText(place, line)}: ${String(reason)}`;
  return new SolventError(error.code, error.kind, message, { ...details, ...(line && { line }) });
}

/** The line, from 1, of a byte of a file's content; undefined where it cannot be read any more. */
export async function lineOf(file: SourceFile, byte: number): Promise<number | undefined> {
  let line = 1;
  let at = 0;
  try {
    for await (const piece of contentOf(file)) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, Math.min(piece.length, byte - at));
      for (let p = bytes.indexOf(LF); p >= 0; p = bytes.indexOf(LF, p + 1)) line++;
      at += bytes.length;
      if (at >= byte) break;
    }
  } catch {
    return undefined;
  }
  return line;
}

import { open, type FileHandle } from 'node:fs/promises';
import { SolventError } from '@solvent-por/kzg';
import { gunzipped } from './gunzip';
import { malformedInput } from './input-error';
import {
  HEAD_BYTES,
  foreignContent,
  GZIP_TWICE,
  isGzip,
  wideEncodingOf,
  type WideEncoding,
} from './recognise';
import type { SourceFile } from './source-file';

const CHUNK = 1 << 20;
const GZIP_CHUNK = 1 << 18;

export interface ContentListeners {
  /** Called with each piece of a file as it lies on disk. */
  readonly onRaw?: (bytes: Uint8Array) => void;
  /** Called with what was recognised of a file although its name doesn't say so. */
  readonly onNote?: (note: string) => void;
}

/**
 * A file's content as UTF-8, in pieces of at most a few MiB; a piece is valid until the next one is asked
 * for. Gzip and UTF-16 are recognised by their first bytes, whatever the name.
 *
 * @throws SolventError INPUT_UNREADABLE (kind usage); INPUT_EMPTY (kind invalid) where there is not a byte;
 *   INPUT_FORMAT for what is
 *   recognised as another kind of file, INPUT_TRUNCATED, INPUT_MALFORMED for gzip and UTF-16 (kind malformed)
 */
export async function* contentOf(
  file: SourceFile,
  listeners: ContentListeners = {},
): AsyncGenerator<Uint8Array, void, void> {
  const head = await headOf(file.path);
  if (head.length === 0) throw emptyContent(file);
  const gzip = isGzip(head);
  if (file.gzip && !gzip)
    throw malformedInput(
      'INPUT_MALFORMED',
      { file: file.name, row: 0 },
      foreignContent(head) ?? 'is no gzip file: rename it without .gz if it is whole',
    );
  if (gzip && !file.gzip) listeners.onNote?.('is read as gzip, by its content');
  yield* asUtf8(file, gzip ? unzipped(file, listeners) : rawChunks(file, listeners, false), listeners);
}

/** The first bytes of a file. @throws SolventError INPUT_UNREADABLE */
export async function headOf(path: string): Promise<Uint8Array> {
  const handle = await opened(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function opened(path: string): Promise<FileHandle> {
  return open(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code ?? 'unknown error';
    throw new SolventError('INPUT_UNREADABLE', 'usage', `cannot read ${path} (${reason})`, {
      file: path,
      reason,
    });
  });
}

async function* rawChunks(
  file: SourceFile,
  { onRaw }: ContentListeners,
  fresh: boolean,
): AsyncGenerator<Uint8Array, void, void> {
  const handle = await opened(file.path);
  try {
    const buffer = Buffer.allocUnsafe(fresh ? 0 : CHUNK);
    for (;;) {
      // Decompression runs in another thread and may still be reading the piece before.
      const target = fresh ? Buffer.allocUnsafe(GZIP_CHUNK) : buffer;
      const { bytesRead } = await handle.read(target, 0, target.length);
      if (bytesRead === 0) return;
      const bytes = target.subarray(0, bytesRead);
      onRaw?.(bytes);
      yield bytes;
    }
  } finally {
    await handle.close();
  }
}

function unzipped(file: SourceFile, listeners: ContentListeners): AsyncGenerator<Uint8Array, void, void> {
  return gunzipped(rawChunks(file, listeners, true), (cutOff, reason) =>
    malformedInput(cutOff ? 'INPUT_TRUNCATED' : 'INPUT_MALFORMED', { file: file.name, row: 0 }, reason),
  );
}

/** Waits for as many bytes as tell what the content is, then passes it on, as UTF-8. */
async function* asUtf8(
  file: SourceFile,
  pieces: AsyncIterable<Uint8Array>,
  { onNote }: ContentListeners,
): AsyncGenerator<Uint8Array, void, void> {
  let head: Uint8Array = new Uint8Array(0);
  let recode: Recode | undefined;
  const begin = (): Recode => {
    // Whoever is gzip alone was decompressed before.
    const foreign = isGzip(head) ? GZIP_TWICE : foreignContent(head);
    if (foreign !== undefined)
      throw new SolventError('INPUT_FORMAT', 'malformed', `${file.name} ${foreign}`, {
        file: file.name,
        reason: foreign,
      });
    const wide = wideEncodingOf(head);
    if (wide === undefined) return (piece) => piece;
    onNote?.(`is read as ${wide.toUpperCase()}`);
    return recoded(file, wide);
  };
  for await (const piece of pieces) {
    if (recode) {
      yield recode(piece)!;
      continue;
    }
    head = head.length === 0 && piece.length >= HEAD_BYTES ? piece : Buffer.concat([head, piece]);
    if (head.length < HEAD_BYTES) continue;
    recode = begin();
    yield recode(head)!;
  }
  if (!recode) {
    if (head.length === 0) throw emptyContent(file);
    recode = begin();
    yield recode(head)!;
  }
  const rest = recode();
  if (rest) yield rest;
}

/** Without a piece: the content ends here. */
type Recode = (piece?: Uint8Array) => Uint8Array | undefined;

function recoded(file: SourceFile, encoding: WideEncoding): Recode {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (piece) => {
    try {
      return Buffer.from(piece ? decoder.decode(piece, { stream: true }) : decoder.decode(), 'utf8');
    } catch {
      throw malformedInput(
        piece ? 'INPUT_MALFORMED' : 'INPUT_TRUNCATED',
        { file: file.name, row: 0 },
        piece
          ? `is not sound ${encoding.toUpperCase()}: save it as UTF-8`
          : 'the file is cut off within a character',
      );
    }
  };
}

function emptyContent({ name }: SourceFile): SolventError {
  const reason = 'is empty: not a byte is in it. Fetch it again, or remove it if that is right';
  return new SolventError('INPUT_EMPTY', 'invalid', `${name} ${reason}`, { file: name, reason });
}

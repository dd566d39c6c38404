import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import {
  ADDRESSES_FILE,
  MAX_RESERVE_LINE_BYTES,
  MAX_RESERVES_BYTES,
  RESERVES_FILE,
} from '@solvent-por/reserves';
import { splitLines } from '@solvent-por/verifier';
import type { ReservePart } from '@solvent-por/services/database';
import { readAtMost } from '@solvent-por/snapshot/files';

/** A part ends with the line that fills it. */
const PART_BYTES = 1024 * 1024;
const PIECE_BYTES = 1 << 18;

/**
 * Bytes of reserves.json.
 * @param folder absolute, below ingest's source folder
 * @throws SolventError INPUT_UNREADABLE (usage), DOCUMENT_TOO_LARGE (malformed)
 */
export async function readDocument(folder: string): Promise<Uint8Array> {
  const bytes = await opened(folder, RESERVES_FILE, (handle) => readAtMost(handle, MAX_RESERVES_BYTES));
  if (bytes.length <= MAX_RESERVES_BYTES) return bytes;
  throw new SolventError(
    'DOCUMENT_TOO_LARGE',
    'malformed',
    `${RESERVES_FILE} has more than ${MAX_RESERVES_BYTES} bytes: \`solvent reserves build\` makes one that is not too long`,
  );
}

/**
 * The lines of reserve-addresses.ndjson in parts of whole lines, each with its LF; memory holds one part.
 *
 * @param most bytes that reserves.json says: a longer file is refused before more is read
 * @param partBytes a part ends with the line that reaches it
 * @throws SolventError INPUT_UNREADABLE (usage), ADDRESSES_UNTRUE (invalid), LINE_TOO_LONG | FILE_CUT_OFF
 *   (malformed)
 */
export async function* readParts(
  folder: string,
  most: number,
  partBytes = PART_BYTES,
): AsyncGenerator<ReservePart, void> {
  let [part, firstLine, bytes] = [0, 1, 0];
  let lines: Uint8Array[] = [];
  const take = (): ReservePart => {
    const taken = { part: part++, firstLine, lines: lines.length, content: joined(lines, bytes) };
    [firstLine, lines, bytes] = [firstLine + lines.length, [], 0];
    return taken;
  };
  for await (const line of splitLines(pieces(folder, most), () => MAX_RESERVE_LINE_BYTES)) {
    lines.push(line);
    bytes += line.length + 1;
    if (bytes >= partBytes) yield take();
  }
  if (lines.length > 0) yield take();
}

async function* pieces(folder: string, most: number): AsyncGenerator<Uint8Array> {
  const handle = await openRegular(folder, ADDRESSES_FILE);
  try {
    const { size } = await handle.stat();
    if (size !== most) throw otherLength(size, most);
    let bytes = 0;
    for await (const piece of handle.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false })) {
      bytes += (piece as Buffer).length;
      if (bytes > most) throw otherLength(bytes, most);
      yield piece as Buffer;
    }
  } catch (error) {
    throw error instanceof SolventError ? error : unreadable(ADDRESSES_FILE, error);
  } finally {
    await handle.close();
  }
}

async function opened<T>(folder: string, name: string, read: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openRegular(folder, name);
  try {
    return await read(handle);
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    await handle.close();
  }
}

/** Without waiting for whoever might write into a pipe: that would hold a thread for ever. */
async function openRegular(folder: string, name: string): Promise<FileHandle> {
  try {
    const handle = await open(join(folder, name), constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw unreadable(name, error);
  }
  throw unreadable(name, { code: 'not a file' });
}

function joined(lines: readonly Uint8Array[], bytes: number): Uint8Array {
  const content = new Uint8Array(bytes).fill(10);
  let at = 0;
  for (const line of lines) {
    content.set(line, at);
    at += line.length + 1;
  }
  return content;
}

function otherLength(bytes: number, most: number): SolventError {
  return new SolventError(
    'ADDRESSES_UNTRUE',
    'invalid',
    `${ADDRESSES_FILE} has ${bytes} bytes, ${RESERVES_FILE} says ${most}: put both files of one \`solvent reserves build\` into the folder`,
  );
}

function unreadable(file: string, error: unknown): SolventError {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new SolventError(
    'INPUT_UNREADABLE',
    'usage',
    `cannot read ${file} (${reason}): the source must be a folder with ${RESERVES_FILE} and ${ADDRESSES_FILE}, as \`solvent reserves build\` writes them`,
    { file, reason },
  );
}

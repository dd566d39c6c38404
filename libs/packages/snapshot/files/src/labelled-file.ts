import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { concat, equalBytes, SolventError, toHex } from '@solvent-por/kzg';
import {
  DIGEST_BYTES,
  ending,
  hasEnd,
  MAX_LABEL_BYTES,
  readLabel,
  sha256,
  TAIL_BYTES,
  type Label,
  type Origin,
  type ParsedLabel,
} from './label';

/** What a reader expects of a file. */
export interface Expected extends Pick<Label, 'kind' | 'origin'> {
  /** The file, for messages. */
  readonly name: string;
  /** What whoever reads the message can do about it. */
  readonly remedy?: string;
}

/** Of files that are read as a whole. */
const BLOCK_BYTES = 1 << 20;
const REMEDY = 'put the right file back from a backup, or prove the snapshot again into a new folder';

/** A file's bytes. @param blockBytes see LabelledFile */
export function encodeLabelled(content: Uint8Array, label: Label, blockBytes = BLOCK_BYTES): Uint8Array {
  const digests: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += blockBytes)
    digests.push(sha256(content.subarray(at, at + blockBytes)));
  return concat(content, ending(label, digests, content.length, blockBytes));
}

/**
 * The same for content that comes in pieces, in memory for one block.
 * @param label asked for at the end, when the count is known
 */
export async function* labelledParts(
  pieces: AsyncIterable<Uint8Array>,
  label: () => Label,
  blockBytes = BLOCK_BYTES,
): AsyncGenerator<Uint8Array> {
  const digests: Uint8Array[] = [];
  let [bytes, room, hash] = [0, blockBytes, createHash('sha256')];
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + room);
      hash.update(part);
      at += part.length;
      room -= part.length;
      if (room > 0) continue;
      digests.push(hash.digest());
      [room, hash] = [blockBytes, createHash('sha256')];
    }
    bytes += piece.length;
    yield piece;
  }
  if (room < blockBytes) digests.push(hash.digest());
  yield ending(label(), digests, bytes, blockBytes);
}

/**
 * The content of a file, every byte of which was checked.
 * @throws SolventError WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (kind invalid; details.file)
 */
export function decodeLabelled(
  file: Uint8Array,
  expected: Expected,
): { readonly content: Uint8Array; readonly count: number } {
  const { label, start } = parseEnding(file, file.length, expected);
  const { bytes, blockBytes, count } = label;
  const table = file.subarray(bytes, start);
  if (!equalBytes(sha256(table), label.table)) throw changed(expected);
  const content = file.subarray(0, bytes);
  for (let i = 0; i * blockBytes < bytes; i++)
    checkBlock(content.subarray(i * blockBytes, (i + 1) * blockBytes), table, i, expected);
  return { content, count };
}

/** The digest in a file's ending, which stands for all of it once the file is decoded: 32 bytes. */
export function labelDigest(file: Uint8Array): Uint8Array {
  const end = file.length - TAIL_BYTES;
  return file.slice(end, end + DIGEST_BYTES);
}

/**
 * The digests, as `labelDigest` gives them, that a labelled content begins with: one for each that its label
 * counts.
 * @throws SolventError WITNESS_FILE_DAMAGED (invalid) where the content is shorter than that
 */
export function digestsIn(
  content: Uint8Array,
  count: number,
  expected: Pick<Expected, 'name' | 'remedy'>,
): Uint8Array[] {
  if (content.length < DIGEST_BYTES * count) throw damaged(expected, 'it holds fewer digests than it says');
  return Array.from({ length: count }, (_, i) => content.subarray(DIGEST_BYTES * i, DIGEST_BYTES * (i + 1)));
}

/**
 * What a file says that it belongs to, which nobody has compared with anything yet; undefined where it has no
 * label that is whole, or isn't there.
 */
export async function originOf(path: string): Promise<Origin | undefined> {
  const handle = await open(path, 'r').catch(() => undefined);
  try {
    const { size = 0 } = (await handle?.stat()) ?? {};
    const tail = new Uint8Array(Math.min(size, MAX_LABEL_BYTES + TAIL_BYTES));
    await handle?.read(tail, 0, tail.length, size - tail.length);
    return readLabel(tail)?.label.origin;
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** A large file of which a block at a time is read; each is checked when it is. */
export class LabelledFile {
  private constructor(
    private readonly handle: FileHandle,
    private readonly label: ParsedLabel,
    private readonly table: Uint8Array,
    private readonly expected: Expected,
  ) {}

  /**
   * Reads ending and table: 32 bytes for each block.
   * @throws SolventError WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (kind invalid; details.file); errors of
   *   the system (ENOENT)
   */
  static async open(path: string, expected: Omit<Expected, 'name'>): Promise<LabelledFile> {
    const named = { ...expected, name: basename(path) };
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const tail = await readAt(handle, Math.max(0, size - MAX_LABEL_BYTES - TAIL_BYTES), size, named);
      const { label, start } = parseEnding(tail, size, named);
      const table = await readAt(handle, label.bytes, start, named);
      if (!equalBytes(sha256(table), label.table)) throw changed(named);
      return new LabelledFile(handle, label, table, named);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get count(): number {
    return this.label.count;
  }

  /** Bytes of the content. */
  get bytes(): number {
    return this.label.bytes;
  }

  get blocks(): number {
    return this.table.length / DIGEST_BYTES;
  }

  /**
   * A block of the content; the last may be shorter.
   * @throws SolventError WITNESS_FILE_DAMAGED (kind invalid; details.file)
   */
  async block(i: number): Promise<Uint8Array> {
    const { blockBytes, bytes } = this.label;
    const block = await readAt(
      this.handle,
      i * blockBytes,
      Math.min((i + 1) * blockBytes, bytes),
      this.expected,
    );
    checkBlock(block, this.table, i, this.expected);
    return block;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/**
 * @param tail the file's last bytes, or all of them
 * @returns the label, and where it starts in the file: the table ends there
 */
function parseEnding(
  tail: Uint8Array,
  size: number,
  expected: Expected,
): { readonly label: ParsedLabel; readonly start: number } {
  if (!hasEnd(tail))
    throw damaged(expected, 'its end is missing: it was cut off, or something was added to it');
  const read = readLabel(tail);
  if (!read) throw changed(expected);
  const { label, length } = read;
  refuseForeign(label, expected);
  const start = size - TAIL_BYTES - length;
  if (start !== label.bytes + DIGEST_BYTES * Math.ceil(label.bytes / label.blockBytes))
    throw damaged(
      expected,
      'it is shorter or longer than it was made: a part was cut off, or something put into it',
    );
  return { label, start };
}

function refuseForeign({ kind, origin }: Pick<Label, 'kind' | 'origin'>, expected: Expected): void {
  const { snapshot, takenAt, digest } = expected.origin;
  const named = (o: Origin) => `snapshot ${o.snapshot} (taken at ${o.takenAt})`;
  if (!equalBytes(origin.digest, digest)) {
    const same = origin.snapshot === snapshot && origin.takenAt === takenAt;
    throw foreign(
      expected,
      same
        ? `another run of ${named(origin)}: ${short(origin.digest)}, this is ${short(digest)}`
        : `${named(origin)}, this is ${named(expected.origin)}`,
    );
  }
  if (kind !== expected.kind)
    throw foreign(expected, `another place: it holds ${kind}, not ${expected.kind}`);
}

function checkBlock(block: Uint8Array, table: Uint8Array, i: number, expected: Expected): void {
  if (!equalBytes(sha256(block), table.subarray(DIGEST_BYTES * i, DIGEST_BYTES * (i + 1))))
    throw changed(expected);
}

async function readAt(handle: FileHandle, from: number, to: number, expected: Expected): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from);
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) throw damaged(expected, 'it became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}

function changed(expected: Expected): SolventError<'WITNESS_FILE_DAMAGED'> {
  return damaged(expected, 'its bytes were changed after it was written');
}

function damaged(
  { name, remedy = REMEDY }: Pick<Expected, 'name' | 'remedy'>,
  how: string,
): SolventError<'WITNESS_FILE_DAMAGED'> {
  return new SolventError('WITNESS_FILE_DAMAGED', 'invalid', `${name} is damaged: ${how}; ${remedy}`, {
    file: name,
  });
}

function foreign({ name, remedy = REMEDY }: Expected, whose: string): SolventError<'WITNESS_FILE_FOREIGN'> {
  return new SolventError('WITNESS_FILE_FOREIGN', 'invalid', `${name} belongs to ${whose}; ${remedy}`, {
    file: name,
  });
}

function short(digest: Uint8Array): string {
  return `${toHex(digest).slice(0, 10)}…`;
}

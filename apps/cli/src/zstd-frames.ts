import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import { decompressed } from '@solvent-por/snapshot/readers';

/** Since Node.js 22.15. */
const { createZstdDecompress } = zlib as unknown as { readonly createZstdDecompress?: () => Duplex };

/** Whether this Node.js reads zstd. */
export const READS_ZSTD = createZstdDecompress !== undefined;

/** RFC 8878, sections 3.1.1 and 3.1.2, as little-endian numbers. */
const [FRAME, SKIPPABLE, SKIPPABLE_MASK] = [0xfd2fb528, 0x184d2a50, 0xfffffff0];
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
/** No block is longer. */
const MOST_BLOCK_BYTES = 128 * 1024;

/**
 * What a zstd file holds, all its frames one after the other, in constant memory. Node.js ends with the first
 * frame and says nothing about what follows, so the frames are told apart here.
 *
 * @param refuse makes the error that is thrown: whether the file is cut off, and what is wrong
 * @param decompressor of one frame; a test's own, say
 */
export async function* unzstd(
  pieces: AsyncIterable<Uint8Array>,
  refuse: (cutOff: boolean, reason: string) => Error,
  decompressor: () => Duplex = createZstdDecompress!,
): AsyncGenerator<Uint8Array, void, void> {
  const unsound = (code: string) =>
    code.startsWith('ZSTD_')
      ? refuse(false, `is not a sound zstd file (${code}): fetch it again`)
      : undefined;
  const bytes = new Bytes(pieces, () => refuse(true, 'the zstd file is cut off: fetch it again'));
  try {
    while (!(await bytes.ended())) {
      const magic = await bytes.take(4);
      const kind = view(magic).getUint32(0, true);
      if ((kind & SKIPPABLE_MASK) >>> 0 === SKIPPABLE) await skip(bytes);
      else if (kind === FRAME) yield* decompressed(frame(magic, bytes, refuse), decompressor(), unsound);
      else throw refuse(false, 'is no zstd file, or is followed by other bytes');
    }
  } finally {
    await bytes.end();
  }
}

async function skip(bytes: Bytes): Promise<void> {
  let left = view(await bytes.take(4)).getUint32(0, true);
  for (; left > 0; left -= Math.min(left, MOST_BLOCK_BYTES))
    await bytes.take(Math.min(left, MOST_BLOCK_BYTES));
}

/** The bytes of one frame. */
async function* frame(
  magic: Uint8Array,
  bytes: Bytes,
  refuse: (cutOff: boolean, reason: string) => Error,
): AsyncGenerator<Uint8Array> {
  yield magic;
  const descriptor = await bytes.take(1);
  yield descriptor;
  const flags = descriptor[0]!;
  const single = (flags >> 5) & 1;
  const size = flags >> 6 === 0 ? single : CONTENT_SIZE_BYTES[flags >> 6]!;
  yield bytes.take((single ? 0 : 1) + DICTIONARY_BYTES[flags & 3]! + size);
  for (let last = false; !last;) {
    const header = await bytes.take(3);
    yield header;
    const block = header[0]! | (header[1]! << 8) | (header[2]! << 16);
    const [kind, length] = [(block >> 1) & 3, block >> 3];
    if (kind === 3 || length > MOST_BLOCK_BYTES)
      throw refuse(false, 'is not a sound zstd file: fetch it again');
    // A block of one byte repeated is written as that byte.
    yield bytes.take(kind === 1 ? 1 : length);
    last = (block & 1) === 1;
  }
  if ((flags >> 2) & 1) yield bytes.take(4);
}

/** Pieces of a file, taken as so many bytes at a time. */
class Bytes {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #left: Uint8Array = new Uint8Array(0);

  constructor(
    pieces: AsyncIterable<Uint8Array>,
    private readonly cutOff: () => Error,
  ) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  async ended(): Promise<boolean> {
    return this.#left.length === 0 && !(await this.#more());
  }

  /** In memory of their own. */
  async take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count);
    for (let at = 0; at < count;) {
      if (this.#left.length === 0 && !(await this.#more())) throw this.cutOff();
      const part = this.#left.subarray(0, count - at);
      taken.set(part, at);
      at += part.length;
      this.#left = this.#left.subarray(part.length);
    }
    return taken;
  }

  async end(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #more(): Promise<boolean> {
    while (this.#left.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return false;
      this.#left = value;
    }
    return true;
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

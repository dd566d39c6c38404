import { Readable, pipeline, type Duplex } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK = 1 << 18;

/**
 * What gzip holds, all its members one after the other, in constant memory.
 *
 * @param pieces each in memory of its own, for decompression runs in another thread and may still read the
 *   one before
 * @param refuse makes the error that is thrown: whether the file is cut off, and what is wrong, to be said
 *   after its name
 */
export async function* gunzipped(
  pieces: AsyncIterable<Uint8Array>,
  refuse: (cutOff: boolean, reason: string) => Error,
): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  let raw = 0;
  async function* counted() {
    for await (const piece of pieces) {
      raw += piece.length;
      yield piece;
    }
  }
  yield* decompressed(counted(), gunzip, (code) => {
    if (code === 'Z_BUF_ERROR') return refuse(true, 'the gzip file is cut off: fetch it again');
    return code.startsWith('Z_')
      ? refuse(false, `is not a sound gzip file (${code}): fetch it again`)
      : undefined;
  });
  // zlib ignores what follows the last member; a file in which bytes are ignored is not read at all.
  if (gunzip.bytesWritten !== raw) throw refuse(false, 'the gzip file is followed by other bytes');
}

/**
 * What a decompressor makes of pieces, in constant memory; both are ended, whatever happens.
 *
 * @param stream e.g. of zlib
 * @param refusal the error that is thrown in place of the stream's own with this code; undefined: its own
 */
export async function* decompressed(
  pieces: AsyncIterable<Uint8Array>,
  stream: Duplex,
  refusal: (code: string) => Error | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const source = Readable.from(pieces);
  pipeline(source, stream, () => {}); // errors arrive in the loop below
  try {
    for await (const bytes of stream) yield bytes as Buffer;
  } catch (error) {
    throw refusal((error as NodeJS.ErrnoException).code ?? '') ?? error;
  } finally {
    source.destroy();
    stream.destroy();
  }
}

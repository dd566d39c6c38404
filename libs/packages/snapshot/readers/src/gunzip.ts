import { Readable, pipeline } from 'node:stream';
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
  const source = Readable.from(counted());
  pipeline(source, gunzip, () => {}); // errors arrive in the loop below
  try {
    for await (const bytes of gunzip) yield bytes as Buffer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') throw refuse(true, 'the gzip file is cut off: fetch it again');
    if (code?.startsWith('Z_')) throw refuse(false, `is not a sound gzip file (${code}): fetch it again`);
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  // zlib ignores what follows the last member; a file in which bytes are ignored is not read at all.
  if (gunzip.bytesWritten !== raw) throw refuse(false, 'the gzip file is followed by other bytes');
}

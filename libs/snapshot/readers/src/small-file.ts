import { open } from 'node:fs/promises';

/**
 * A small file's bytes; of a longer one, of a device or a pipe without an end, no more than shows that it is too long.
 * @returns at most maxBytes + 1 bytes
 */
export async function readSmallFile(file: string, maxBytes: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      ({ bytesRead: read } = await handle.read(bytes, length, bytes.length - length));
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}

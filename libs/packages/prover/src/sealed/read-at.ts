import type { FileHandle } from 'node:fs/promises';

/** So many bytes of a file of the staging folder. @throws RangeError where it became shorter */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(buffer, at, length - at, position + at);
    if (bytesRead === 0) throw new RangeError('a file of the staging folder became shorter');
    at += bytesRead;
  }
  return buffer;
}

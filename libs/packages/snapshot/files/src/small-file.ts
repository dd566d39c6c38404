import { closeSync, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * A small file's bytes; of a longer one, of a device or a pipe without an end, no more than shows that it is
 * too long.
 * @returns at most maxBytes + 1 bytes
 * @throws errors of the system
 */
export async function readSmallFile(file: string, maxBytes: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    return await readAtMost(handle, maxBytes);
  } finally {
    await handle.close();
  }
}

/** What is left of an open file, as readSmallFile has it. @returns at most maxBytes + 1 bytes */
export async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Buffer> {
  // Devices, pipes and what stands in /proc have no size.
  const bytes = Buffer.alloc(Math.min(maxBytes, (await handle.stat()).size || maxBytes) + 1);
  let length = 0;
  for (let read = 1; read > 0 && length < bytes.length; length += read)
    ({ bytesRead: read } = await handle.read(bytes, length, bytes.length - length));
  return bytes.subarray(0, length);
}

/** readSmallFile for what a program cannot start without. @returns at most maxBytes + 1 bytes */
export function readSmallFileSync(file: string, maxBytes: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

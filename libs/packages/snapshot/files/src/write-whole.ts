import type { FileHandle } from 'node:fs/promises';

/**
 * Writes all bytes at a place of a file. A single write may end early without any error, where a disk becomes
 * full or a file as large as it may be: the rest must be asked for again, which then tells why.
 *
 * @param position in bytes from the beginning of the file
 * @throws the system's error (ENOSPC, EFBIG, …): see `storing`
 */
export async function writeWhole(
  file: Pick<FileHandle, 'write'>,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

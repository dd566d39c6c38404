import { closeSync, openSync, readSync } from 'node:fs';

/** A secret is short; whatever is longer is a mistake. */
const MAX_BYTES = 64 << 10;

/**
 * The text of a file that an environment variable names (a mounted secret). Of a longer file, of a device or a pipe without an end, no more is read than shows
 * that it is too long.
 * @throws Error with code EFBIG when it is longer than 64 KiB; errors of the system
 */
export function readSecretFile(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (length > MAX_BYTES) throw Object.assign(new Error('too long'), { code: 'EFBIG' });
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

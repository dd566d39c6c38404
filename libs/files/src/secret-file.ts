import { readSmallFileSync } from './small-file';

/** A secret is short; whatever is longer is a mistake. */
const MAX_BYTES = 64 << 10;

/**
 * The text of a file that an environment variable names (a mounted secret).
 * @throws Error with code EFBIG when it is longer than 64 KiB; errors of the system
 */
export function readSecretFile(file: string): string {
  const bytes = readSmallFileSync(file, MAX_BYTES);
  if (bytes.length > MAX_BYTES) throw Object.assign(new Error('too long'), { code: 'EFBIG' });
  return bytes.toString('utf8');
}

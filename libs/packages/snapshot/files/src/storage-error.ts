import { SolventError } from '@solvent-por/kzg';

/** What the system says of a device that takes no more, and what to do about it. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left there: make room, then give the same command again',
  EDQUOT: 'the quota of disk space is used up: make room, then give the same command again',
  EFBIG:
    'a file would become larger than is allowed there (ulimit -f, 4 GiB on FAT): allow it, or give another folder',
  EACCES: 'permission is denied: allow it, or give another folder',
  EPERM: 'permission is denied: allow it, or give another folder',
  EROFS: 'it can only be read: give another folder',
  EISDIR: 'a folder is in the way there: move it away, or give another folder',
  ENOTDIR: 'a file is in the way there: move it away, or give another folder',
  EEXIST: 'a file is in the way there: move it away, or give another folder',
  EIO: 'the device reports an error: look at it',
};

/**
 * The error of a write that failed for the device's or the folder's sake, which names the folder; any other
 * error comes back as it is.
 *
 * @param folder as people know it: `/tmp, the temporary folder (TMPDIR names another one)`, say
 * @returns SolventError STORAGE_FAILED (internal; details.folder, details.reason: the system's code), or the
 *   error that was given
 */
export function storageError(error: unknown, folder: string): unknown {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' && code in REASONS ? storageFailed(folder, code) : error;
}

/** What cannot be written there, whatever the system says. @param code the system's */
export function storageFailed(folder: string, code = 'unknown error'): SolventError<'STORAGE_FAILED'> {
  const missing = 'there is no such folder: make it, or give another';
  const reason = code === 'ENOENT' ? missing : (REASONS[code] ?? 'the system refuses: give another folder');
  return new SolventError('STORAGE_FAILED', 'internal', `cannot write in ${folder}: ${reason} (${code})`, {
    folder,
    reason: code,
  });
}

/** Does work that writes in a folder; what the device refuses names it, as storageError says. */
export async function storing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error, folder);
  }
}

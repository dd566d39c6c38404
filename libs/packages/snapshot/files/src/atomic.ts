import { randomBytes } from 'node:crypto';
import { copyFileSync, constants, linkSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storing } from './storage-error';

/** Readable and writable by its owner alone. */
export const PRIVATE = 0o600;
export const PRIVATE_DIRECTORY = 0o700;

/** What a file system without links (FAT, some network shares) answers. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * A file is there whole or not at all: written beside its place, flushed, renamed. One that was there is
 * replaced, with the given mode.
 * @throws SolventError STORAGE_FAILED (internal): no space, no permission, …; it names the folder
 */
export function writeAtomic(
  file: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  mode = 0o644,
): Promise<void> {
  return storing(dirname(file), async () => {
    const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
    const handle = await open(temporary, 'wx', mode);
    try {
      if (content instanceof Uint8Array) await handle.writeFile(content);
      else for await (const part of content) await handle.writeFile(part);
      await handle.sync();
      await handle.close();
      await rename(temporary, file);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Gives a finished temporary file its name, unless that is taken: unlike a renaming, a link does not replace
 * what another program made meanwhile. The temporary name stays; its caller removes it.
 *
 * @returns false when there is such a file
 */
export function placeNew(temporary: string, file: string): boolean {
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.includes(code)) throw error;
  }
  try {
    // Exclusive too, though not whole at once.
    copyFileSync(temporary, file, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes what a crash inside writeAtomic left in a folder. */
export async function removeTemporary(directory: string): Promise<void> {
  for (const name of await readdir(directory))
    if (/\.[0-9a-f]{8}\.tmp$/.test(name)) await rm(join(directory, name), { force: true });
}

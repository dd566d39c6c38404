import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SolventError, storageError, storing } from '@solvent/algebra';
import { printable } from '../format';

/**
 * Writes a file whole or not at all, and never over another one; the same bytes again are no other one.
 * @throws SolventError OUTPUT_EXISTS (kind usage), STORAGE_FAILED (internal)
 */
export async function writeNewFile(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  if (existsSync(file)) {
    if (isSame(file, bytes)) return;
    throw exists(file);
  }
  await storing(dirname(file), () => mkdir(dirname(file), { recursive: true }));
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    await writeFile(temporary, bytes, { mode, flag: 'wx', flush: true });
    // Unlike a renaming, a link does not replace what another program made meanwhile.
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(file);
    throw storageError(error, dirname(file));
  } finally {
    await rm(temporary, { force: true });
  }
}

function isSame(file: string, bytes: Uint8Array): boolean {
  const { size } = statSync(file);
  return size === bytes.length && readFileSync(file).equals(bytes);
}

function exists(file: string): SolventError<'OUTPUT_EXISTS'> {
  return new SolventError(
    'OUTPUT_EXISTS',
    'usage',
    `${printable(file)} exists already and is another file: give a new one`,
  );
}

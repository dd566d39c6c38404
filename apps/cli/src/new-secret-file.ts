import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { PRIVATE, storageFailed } from '@solvent-por/snapshot/files';
import { printable } from './format';

/**
 * A new file that only its owner can read, never one that is there.
 * @throws SolventError OUTPUT_EXISTS (usage), STORAGE_FAILED (internal)
 */
export async function newSecretFile(file: string): Promise<FileHandle> {
  return open(file, 'wx', PRIVATE).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new SolventError('OUTPUT_EXISTS', 'usage', `${printable(file)} exists already: give a new file`)
      : storageFailed(printable(dirname(file)), error.code);
  });
}

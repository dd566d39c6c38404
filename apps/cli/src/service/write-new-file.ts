import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { placeNew, storing } from '@solvent-por/snapshot/files';
import { printable } from '../format';

/**
 * Writes a file whole or not at all, and never over another one; the same bytes again are no other one. Its
 * folder is there.
 * @throws SolventError OUTPUT_EXISTS (kind usage), STORAGE_FAILED (internal)
 */
export async function writeNewFile(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  if (existsSync(file)) return refuseOther(file, bytes);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    await storing(dirname(file), async () => {
      await writeFile(temporary, bytes, { mode, flag: 'wx', flush: true });
      if (!placeNew(temporary, file)) refuseOther(file, bytes);
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

function refuseOther(file: string, bytes: Uint8Array): void {
  const info = statSync(file);
  if (info.isFile() && info.size === bytes.length && readFileSync(file).equals(bytes)) return;
  throw new SolventError(
    'OUTPUT_EXISTS',
    'usage',
    `${printable(file)} exists already and is another file; nothing is replaced in silence: name another --output, or move it away`,
    { file },
  );
}

import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@solvent-por/kzg';
import { PRIVATE, PRIVATE_DIRECTORY, storing } from '@solvent-por/snapshot/files';
import { proofName, proofPath } from './names';
import { packLine } from './pack-index';

/**
 * What is there while not all is written; not the folder of a snapshot that is being proved, which may be the
 * same output.
 */
export const PARTS = '.user-proofs';

/** A document and whose it is. */
export interface Made {
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

/**
 * Writes users' files from one thread. Each is written whole under a name of the thread's own in the folder
 * of parts, then renamed: whatever ends the program, no half file is seen, and nothing foreign stays among
 * the files. None is flushed, which takes more of the system than all else together; only where the machine
 * itself fails a file may be lost, and a run that goes on compares files with their digests.
 */
export class FileWriter {
  readonly #made = new Set<string>();
  readonly #temporary: string;

  constructor(private readonly output: string) {
    this.#temporary = join(output, PARTS, `file.${randomBytes(4).toString('hex')}.tmp`);
  }

  /**
   * @param levels how deep folders lie in each other
   * @returns the files' lines in the index
   * @throws SolventError STORAGE_FAILED (internal)
   */
  write(documents: readonly Made[], levels: number): Promise<string> {
    return storing(this.output, async () => documents.map((one) => this.#write(one, levels)).join(''));
  }

  /** In one go: a file is made in a tenth of what waiting for four calls of the system costs. */
  #write({ id, bytes }: Made, levels: number): string {
    const name = proofPath(proofName(id), levels);
    this.#makeFolder(name.slice(0, name.lastIndexOf('/') + 1));
    writeFileSync(this.#temporary, bytes, { mode: PRIVATE });
    renameSync(this.#temporary, `${this.output}/${name}`);
    return packLine({ name, sha256: toHex(createHash('sha256').update(bytes).digest()) });
  }

  #makeFolder(folder: string): void {
    if (this.#made.has(folder)) return;
    mkdirSync(join(this.output, folder), { recursive: true, mode: PRIVATE_DIRECTORY });
    this.#made.add(folder);
  }
}

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storing } from '@solvent/algebra';

/** Readable and writable by its owner alone. */
export const PRIVATE = 0o600;
export const PRIVATE_DIRECTORY = 0o700;

/** Where things stand in an output folder. The first two are published, `witness` is the operator's own, `.progress` is gone when all is done. */
export const OUTPUT = {
  manifest: 'manifest.json',
  globalProof: 'global-proof.ndjson',
  witness: 'witness',
  progress: '.progress',
} as const;

/**
 * A file is there whole or not at all: written beside its place, flushed, renamed.
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
      else for await (const part of content) await handle.write(part);
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

/** Removes what a crash inside writeAtomic left in a folder. */
export async function removeTemporary(directory: string): Promise<void> {
  for (const name of await readdir(directory))
    if (/\.[0-9a-f]{8}\.tmp$/.test(name)) await rm(join(directory, name), { force: true });
}

export function proofFile(directory: string, first: number): string {
  return join(directory, OUTPUT.progress, `proof-${pad(first)}.json`);
}

export function batchFile(witnessDirectory: string, batch: number): string {
  return join(witnessDirectory, `batch-${pad(batch)}.bin`);
}

function pad(index: number): string {
  return String(index).padStart(5, '0');
}

/** Worker threads, each with a bundle of its own (scripts/build.mjs). */
export type WorkerName =
  'prove-worker' | 'verify-worker' | 'inclusion-worker' | 'job-worker' | 'close-worker' | 'document-worker';

/** A worker's bundle: beside the CLI's, or, when run from the sources, where `npm run build` puts it. */
export function workerFile(name: WorkerName): string {
  const beside = join(__dirname, `${name}.cjs`);
  if (existsSync(beside)) return beside;
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const built = join(folder, 'dist', 'cli', `${name}.cjs`);
    if (existsSync(built)) return built;
  }
  throw new Error(`${name}.cjs is not built: run \`npm run build\``);
}

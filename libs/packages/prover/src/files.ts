import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where things stand in an output folder. The first two are published, `witness` is the operator's own,
 * `.progress` is gone when all is done.
 */
export const OUTPUT = {
  manifest: 'manifest.json',
  globalProof: 'global-proof.ndjson',
  witness: 'witness',
  progress: '.progress',
} as const;

export function proofFile(directory: string, first: number): string {
  return join(directory, OUTPUT.progress, `proof-${pad(first)}.bin`);
}

export function batchFile(witnessDirectory: string, batch: number): string {
  return join(witnessDirectory, `batch-${pad(batch)}.bin`);
}

function pad(index: number): string {
  return String(index).padStart(5, '0');
}

/**
 * The bundle of worker threads (scripts/build.mjs): beside the program's own, or, when run from the
 * sources, where `npm run build` puts it.
 * @param folder of `dist`, when run from the sources
 * @param name by default of the bundle that all threads share
 */
export function workerFile(folder: 'cli' | 'services' = 'cli', name = 'worker.cjs'): string {
  const beside = join(__dirname, name);
  if (existsSync(beside)) return beside;
  for (let parent = __dirname; parent !== dirname(parent); parent = dirname(parent)) {
    const built = join(parent, 'dist', folder, name);
    if (existsSync(built)) return built;
  }
  throw new Error(`${name} is not built: run \`npm run build\``);
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where things stand in an output folder. The first two are published, `witness` is the operator's own, `.progress` is gone when all is done. */
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

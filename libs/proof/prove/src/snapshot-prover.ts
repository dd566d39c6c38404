import { createHash, createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SolventError, storing, toHex, utf8 } from '@solvent/algebra';
import { headerDigest, layoutOf, type AccountBatch, type Header, type Manifest } from '@solvent/proof/verify';
import { closeSnapshot } from './close';
import {
  batchFile,
  OUTPUT,
  PRIVATE_DIRECTORY,
  proofFile,
  removeTemporary,
  workerFile,
  writeAtomic,
} from './files';
import { planProofs, type ProofPlan } from './plan';
import { decodeProofFile } from './proof-file';
import { ThreadPool } from './threads/thread-pool';
import type { ProofKeys } from './witness';
import { decodeStoredBatch } from './witness-file';
import type { ProveResult, ProveTask, ProveWorkerData } from './worker/prove-worker';

export interface ProveSnapshotOptions {
  readonly header: Header;
  readonly keys: ProofKeys & { /** Ed25519 seed, 32 bytes. */ readonly signing: Uint8Array };
  /** The operator's preceding manifest. */
  readonly previous?: Manifest;
  /** How many accounts `batches` will give. */
  readonly accounts: number;
  /** What the output depends on beside header and keys: a resumed run must have the same. */
  readonly sourceDigest: string;
  readonly configDigest: string;
  /** All accounts in their keyed order; every batch but the last is full. Read again from the start when a run is resumed. */
  readonly batches: AsyncIterable<AccountBatch>;
  readonly directory: string;
  /** Proofs made side by side; each takes one core. */
  readonly workers: number;
  readonly onProgress?: (progress: ProveProgress) => void;
  /** Stops between proofs; what was proved stays for the next run. */
  readonly signal?: AbortSignal;
}

export interface ProveProgress {
  readonly stage: 'proving' | 'closing';
  readonly batches: number;
  readonly batchCount: number;
  /** Batches that an earlier run proved. */
  readonly resumed: number;
  /** The proof that was just finished, if that is what is reported. */
  readonly proof?: ProveResult;
}

/**
 * Proves a whole snapshot into a folder: `manifest.json`, `global-proof.ndjson` and the operator's private `witness/`.
 * A run that was stopped goes on where it stood and gives the same bytes. `manifest.json` is written last.
 *
 * @returns the signed manifest
 * @throws SolventError OUTPUT_EXISTS, OUTPUT_NOT_EMPTY, RESUME_MISMATCH, RESUME_DAMAGED, SOURCE_CHANGED, PROOF_SELF_CHECK, STORAGE_FAILED, INTERRUPTED
 */
export async function proveSnapshot(options: ProveSnapshotOptions): Promise<Manifest> {
  const { directory, header, keys, workers } = options;
  const plan = await storing(directory, () => openOutput(options));
  const data: ProveWorkerData = { header, keys: { salt: keys.salt, blinding: keys.blinding }, directory };
  const pool = new ThreadPool({
    file: workerFile('prove-worker'),
    threads: Math.min(workers, Math.ceil(plan.batchCount / plan.k)),
    workerData: data,
  });
  try {
    await proveAll(options, plan, pool);
  } finally {
    await pool.end();
  }
  options.onProgress?.({
    stage: 'closing',
    batches: plan.batchCount,
    batchCount: plan.batchCount,
    resumed: 0,
  });
  return storing(directory, () => closeSnapshot({ ...options, plan }));
}

async function proveAll(options: ProveSnapshotOptions, plan: ProofPlan, pool: ThreadPool): Promise<void> {
  const { batches, workers, onProgress, signal } = options;
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let [done, resumed] = [0, 0];
  const report = (proof?: ProveResult) =>
    onProgress?.({
      stage: 'proving',
      batches: done,
      batchCount: plan.batchCount,
      resumed,
      ...(proof && { proof }),
    });
  const start = (task: ProveTask) => {
    const run = pool
      .run<ProveResult>('prove', task)
      .then((result) => {
        done += result.batches;
        report(result);
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(run));
    running.add(run);
  };
  let next = 0;
  report();
  for await (const task of jobs(batches, plan.k)) {
    if (failure || signal?.aborted) break;
    next += task.batches.length;
    if (await isProved(options, task)) {
      done += task.batches.length;
      resumed += task.batches.length;
      report();
      continue;
    }
    start(task);
    // No more is held in memory than what is being proved, and one.
    if (running.size > workers) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure) throw failure.error;
  if (signal?.aborted)
    throw new SolventError(
      'INTERRUPTED',
      'usage',
      'stopped; run the same command again to go on where it stopped',
    );
  if (next !== plan.batchCount)
    throw new SolventError(
      'SOURCE_CHANGED',
      'invalid',
      'the input gave another number of accounts than when it was checked',
    );
}

/** Joins k consecutive batches into one job. */
async function* jobs(batches: AsyncIterable<AccountBatch>, k: number): AsyncGenerator<ProveTask> {
  let first = 0;
  let job: AccountBatch[] = [];
  for await (const batch of batches) {
    job.push(batch);
    if (job.length === k) {
      yield { first, batches: job };
      first += k;
      job = [];
    }
  }
  if (job.length > 0) yield { first, batches: job };
}

/** Whether an earlier run left this proof and its witness whole: what a crash or a disk has damaged is proved again. */
async function isProved(
  { directory, header }: ProveSnapshotOptions,
  { first, batches }: ProveTask,
): Promise<boolean> {
  const [layout, digest] = [layoutOf(header), headerDigest(header)];
  const witness = join(directory, OUTPUT.witness);
  try {
    decodeProofFile(await readFile(proofFile(directory, first)), first);
    for (let batch = first; batch < first + batches.length; batch++)
      decodeStoredBatch(await readFile(batchFile(witness, batch)), layout, digest, batch);
    return true;
  } catch (error) {
    if (error instanceof SolventError || (error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Makes the output folder ready, or finds what an earlier run left there. */
async function openOutput(options: ProveSnapshotOptions): Promise<ProofPlan> {
  const { directory, header, keys, accounts, sourceDigest, configDigest, previous, workers } = options;
  if (existsSync(join(directory, OUTPUT.manifest)))
    throw new SolventError(
      'OUTPUT_EXISTS',
      'usage',
      `${directory} already holds a finished snapshot (${OUTPUT.manifest}): give another output folder`,
    );
  const identity = {
    version: 1,
    headerDigest: toHex(headerDigest(header)),
    sourceDigest,
    configDigest,
    keysDigest: keysDigest(keys),
    previous: previous?.signature ?? null,
  };
  const witness = join(directory, OUTPUT.witness);
  const planFile = join(directory, OUTPUT.progress, 'plan.json');
  if (existsSync(planFile)) {
    const { plan, ...earlier } = await readPlan(planFile);
    if (JSON.stringify(earlier) !== JSON.stringify(identity))
      throw new SolventError(
        'RESUME_MISMATCH',
        'usage',
        `${directory} holds an unfinished run of another configuration, key or input: give another output folder, or remove it`,
      );
    await mkdir(witness, { recursive: true, mode: PRIVATE_DIRECTORY });
    for (const folder of [directory, witness, join(directory, OUTPUT.progress)])
      await removeTemporary(folder);
    return plan;
  }
  if (existsSync(directory) && (await readdir(directory)).some((name) => name !== OUTPUT.progress))
    throw new SolventError(
      'OUTPUT_NOT_EMPTY',
      'usage',
      `${directory} is not empty: give a new output folder`,
    );
  const plan = planProofs(layoutOf(header), accounts, workers);
  await mkdir(join(directory, OUTPUT.progress), { recursive: true });
  await writeAtomic(planFile, utf8(JSON.stringify({ ...identity, plan })));
  await mkdir(witness, { recursive: true, mode: PRIVATE_DIRECTORY });
  return plan;
}

async function readPlan(file: string): Promise<{ readonly plan: ProofPlan }> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text) as { plan: ProofPlan };
  } catch {
    throw new SolventError(
      'RESUME_DAMAGED',
      'usage',
      `${file} cannot be read: give another output folder, or remove this one`,
    );
  }
}

/** Tells whether a resumed run has the same keys, without saying anything about them. */
function keysDigest({ salt, blinding, signing }: ProveSnapshotOptions['keys']): string {
  const hash = createHash('sha256');
  for (const key of [salt, blinding, signing])
    hash.update(createHmac('sha256', key).update('solvent/v1/resume').digest());
  return hash.digest('hex');
}

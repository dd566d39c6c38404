import { createHash, createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { buildCommitterTables } from '@solvent-por/kzg/native';
import {
  contentsOf,
  decodeLabelled,
  encodeLabelled,
  holdFolder,
  labelDigest,
  PRIVATE,
  PRIVATE_DIRECTORY,
  removeTemporary,
  storing,
  writeAtomic,
  type Lock,
  type Origin,
} from '@solvent-por/snapshot/files';
import { headerDigest, layoutOf, type AccountBatch, type Header, type Manifest } from '@solvent-por/verifier';
import { closeSnapshot } from './close';
import { batchFile, OUTPUT, proofFile, workerFile } from './files';
import { headerOrigin } from './origin';
import { planProofs, type ProofPlan } from './plan';
import { decodeProofFile } from './proof-file';
import { ThreadPool } from './threads/thread-pool';
import type { ProofKeys } from './witness';
import { decodeStoredBatch } from './witness-file';
import type { ProveResult, ProveTask, ProveWorkerData } from './worker/prove-worker';

/** How a run is divided into proofs: written once, a run that goes on keeps it. */
const PLAN_FILE = 'plan.bin';
const PLAN = 'plan';

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
  /** The folder's, when the caller holds it already. */
  readonly lock?: Lock;
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
 * @throws SolventError OUTPUT_EXISTS, OUTPUT_NOT_EMPTY, RESUME_MISMATCH, RESUME_DAMAGED, SOURCE_CHANGED, PROOF_SELF_CHECK, STORAGE_FAILED, INTERRUPTED; OUTPUT_IN_USE, … as lockFolder
 */
export async function proveSnapshot(options: ProveSnapshotOptions): Promise<Manifest> {
  const { directory, lock } = options;
  return holdFolder(directory, { command: 'proveSnapshot', lock }, () => proveHeld(options));
}

async function proveHeld(options: ProveSnapshotOptions): Promise<Manifest> {
  const { directory, header, keys, workers } = options;
  const run = runOf(options);
  const plan = await storing(directory, () => openOutput(options, run));
  const { salt, blinding } = keys;
  // Once for all threads, each of which would take 0.7 seconds for its own.
  const tables = await buildCommitterTables();
  const data: ProveWorkerData = { header, keys: { salt, blinding }, run, directory, tables };
  const pool = new ThreadPool({
    file: workerFile('prove-worker'),
    threads: Math.min(workers, Math.ceil(plan.batchCount / plan.k)),
    workerData: data,
  });
  try {
    await proveAll({ ...options, run }, plan, pool);
  } finally {
    await pool.end();
  }
  options.onProgress?.({
    stage: 'closing',
    batches: plan.batchCount,
    batchCount: plan.batchCount,
    resumed: 0,
  });
  return storing(directory, () => closeSnapshot({ ...options, plan, run, tables }));
}

async function proveAll(
  options: ProveSnapshotOptions & WithRun,
  plan: ProofPlan,
  pool: ThreadPool,
): Promise<void> {
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
  { directory, header, run }: ProveSnapshotOptions & WithRun,
  { first, batches }: ProveTask,
): Promise<boolean> {
  const [layout, origin] = [layoutOf(header), headerOrigin(header)];
  const witness = join(directory, OUTPUT.witness);
  try {
    const kept = decodeProofFile(await readFile(proofFile(directory, first)), run, first);
    if (kept.batches.length !== batches.length) return false;
    for (const [i, digest] of kept.batches.entries()) {
      const file = await readFile(batchFile(witness, first + i));
      decodeStoredBatch(file, layout, origin, first + i);
      if (!equalBytes(labelDigest(file), digest)) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof SolventError || (error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Makes the output folder ready, or finds what an earlier run left there. */
async function openOutput(options: ProveSnapshotOptions, run: Origin): Promise<ProofPlan> {
  const { directory, header, accounts, workers } = options;
  if (existsSync(join(directory, OUTPUT.manifest)))
    throw new SolventError(
      'OUTPUT_EXISTS',
      'usage',
      `${directory} already holds a finished snapshot (${OUTPUT.manifest}): give another output folder`,
    );
  const witness = join(directory, OUTPUT.witness);
  const planFile = join(directory, OUTPUT.progress, PLAN_FILE);
  if (existsSync(planFile)) {
    const plan = await readPlan(planFile, run, directory);
    await mkdir(witness, { recursive: true, mode: PRIVATE_DIRECTORY });
    for (const folder of [directory, witness, join(directory, OUTPUT.progress)])
      await removeTemporary(folder);
    return plan;
  }
  if (contentsOf(directory).some((name) => name !== OUTPUT.progress))
    throw new SolventError(
      'OUTPUT_NOT_EMPTY',
      'usage',
      `${directory} is not empty: give a new output folder`,
    );
  const plan = planProofs(layoutOf(header), accounts, workers);
  await mkdir(join(directory, OUTPUT.progress), { recursive: true, mode: PRIVATE_DIRECTORY });
  const label = { kind: PLAN, origin: run, count: plan.batchCount };
  await writeAtomic(planFile, encodeLabelled(utf8(JSON.stringify(plan)), label), PRIVATE);
  await mkdir(witness, { recursive: true, mode: PRIVATE_DIRECTORY });
  return plan;
}

/** @throws SolventError RESUME_MISMATCH | RESUME_DAMAGED (usage) */
async function readPlan(file: string, run: Origin, directory: string): Promise<ProofPlan> {
  const remedy = `give another output folder, or remove ${directory}`;
  const bytes = await readFile(file);
  try {
    const { content } = decodeLabelled(bytes, { kind: PLAN, origin: run, name: file, remedy });
    return JSON.parse(new TextDecoder().decode(content)) as ProofPlan;
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    if (error.code !== 'WITNESS_FILE_FOREIGN')
      throw new SolventError('RESUME_DAMAGED', 'usage', error.message);
    throw new SolventError(
      'RESUME_MISMATCH',
      'usage',
      `${directory} holds an unfinished run of another configuration, key or input: ${remedy}`,
    );
  }
}

interface WithRun {
  readonly run: Origin;
}

/** What a run and one that goes on must have in common, as its files carry it. */
function runOf(options: ProveSnapshotOptions): Origin {
  const { header, keys, sourceDigest, configDigest, previous } = options;
  const identity = {
    version: 1,
    headerDigest: toHex(headerDigest(header)),
    sourceDigest,
    configDigest,
    keysDigest: keysDigest(keys),
    previous: previous?.signature ?? null,
  };
  return { ...headerOrigin(header), digest: createHash('sha256').update(JSON.stringify(identity)).digest() };
}

/** Tells whether a resumed run has the same keys, without saying anything about them. */
function keysDigest({ salt, blinding, signing }: ProveSnapshotOptions['keys']): string {
  const hash = createHash('sha256');
  for (const key of [salt, blinding, signing])
    hash.update(createHmac('sha256', key).update('solvent/v1/resume').digest());
  return hash.digest('hex');
}

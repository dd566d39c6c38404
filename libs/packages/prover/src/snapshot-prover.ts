import { createHash, createHmac } from 'node:crypto';
import { SolventError, toHex } from '@solvent-por/kzg';
import { buildCommitterTables } from '@solvent-por/kzg/native';
import { holdFolder, storing, type Lock, type Origin } from '@solvent-por/snapshot/files';
import { headerDigest, type AccountBatch, type Header, type Manifest } from '@solvent-por/verifier';
import { finaliseSnapshot } from './finalise';
import { headerOrigin } from './origin';
import { ProofPool } from './proof-pool';
import { ProvingFolder } from './proving-folder';
import type { ProofKeys } from './witness';

export interface ProveSnapshotOptions {
  readonly header: Header;
  readonly keys: ProofKeys & { /** Ed25519 seed, 32 bytes. */ readonly signing: Uint8Array };
  /** The operator's preceding manifest. */
  readonly previous?: Manifest;
  /**
   * Digests of the claims' verifying keys, 0x and 64 hex digits each: with them the snapshot gets a claim tree,
   * for which `keys` must hold `claim`.
   */
  readonly claimKeys?: readonly string[];
  /** How many accounts `batches` will give. */
  readonly accounts: number;
  /** What the output depends on beside header and keys: a resumed run must have the same. */
  readonly sourceDigest: string;
  readonly configDigest: string;
  /**
   * All accounts in their keyed order; every batch but the last is full. Read again from the start when a run
   * is resumed.
   */
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
  readonly stage: 'proving' | 'finalising';
  readonly batches: number;
  readonly batchCount: number;
  /** Batches that an earlier run proved. */
  readonly resumed: number;
  /** The proof that was just finished, if that is what is reported. */
  readonly proof?: ProveResult;
}

/** A proof that was made and stored. */
export interface ProveResult {
  readonly first: number;
  readonly batches: number;
  /** Time a thread was busy with it. */
  readonly seconds: number;
  /** Milliseconds since the epoch. */
  readonly finishedAt: number;
}

/** Batches of one proof. */
interface Cut {
  readonly first: number;
  readonly batches: readonly AccountBatch[];
}

/**
 * Proves a whole snapshot into a folder: `manifest.json`, `global-proof.ndjson` and the operator's private
 * `witness/`.
 * A run that was stopped goes on where it stood and gives the same bytes. `manifest.json` is written last.
 *
 * @returns the signed manifest
 * @throws SolventError OUTPUT_EXISTS, OUTPUT_NOT_EMPTY, RESUME_MISMATCH, RESUME_DAMAGED, SOURCE_CHANGED,
 *   CLAIM_KEY_MISSING, PROOF_SELF_CHECK, CLAIM_SELF_CHECK, STORAGE_FAILED, INTERRUPTED; OUTPUT_IN_USE, … as lockFolder
 */
export async function proveSnapshot(options: ProveSnapshotOptions): Promise<Manifest> {
  const { directory, lock } = options;
  return holdFolder(directory, { command: 'proveSnapshot', lock }, () => proveHeld(options));
}

async function proveHeld(options: ProveSnapshotOptions): Promise<Manifest> {
  const { directory, keys, workers, onProgress } = options;
  const run = runOf(options);
  const folder = await storing(directory, () => ProvingFolder.open({ ...options, run }));
  const { plan } = folder;
  // Once for all threads, each of which would take 0.7 seconds for its own.
  const tables = await buildCommitterTables();
  const threads = Math.min(workers, Math.ceil(plan.batchCount / plan.k));
  const pool = new ProofPool({ workers: threads, keys, tables });
  try {
    await proveAll(options, folder, pool);
  } finally {
    await pool.end();
  }
  onProgress?.({ stage: 'finalising', batches: plan.batchCount, batchCount: plan.batchCount, resumed: 0 });
  return storing(directory, () => finaliseSnapshot({ ...options, plan, run, tables }));
}

async function proveAll(
  { header, batches, claimKeys, workers, onProgress, signal }: ProveSnapshotOptions,
  folder: ProvingFolder,
  pool: ProofPool,
): Promise<void> {
  const { batchCount, k } = folder.plan;
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let [done, resumed] = [0, 0];
  const report = (proof?: ProveResult) =>
    onProgress?.({ stage: 'proving', batches: done, batchCount, resumed, ...(proof && { proof }) });
  const prove = async (cut: Cut): Promise<void> => {
    const proved = await pool.prove({ header, ...cut, claims: claimKeys !== undefined });
    await folder.store(proved);
    const { first, seconds } = proved;
    done += cut.batches.length;
    report({ first, batches: cut.batches.length, seconds, finishedAt: Date.now() });
  };
  const start = (cut: Cut) => {
    const run = prove(cut)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(run));
    running.add(run);
  };
  let next = 0;
  report();
  for await (const cut of cuts(batches, k)) {
    if (failure || signal?.aborted) break;
    next += cut.batches.length;
    if (await folder.has(cut.first, cut.batches.length)) {
      done += cut.batches.length;
      resumed += cut.batches.length;
      report();
      continue;
    }
    start(cut);
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
  if (next !== batchCount)
    throw new SolventError(
      'SOURCE_CHANGED',
      'invalid',
      'the input gave another number of accounts than when it was checked',
    );
}

/** Joins k consecutive batches into those of one proof. */
async function* cuts(batches: AsyncIterable<AccountBatch>, k: number): AsyncGenerator<Cut> {
  let first = 0;
  let cut: AccountBatch[] = [];
  for await (const batch of batches) {
    cut.push(batch);
    if (cut.length === k) {
      yield { first, batches: cut };
      first += k;
      cut = [];
    }
  }
  if (cut.length > 0) yield { first, batches: cut };
}

/** What a run and one that goes on must have in common, as its files carry it. */
function runOf(options: ProveSnapshotOptions): Origin {
  const { header, keys, claimKeys, sourceDigest, configDigest, previous } = options;
  const identity = {
    version: 1,
    headerDigest: toHex(headerDigest(header)),
    sourceDigest,
    configDigest,
    keysDigest: keysDigest(keys, claimKeys !== undefined),
    previous: previous?.signature ?? null,
    ...(claimKeys && { claimKeys }),
  };
  return { ...headerOrigin(header), digest: createHash('sha256').update(JSON.stringify(identity)).digest() };
}

/** Tells whether a resumed run has the same keys, without saying anything about them. */
function keysDigest(
  { salt, blinding, signing, claim }: ProveSnapshotOptions['keys'],
  withClaims: boolean,
): string {
  const hash = createHash('sha256');
  for (const key of [salt, blinding, signing, ...(withClaims && claim ? [claim] : [])])
    hash.update(createHmac('sha256', key).update('solvent/v1/resume').digest());
  return hash.digest('hex');
}

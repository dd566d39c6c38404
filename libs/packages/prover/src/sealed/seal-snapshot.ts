import { existsSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { hexBytes, SolventError } from '@solvent-por/kzg';
import {
  contentsOf,
  holdFolder,
  PRIVATE,
  removeTemporary,
  storing,
  type Lock,
} from '@solvent-por/snapshot/files';
import { headerDigest, SEALED, type SealedIndex, type ShardShape } from '@solvent-por/verifier';
import { sharedTables } from '../openings/opener';
import { WitnessDirectory } from '../witness-directory';
import { openPool } from '../work/open-pool';
import { AccountKeys } from './account-keys';
import { writeBundleFiles } from './bundle-files';
import { readAt } from './read-at';
import { PREFIX_BYTES } from './prefixes';
import { ShardCounts } from './shard-counts';
import { refuseOtherSigner } from './sign-index';
import { Staging, STAGING } from './staging';

export interface SealSnapshotOptions {
  /** The folder `witness` that proveSnapshot wrote. */
  readonly witness: string;
  /**
   * Account keys, whole ones in pieces of any size, in the order of the rows: batch by batch as the snapshot
   * was proved. Whoever calls has the operator's word that every one has 128 bits that only its user and the
   * operator know: a bundle can be searched for ever.
   */
  readonly accountKeys: AsyncIterable<Uint8Array>;
  readonly keys: {
    readonly blinding: Uint8Array;
    /** Ed25519 seed, 32 bytes. */ readonly signing: Uint8Array;
  };
  /** Gets `index.json`, `tree.bin`, `manifest.json` and `shards/`, to be published as they are. */
  readonly output: string;
  /** The output folder's, when the caller holds it already. */
  readonly lock?: Lock;
  readonly workers: number;
  readonly onProgress?: (progress: SealProgress) => void;
  /** Stops between batches; what was sealed stays for the next run. */
  readonly signal?: AbortSignal;
}

export interface SealProgress {
  /** Keys are compared with the snapshot, accounts are proved and sealed, shards are written. */
  readonly stage: 'checking' | 'sealing' | 'shards';
  readonly done: number;
  readonly of: number;
  /** Accounts that an earlier run sealed. */
  readonly resumed: number;
}

/**
 * Writes the sealed bundle of a snapshot (section 15), in constant memory: every batch's inclusions are
 * sealed by worker threads and kept on disk, then sorted into shards. A run that was stopped goes on where it
 * stood; a bundle built twice has the same bytes. `index.json` is written last.
 *
 * @returns the signed index, and how many accounts were sealed
 * @throws SolventError OUTPUT_EXISTS, OUTPUT_NOT_EMPTY, RESUME_MISMATCH, SIGNING_KEY_MISMATCH, INTERRUPTED,
 *   WITNESS_MISSING (usage); SOURCE_CHANGED, SEALED_OVERFLOW,
 *   WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid); INCLUSION_SELF_CHECK | STORAGE_FAILED (internal);
 * OUTPUT_IN_USE, … as lockFolder
 */
export async function sealSnapshot(
  options: SealSnapshotOptions,
): Promise<{ readonly index: SealedIndex; readonly accounts: number }> {
  const { output, lock } = options;
  return holdFolder(output, { command: 'sealSnapshot', lock }, () =>
    storing(output, () => sealHeld(options)),
  );
}

async function sealHeld(options: SealSnapshotOptions) {
  const { witness, keys, output, onProgress } = options;
  const directory = await WitnessDirectory.open(witness);
  try {
    const { manifest } = directory;
    refuseOtherSigner(manifest, keys.signing);
    refuseUsed(output);
    const staging = new Staging(join(output, STAGING), manifest);
    await staging.begin();
    await removeTemporary(output);
    await removeTemporary(join(output, STAGING));
    const prefixes = await Prefixes.check(options, directory);
    try {
      await sealBatches(options, prefixes, staging);
    } finally {
      await prefixes.close();
    }
    const { shape, counts } = prefixes;
    const index = await writeBundleFiles({
      manifest,
      shape,
      keys,
      output,
      staging: join(output, STAGING),
      shards: staging.shards(counts, shape.bits),
      node: await directory.nodes(),
      onShard: (done) => onProgress?.({ stage: 'shards', done, of: 2 ** shape.bits, resumed: 0 }),
    });
    await rm(join(output, STAGING), { recursive: true, force: true });
    return { index, accounts: sum(counts) };
  } finally {
    await directory.close();
  }
}

/** @throws SolventError OUTPUT_EXISTS, OUTPUT_NOT_EMPTY (usage) */
function refuseUsed(output: string): void {
  if (existsSync(join(output, SEALED.index)))
    throw new SolventError(
      'OUTPUT_EXISTS',
      'usage',
      `${output} already holds a finished bundle (${SEALED.index}): give another output folder`,
    );
  // Shards and the rest are there without an index where a run ended just before it.
  if (!existsSync(join(output, STAGING)) && contentsOf(output).length > 0)
    throw new SolventError('OUTPUT_NOT_EMPTY', 'usage', `${output} is not empty: give a new output folder`);
}

/** Prefixes of all accounts' shards, on disk: two bytes each, row by row. */
class Prefixes {
  readonly #offsets: number[] = [];

  private constructor(
    private readonly file: FileHandle,
    readonly counts: readonly number[],
    readonly shape: ShardShape,
  ) {
    let at = 0;
    for (const count of counts) {
      this.#offsets.push(at);
      at += PREFIX_BYTES * count;
    }
  }

  /**
   * Compares all keys with the ids of the snapshot, before anything dear is done.
   * @throws SolventError SOURCE_CHANGED, SEALED_OVERFLOW (invalid)
   */
  static async check(
    { accountKeys, output, onProgress, signal }: SealSnapshotOptions,
    directory: WitnessDirectory,
  ): Promise<Prefixes> {
    const { header, batchCount } = directory.manifest;
    const keys = new AccountKeys(accountKeys, hexBytes(header.operator, 32), headerDigest(header));
    const file = await open(join(output, STAGING, 'prefixes.bin'), 'w+', PRIVATE);
    try {
      const [counts, shards]: [number[], ShardCounts] = [[], new ShardCounts()];
      for (let batch = 0; batch < batchCount; batch++) {
        refuseStopped(signal);
        const { accounts } = await directory.readBatch(batch);
        const prefixes = await keys.prefixes(batch, accounts.ids);
        prefixes.forEach((prefix) => shards.add(prefix));
        counts.push(prefixes.length);
        await file.writeFile(new Uint8Array(prefixes.buffer));
        onProgress?.({ stage: 'checking', done: batch + 1, of: batchCount, resumed: 0 });
      }
      await keys.end();
      return new Prefixes(file, counts, shards.shape(batchCount));
    } catch (error) {
      await file.close();
      throw error;
    } finally {
      await keys.close();
    }
  }

  async of(batch: number): Promise<Uint16Array> {
    const count = this.counts[batch]!;
    const bytes = await readAt(this.file, this.#offsets[batch]!, PREFIX_BYTES * count);
    return new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** Has every batch sealed that isn't yet. */
async function sealBatches(
  { witness, output, workers, onProgress, signal }: SealSnapshotOptions,
  prefixes: Prefixes,
  staging: Staging,
): Promise<void> {
  const of = sum(prefixes.counts);
  const waiting: number[] = [];
  let resumed = 0;
  for (const [batch, count] of prefixes.counts.entries())
    if (await staging.has(batch, count)) resumed += count;
    else waiting.push(batch);
  let done = resumed;
  const report = () => onProgress?.({ stage: 'sealing', done, of, resumed });
  report();
  if (waiting.length === 0) return;
  const data = { witness, output: join(output, STAGING), ...(await sharedTables(of - done)) };
  const pool = openPool('witness-folder', { threads: Math.min(workers, waiting.length), data });
  // Each line of work takes the next batch as it is free, so that no more prefixes are in memory than batches
  // are being sealed.
  const work = async () => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      refuseStopped(signal);
      const task = { batch, prefixes: await prefixes.of(batch) };
      // Not `done += await …`: that reads before it waits.
      const count = await pool.run('seal', task);
      done += count;
      report();
    }
  };
  try {
    const ended = await Promise.allSettled(Array.from({ length: workers }, work));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  } finally {
    await pool.end();
  }
}

/** @throws SolventError INTERRUPTED (usage) */
function refuseStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new SolventError(
      'INTERRUPTED',
      'usage',
      'stopped; run the same command again to go on where it stopped',
    );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

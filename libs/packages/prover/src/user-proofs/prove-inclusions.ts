import { join } from 'node:path';
import { toHex, utf8 } from '@solvent-por/kzg';
import {
  holdFolder,
  PRIVATE,
  PRIVATE_DIRECTORY,
  storing,
  writeAtomic,
  type Lock,
} from '@solvent-por/snapshot/files';
import { canonicalJson, manifestDigest } from '@solvent-por/verifier';
import { OUTPUT } from '../files';
import { sharedTables } from '../openings/opener';
import { WitnessDirectory } from '../witness-directory';
import { openPool } from '../work/open-pool';
import { levelsFor } from './names';
import { refuseOtherProofs } from './other-proofs';
import { PACK_INDEX, readPackHead, refuseOtherPack, writePackIndex } from './pack-index';
import { mergedEntries } from './pack-merge';
import { countLines, Parts } from './parts';
import {
  inOrder,
  refuseInterrupted,
  workOf,
  type BatchRows,
  type ProofWork,
  type UserDocuments,
  type Wanted,
} from './tasks';

export interface ProveInclusionsOptions {
  /** The folder `witness` that proveSnapshot wrote. */
  readonly witness: string;
  readonly ids: Wanted;
  /** What is written: inclusion proofs where nothing is said, or claim files, each kind into a place of its own. */
  readonly documents?: UserDocuments;
  /**
   * Gets a file for each account, made for its owner alone, `manifest.json`, and `index.ndjson`, which says
   * which files there are; held while it is written to.
   */
  readonly output: string;
  /** The output folder's, when the caller holds it already. */
  readonly lock?: Lock;
  readonly workers: number;
  /** Once it is set, batches under way are finished, and the rest is left to a run that goes on. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: InclusionsProgress) => void;
}

export interface InclusionsProgress {
  readonly written: number;
  readonly wanted: number;
  /** Of the written ones those of an earlier run. */
  readonly resumed: number;
}

/** What was done. */
export interface ProvedInclusions {
  readonly written: number;
  /** Of them by an earlier run. */
  readonly resumed: number;
  /** Ids that are not in the snapshot. */
  readonly missing: Uint8Array[];
  /** How deep folders lie in each other; undefined where all stand in one file. */
  readonly levels?: number;
}

/**
 * Writes inclusion proofs (section 9), or claim files (section 13), of one account, a list, or all, each in a
 * file of its own, in constant memory. A run that was stopped goes on, batch by batch.
 * @throws SolventError WITNESS_MISSING, CLAIMS_NOT_OFFERED, OUTPUT_EXISTS (usage: proofs of another manifest are there),
 *   INTERRUPTED (usage), WITNESS_FILE_DAMAGED |
 *   WITNESS_FILE_FOREIGN (invalid), INCLUSION_SELF_CHECK | CLAIM_SELF_CHECK | STORAGE_FAILED (internal); OUTPUT_IN_USE, … as
 * lockFolder
 */
export async function proveInclusions(options: ProveInclusionsOptions): Promise<ProvedInclusions> {
  const { output, lock } = options;
  const hold = { command: 'proveInclusions', mode: PRIVATE_DIRECTORY, lock };
  return holdFolder(output, hold, async () => {
    const directory = await WitnessDirectory.open(options.witness);
    try {
      return await proveHeld(options, directory);
    } finally {
      await directory.close();
    }
  });
}

async function proveHeld(
  options: ProveInclusionsOptions,
  directory: WitnessDirectory,
): Promise<ProvedInclusions> {
  const { ids, documents = 'inclusions', output } = options;
  const { manifest } = directory;
  const work = await workOf(directory, ids, documents);
  const { count, missing } = work;
  const digest = toHex(manifestDigest(manifest));
  const before = await readPackHead(output);
  const levels = levelsFor(ids === 'all' ? count : count + (before?.count ?? 0));
  const parts = new Parts(output, work);
  // First what can say of which snapshot the folder's proofs are.
  const goesOn = await storing(output, () => parts.goOn());
  await refuseOtherProofs(output, manifest, { wanted: ids, documents, levels, goesOn });
  if (before) refuseOtherPack(output, before, digest, levels);
  if (count === 0) return { written: 0, resumed: 0, missing, levels };
  // All that the proofs are made of is read and checked before the first is written; a list was looked up in
  // its batches.
  await directory.place(0);
  if (ids === 'all') for (const { batch } of work.batches) await directory.readBatch(batch);
  await storing(output, () => parts.open());
  const resumed = await writeFiles(options, work, levels, parts);
  await storing(output, async () => {
    await writeAtomic(join(output, OUTPUT.manifest), utf8(canonicalJson(manifest)));
    const made = { count, lines: () => parts.lines() };
    const all = ids === 'all' ? made : await mergedEntries(output, before, made);
    const head = { manifest: digest, count: all.count, levels };
    await writePackIndex(join(output, PACK_INDEX), head, all.lines(), PRIVATE);
    await parts.remove();
  });
  return { written: count, resumed, missing, levels };
}

/** What threads need to make so many documents. */
export async function toolsFor(documents: UserDocuments, count: number) {
  return { documents, ...(documents === 'claims' ? {} : await sharedTables(count)) };
}

/** @returns how many an earlier run wrote */
async function writeFiles(
  { witness, documents = 'inclusions', output, workers, signal, onProgress }: ProveInclusionsOptions,
  { batches, count }: ProofWork,
  levels: number,
  parts: Parts,
): Promise<number> {
  const left: BatchRows[] = [];
  let resumed = 0;
  for (const task of batches) {
    const files = await parts.written(task.batch);
    if (files === undefined) left.push(task);
    else resumed += files;
  }
  let written = resumed;
  onProgress?.({ written, wanted: count, resumed });
  if (left.length === 0) return resumed;
  const threads = Math.min(workers, left.length);
  const data = { witness, output, ...(await toolsFor(documents, count - resumed)) };
  const pool = openPool('witness-folder', { threads, data });
  try {
    await inOrder(
      left,
      { threads, signal },
      (task) => pool.run('files', { ...task, levels }),
      async (lines, { batch }) => {
        await storing(output, () => parts.add(batch, lines));
        written += countLines(lines);
        onProgress?.({ written, wanted: count, resumed });
      },
    );
  } finally {
    await pool.end();
  }
  refuseInterrupted(signal, { written, count, documents });
  return resumed;
}

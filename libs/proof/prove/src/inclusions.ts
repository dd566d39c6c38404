import { holdFolder, PRIVATE_DIRECTORY, type Lock } from '@solvent/files';
import { ACCOUNT_ROWS } from '@solvent/proof/verify';
import { workerFile } from './files';
import { refuseOtherProofs } from './other-proofs';
import { ThreadPool } from './threads/thread-pool';
import { WitnessDirectory } from './witness-directory';
import { openingTables } from './openings/opener';
import type { InclusionTask, InclusionWorkerData } from './worker/inclusion-worker';

export interface ProveInclusionsOptions {
  /** The folder `witness` that proveSnapshot wrote. */
  readonly witness: string;
  /** 32-byte ids of this snapshot, or every account. */
  readonly ids: readonly Uint8Array[] | 'all';
  /** Gets `<id>.json` (0x and 64 hex digits) for each account: made for its owner alone, and held while it is written to. */
  readonly output: string;
  /** The output folder's, when the caller holds it already. */
  readonly lock?: Lock;
  readonly workers: number;
  readonly onProgress?: (progress: { readonly written: number; readonly wanted: number }) => void;
}

/** Rows a task at most: a whole batch shares the work on its cells. */
const ROWS_PER_TASK = ACCOUNT_ROWS;

/**
 * Writes inclusion proofs (section 9) of one account, a list, or all.
 * @returns how many were written, and the ids that are not in the snapshot
 * @throws SolventError WITNESS_MISSING, OUTPUT_EXISTS (usage: proofs of another snapshot are there), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid),
 *   INCLUSION_SELF_CHECK | STORAGE_FAILED (internal); OUTPUT_IN_USE, … as lockFolder
 */
export async function proveInclusions(
  options: ProveInclusionsOptions,
): Promise<{ readonly written: number; readonly missing: Uint8Array[] }> {
  const { output, lock } = options;
  const hold = { command: 'proveInclusions', mode: PRIVATE_DIRECTORY, lock };
  return holdFolder(output, hold, () => proveHeld(options));
}

async function proveHeld(
  options: ProveInclusionsOptions,
): Promise<{ readonly written: number; readonly missing: Uint8Array[] }> {
  const { witness, ids, output, workers, onProgress } = options;
  const directory = await WitnessDirectory.open(witness);
  try {
    const missing: Uint8Array[] = [];
    const rows = new Map<number, number[]>();
    const place = (batch: number, row: number) => rows.set(batch, [...(rows.get(batch) ?? []), row]);
    if (ids !== 'all')
      for (const id of ids) {
        const found = await directory.find(id);
        if (found) place(found.batch, found.row);
        else missing.push(id);
      }
    await refuseOtherProofs(output, directory.manifest, ids);
    const tasks = ids === 'all' ? await wholeBatches(directory) : slices(rows);
    // All that the proofs are made of was read and checked before the first is written.
    if (tasks.length > 0) await directory.place(0);
    const wanted = tasks.reduce((sum, task) => sum + task.rows.length, 0);
    let written = 0;
    if (tasks.length > 0) {
      const data: InclusionWorkerData = { witness, output, tables: await openingTables(wanted) };
      const pool = new ThreadPool({
        file: workerFile('inclusion-worker'),
        threads: Math.min(workers, tasks.length),
        workerData: data,
      });
      try {
        await Promise.all(
          tasks.map(async (task) => {
            // Not `written += await …`: that reads before it waits, and tasks side by side lose each other's counts.
            const count = await pool.run<number>('write', task);
            written += count;
            onProgress?.({ written, wanted });
          }),
        );
      } finally {
        await pool.end();
      }
    }
    return { written, missing };
  } finally {
    await directory.close();
  }
}

interface RowsTask extends InclusionTask {
  readonly rows: readonly number[];
}

async function wholeBatches(directory: WitnessDirectory): Promise<RowsTask[]> {
  const rows = new Map<number, number[]>();
  for (let batch = 0; batch < directory.manifest.batchCount; batch++) {
    const { count } = (await directory.readBatch(batch)).accounts;
    rows.set(
      batch,
      Array.from({ length: count }, (_, row) => row),
    );
  }
  return slices(rows);
}

function slices(rows: ReadonlyMap<number, readonly number[]>): RowsTask[] {
  return [...rows].flatMap(([batch, all]) =>
    Array.from({ length: Math.ceil(all.length / ROWS_PER_TASK) }, (_, i) => ({
      batch,
      rows: all.slice(i * ROWS_PER_TASK, (i + 1) * ROWS_PER_TASK),
    })),
  );
}

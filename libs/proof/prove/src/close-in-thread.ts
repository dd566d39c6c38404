import { layoutOf, type Header } from '@solvent/proof/verify';
import type { ClosedSnapshot, TreeNode } from './snapshot-closer';
import { workerFile } from './files';
import { ThreadPool } from './threads/thread-pool';
import { PackedNodes } from './tree-nodes';

/** A batch as it is stored: its leaf and its witness. */
export interface BatchToClose {
  readonly batch: number;
  /** C(tag): 48 bytes. */
  readonly tag: Uint8Array;
  /** Commitments to the published sums as this operator's prover stored them: 96 bytes each, uncompressed. */
  readonly sums: readonly Uint8Array[];
  /** As `encodeStoredBatch` gave it. */
  readonly witness: Uint8Array;
}

export type ClosedInThread = ClosedSnapshot & {
  /** Every node of the sum tree, leaves included. */
  readonly nodes: Iterable<TreeNode>;
};

/** Sums a snapshot up in a thread of its own, so that this one stays free; see SnapshotCloser. */
export interface ClosingThread {
  /**
   * Adds the next proof, before its batches: the tree is built of what its commitments say, never of what is stored beside them.
   * @param line of the global proof, without LF
   * @returns how many batches it covers
   * @throws SolventError PROOF_MALFORMED | POINT_MALFORMED | DOCUMENT_* (malformed), WORKER_DIED (internal)
   */
  addProof(line: Uint8Array): Promise<number>;
  /**
   * Adds the next batch. Resolves when the one before it is done: the thread always has one to do, and no more than two are held.
   *
   * @throws SolventError CLOSE_ORDER | CLOSE_LEAF_DAMAGED | WORKER_DIED (internal), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid), of this batch or the one before
   */
  add(batch: BatchToClose): Promise<void>;
  /** @throws SolventError as add, CLOSE_INCOMPLETE | CLOSE_SELF_CHECK (internal) */
  finish(): Promise<ClosedInThread>;
  /** Ends the thread, whatever it was doing. */
  end(): Promise<void>;
}

/** What the thread answers when all is summed up. */
export interface FinishedInThread {
  readonly closed: ClosedSnapshot;
  readonly pieces: readonly Uint8Array[];
}

export function closeInThread(header: Header): ClosingThread {
  const pool = new ThreadPool({ file: workerFile('close-worker'), threads: 1, workerData: { header } });
  const width = layoutOf(header).published.length;
  // A thread that took a dead one's place would begin anew and refuse what follows: CLOSE_ORDER.
  let last: Promise<void> = Promise.resolve();
  return {
    async addProof(line) {
      await last;
      return pool.run<number>('addProof', line);
    },
    async add(batch) {
      const before = last;
      last = pool.run('add', batch);
      // Reported by the next call; until then it is nobody's unhandled rejection.
      last.catch(() => undefined);
      await before;
    },
    async finish() {
      await last;
      const { closed, pieces } = await pool.run<FinishedInThread>('finish', undefined);
      return { ...closed, nodes: new PackedNodes(width, pieces) };
    },
    end: () => pool.end(),
  };
}

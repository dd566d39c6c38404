import type { CommitterTables } from '@solvent/algebra/native';
import type { Header } from '@solvent/proof/verify';
import type { ClosedSnapshot, FixedSnapshot, TreeNode } from './snapshot-closer';
import { workerFile } from './files';
import { ThreadPool } from './threads/thread-pool';
import { PackedNodes } from './tree-nodes';

/** A batch as it is stored. */
export interface BatchToClose {
  readonly batch: number;
  /** As `encodeStoredBatch` gave it. */
  readonly witness: Uint8Array;
}

export type ClosedInThread = ClosedSnapshot & {
  /** Every node of the sum tree, leaves included. */
  readonly nodes: Iterable<TreeNode>;
};

/**
 * Sums a snapshot up in a thread of its own, so that this one stays free, in two passes; see SnapshotCloser. Proofs are as `unsummedBytes` gives them.
 * A batch's call resolves when the one before it is done: the thread always has one to do, and no more than two are held.
 */
export interface ClosingThread {
  /**
   * First pass: the next proof, in any order with the batches.
   * @returns how many batches it covers
   * @throws SolventError PROOF_MALFORMED | DOCUMENT_* (malformed), CLOSE_ORDER | WORKER_DIED (internal)
   */
  addProof(proof: Uint8Array): Promise<number>;
  /** First pass: the next batch. @throws SolventError CLOSE_ORDER | WORKER_DIED (internal), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid), of it or the one before */
  addTotals(batch: BatchToClose): Promise<void>;
  /** Ends the first pass. @throws SolventError as addTotals, CLOSE_INCOMPLETE (internal) */
  fix(): Promise<FixedSnapshot>;
  /**
   * Second pass: the next proof.
   * @returns the sums of its batches: what `summedLine` puts behind it
   * @throws SolventError as addProof, POINT_MALFORMED
   */
  sumProof(proof: Uint8Array): Promise<readonly Uint8Array[]>;
  /** Second pass: the next batch. @throws SolventError as addTotals */
  addWitness(batch: BatchToClose): Promise<void>;
  /** @throws SolventError as addTotals, CLOSE_INCOMPLETE | CLOSE_SELF_CHECK (internal) */
  finish(): Promise<ClosedInThread>;
  /** Ends the thread, whatever it was doing. */
  end(): Promise<void>;
}

/** What the thread answers when all is summed up. */
export interface FinishedInThread {
  readonly closed: ClosedSnapshot;
  readonly pieces: readonly Uint8Array[];
}

/** What the thread is given. */
export interface CloseWorkerData {
  readonly header: Header;
  readonly tables: CommitterTables | undefined;
}

/** @param tables of `buildCommitterTables`, for the one commitment that closing makes; without them it makes its own */
export function closeInThread(header: Header, tables?: CommitterTables): ClosingThread {
  const workerData: CloseWorkerData = { header, tables };
  const pool = new ThreadPool({ file: workerFile('close-worker'), threads: 1, workerData });
  // A thread that took a dead one's place would begin anew and refuse what follows: CLOSE_ORDER.
  let last: Promise<void> = Promise.resolve();
  const inTurn = async <R>(name: string, task: unknown): Promise<R> => {
    await last;
    return pool.run<R>(name, task);
  };
  const ahead = async (name: string, task: BatchToClose): Promise<void> => {
    const before = last;
    last = pool.run(name, task);
    // Reported by the next call; until then it is nobody's unhandled rejection.
    last.catch(() => undefined);
    await before;
  };
  return {
    addProof: (proof) => inTurn('addProof', proof),
    addTotals: (batch) => ahead('addTotals', batch),
    fix: () => inTurn('fix', undefined),
    sumProof: (proof) => inTurn('sumProof', proof),
    addWitness: (batch) => ahead('addWitness', batch),
    async finish() {
      const { closed, pieces } = await inTurn<FinishedInThread>('finish', undefined);
      return { ...closed, nodes: new PackedNodes(pieces) };
    },
    end: () => pool.end(),
  };
}

import type { CommitterTables } from '@solvent-por/kzg/native';
import type { Header } from '@solvent-por/verifier';
import type { FinalisedSnapshot, FixedSnapshot, TreeNode } from './snapshot-finaliser';
import { PackedNodes } from './tree-nodes';
import type { BatchToFinalise } from './work/finalise';
import { openPool } from './work/open-pool';

export type { BatchToFinalise };

export type FinalisedInThread = FinalisedSnapshot & {
  /** Every node of the sum tree, leaves included. */
  readonly nodes: Iterable<TreeNode>;
  /** Its leaves as `packLeaf` gives them, batch by batch. */
  readonly leaves: Uint8Array;
};

/**
 * Sums a snapshot up in a thread of its own, so that this one stays free, in two passes; see
 * SnapshotFinaliser. Proofs are as `unsummedBytes` gives them.
 * A batch's call resolves when the one before it is done: the thread always has one to do, and no more than
 * two are held.
 */
export interface FinalisingThread {
  /**
   * First pass: the next proof, in any order with the batches.
   * @returns how many batches it covers
   * @throws SolventError PROOF_MALFORMED | DOCUMENT_* (malformed), FINALISE_ORDER | WORKER_DIED (internal)
   */
  addProof(proof: Uint8Array): Promise<number>;
  /**
   * First pass: the next batch.
   * @throws SolventError FINALISE_ORDER | WORKER_DIED (internal), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN
   * (invalid), of it or the one before
   */
  addTotals(batch: BatchToFinalise): Promise<void>;
  /** Ends the first pass. @throws SolventError as addTotals, FINALISE_INCOMPLETE (internal) */
  fix(): Promise<FixedSnapshot>;
  /**
   * Second pass: the next proof.
   * @returns the sums of its batches: what `summedLine` puts behind it
   * @throws SolventError as addProof, POINT_MALFORMED
   */
  sumProof(proof: Uint8Array): Promise<readonly Uint8Array[]>;
  /** Second pass: the next batch. @throws SolventError as addTotals */
  addWitness(batch: BatchToFinalise): Promise<void>;
  /** @throws SolventError as addTotals, FINALISE_INCOMPLETE | FINALISE_SELF_CHECK (internal) */
  finish(): Promise<FinalisedInThread>;
  /** Ends the thread, whatever it was doing. */
  end(): Promise<void>;
}

/**
 * @param tables of `buildCommitterTables`, for the one commitment that finalising makes; without them it makes
 * its own
 */
export function finaliseInThread(header: Header, tables?: CommitterTables): FinalisingThread {
  const pool = openPool('finalise', { threads: 1, data: { header, tables } });
  // A thread that took a dead one's place would begin anew and refuse what follows: FINALISE_ORDER.
  let last: Promise<void> = Promise.resolve();
  const inTurn = async <R>(work: () => Promise<R>): Promise<R> => {
    await last;
    return work();
  };
  const ahead = async (name: 'addTotals' | 'addWitness', task: BatchToFinalise): Promise<void> => {
    const before = last;
    last = pool.run(name, task);
    // Reported by the next call; until then it is nobody's unhandled rejection.
    last.catch(() => undefined);
    await before;
  };
  return {
    addProof: (proof) => inTurn(() => pool.run('addProof', proof)),
    addTotals: (batch) => ahead('addTotals', batch),
    fix: () => inTurn(() => pool.run('fix', undefined)),
    sumProof: (proof) => inTurn(() => pool.run('sumProof', proof)),
    addWitness: (batch) => ahead('addWitness', batch),
    async finish() {
      const { summed, pieces, leaves } = await inTurn(() => pool.run('finish', undefined));
      return { ...summed, nodes: new PackedNodes(pieces), leaves };
    },
    end: () => pool.end(),
  };
}

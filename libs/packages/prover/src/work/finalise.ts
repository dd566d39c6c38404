import { concat } from '@solvent-por/kzg';
import { loadCommitter, type CommitterTables } from '@solvent-por/kzg/native';
import { parseUnsummed, type Header } from '@solvent-por/verifier';
import { packLeaf } from '../leaves-file';
import { headerOrigin } from '../origin';
import { SnapshotFinaliser, type FinalisedSnapshot, type FixedSnapshot } from '../snapshot-finaliser';
import { packNode } from '../tree-nodes';
import { decodeStoredBatch, type StoredBatch } from '../witness-file';

/** Nodes that are joined into one piece. */
const NODES_A_PIECE = 1024;

/** What the thread is given. */
export interface ClosingData {
  readonly header: Header;
  readonly tables: CommitterTables | undefined;
}

/** A batch as it is stored. */
export interface BatchToFinalise {
  readonly batch: number;
  /** As `encodeStoredBatch` gave it. */
  readonly witness: Uint8Array;
}

/** What the thread answers when all is summed up. */
export interface FinishedInThread {
  readonly summed: FinalisedSnapshot;
  /** Nodes of the sum tree, packed. */
  readonly pieces: readonly Uint8Array[];
  /** Leaves, packed as their file holds them. */
  readonly leaves: Uint8Array;
}

/** Sums one snapshot up; see SnapshotFinaliser. */
export async function start({ header, tables }: ClosingData) {
  const pieces: Uint8Array[] = [];
  const leaves: Uint8Array[] = [];
  const origin = headerOrigin(header);
  let nodes: Uint8Array[] = [];
  function join(): void {
    pieces.push(concat(...nodes));
    nodes = [];
  }
  const committer = await loadCommitter({ ...(tables && { tables }) });
  const snapshot = new SnapshotFinaliser(header, committer, (node) => {
    nodes.push(packNode(node));
    if (nodes.length === NODES_A_PIECE) join();
  });
  const decode = ({ batch, witness }: BatchToFinalise): StoredBatch =>
    decodeStoredBatch(witness, snapshot.layout, origin, batch);

  return {
    async addProof(bytes: Uint8Array): Promise<number> {
      const proof = parseUnsummed(bytes, snapshot.layout);
      snapshot.addProof(proof);
      return proof.accounts.length;
    },
    async addTotals(batch: BatchToFinalise): Promise<void> {
      snapshot.addTotals(decode(batch));
    },
    async fix(): Promise<FixedSnapshot> {
      return snapshot.fix();
    },
    async sumProof(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
      const proof = parseUnsummed(bytes, snapshot.layout);
      const { encoded, points } = snapshot.sumProof(proof);
      points.forEach((sum, i) => leaves.push(packLeaf({ accounts: proof.accounts[i]!, sum })));
      return encoded;
    },
    async addWitness(batch: BatchToFinalise): Promise<void> {
      snapshot.addWitness(decode(batch));
    },
    async finish(): Promise<FinishedInThread> {
      const summed = snapshot.finish();
      join();
      return { summed, pieces, leaves: concat(...leaves) };
    },
  };
}

import { workerData } from 'node:worker_threads';
import { concat } from '@solvent/algebra';
import { loadCommitter } from '@solvent/algebra/native';
import { parseUnsummed } from '@solvent/proof/verify';
import type { BatchToClose, CloseWorkerData, FinishedInThread } from '../close-in-thread';
import { headerOrigin } from '../origin';
import { SnapshotCloser, type FixedSnapshot } from '../snapshot-closer';
import { serve } from '../threads/serve';
import { packNode } from '../tree-nodes';
import { decodeStoredBatch, type StoredBatch } from '../witness-file';

/** Nodes that are joined into one piece. */
const NODES_A_PIECE = 1024;

const { header, tables } = workerData as CloseWorkerData;
const pieces: Uint8Array[] = [];
const origin = headerOrigin(header);
let nodes: Uint8Array[] = [];

function join(): void {
  pieces.push(concat(...nodes));
  nodes = [];
}

const closer = loadCommitter({ ...(tables && { tables }) }).then(
  (committer) =>
    new SnapshotCloser(header, committer, (node) => {
      nodes.push(packNode(node));
      if (nodes.length === NODES_A_PIECE) join();
    }),
);

function decode({ layout }: SnapshotCloser, { batch, witness }: BatchToClose): StoredBatch {
  return decodeStoredBatch(witness, layout, origin, batch);
}

serve(closer, {
  async addProof(bytes: Uint8Array): Promise<number> {
    const snapshot = await closer;
    const proof = parseUnsummed(bytes, snapshot.layout);
    snapshot.addProof(proof);
    return proof.accounts.length;
  },
  async addTotals(batch: BatchToClose): Promise<void> {
    const snapshot = await closer;
    snapshot.addTotals(decode(snapshot, batch));
  },
  async fix(): Promise<FixedSnapshot> {
    return (await closer).fix();
  },
  async sumProof(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
    const snapshot = await closer;
    return snapshot.sumProof(parseUnsummed(bytes, snapshot.layout)).encoded;
  },
  async addWitness(batch: BatchToClose): Promise<void> {
    const snapshot = await closer;
    snapshot.addWitness(decode(snapshot, batch));
  },
  async finish(): Promise<FinishedInThread> {
    const closed = (await closer).finish();
    join();
    return { closed, pieces };
  },
});

import { workerData } from 'node:worker_threads';
import { concat, decodeUncompressed } from '@solvent/algebra';
import { loadCommitter } from '@solvent/algebra/native';
import type { Header } from '@solvent/proof/verify';
import type { BatchToClose, FinishedInThread } from '../close-in-thread';
import { SnapshotCloser } from '../snapshot-closer';
import { serve } from '../threads/serve';
import { packNode } from '../tree-nodes';
import { decodeStoredBatch } from '../witness-file';

/** Nodes that are joined into one piece. */
const NODES_A_PIECE = 1024;

const { header } = workerData as { readonly header: Header };
const pieces: Uint8Array[] = [];
let nodes: Uint8Array[] = [];

function join(): void {
  pieces.push(concat(...nodes));
  nodes = [];
}

const closer = loadCommitter().then(
  (committer) =>
    new SnapshotCloser(header, committer, (node) => {
      nodes.push(packNode(node));
      if (nodes.length === NODES_A_PIECE) join();
    }),
);

serve(closer, {
  async add({ batch, tag, sums, witness }: BatchToClose): Promise<void> {
    const snapshot = await closer;
    snapshot.addLeaf({ batch, tag, sums: decodeUncompressed(sums) });
    snapshot.addWitness(decodeStoredBatch(witness, snapshot.layout, snapshot.headerDigest, batch));
  },
  async finish(): Promise<FinishedInThread> {
    const closed = (await closer).finish();
    join();
    return { closed, pieces };
  },
});

import { workerData } from 'node:worker_threads';
import { concat, encodeUncompressed, equalBytes, SolventError } from '@solvent/algebra';
import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import type { Header } from '@solvent/proof/verify';
import type { BatchToClose, FinishedInThread } from '../close-in-thread';
import { headerOrigin } from '../origin';
import { provedLeaves, type ProvedLeaf } from '../proved-leaves';
import { SnapshotCloser } from '../snapshot-closer';
import { serve } from '../threads/serve';
import { packNode } from '../tree-nodes';
import { decodeStoredBatch } from '../witness-file';

/** Nodes that are joined into one piece. */
const NODES_A_PIECE = 1024;

const { header } = workerData as { readonly header: Header };
const pieces: Uint8Array[] = [];
const origin = headerOrigin(header);
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

/** Of the last proof, those whose batch has not come yet. */
const awaited = new Map<number, ProvedLeaf>();

serve(closer, {
  async addProof(line: Uint8Array): Promise<number> {
    const leaves = provedLeaves(line, (await closer).layout, nativeVerifier());
    for (const leaf of leaves) awaited.set(leaf.batch, leaf);
    return leaves.length;
  },
  async add({ batch, tag, sums, witness }: BatchToClose): Promise<void> {
    const snapshot = await closer;
    const leaf = awaited.get(batch);
    awaited.delete(batch);
    // Inclusion proofs will show what is stored: it must be what the proof commits to.
    if (!leaf || !isStored(leaf, tag, sums))
      throw new SolventError(
        'CLOSE_LEAF_DAMAGED',
        'internal',
        `batch ${batch} is not stored as its proof has it`,
        {
          batch,
        },
      );
    snapshot.addLeaf(leaf);
    snapshot.addWitness(decodeStoredBatch(witness, snapshot.layout, origin, batch));
  },
  async finish(): Promise<FinishedInThread> {
    const closed = (await closer).finish();
    join();
    return { closed, pieces };
  },
});

function isStored(leaf: ProvedLeaf, tag: Uint8Array, sums: readonly Uint8Array[]): boolean {
  const proved = encodeUncompressed(leaf.sums);
  return (
    equalBytes(leaf.tag, tag) &&
    proved.length === sums.length &&
    proved.every((sum, v) => equalBytes(sum, sums[v]!))
  );
}

import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { createKernels } from '@solvent-por/kzg';
import { loadCommitter, type CommitterTables } from '@solvent-por/kzg/native';
import { labelDigest, PRIVATE, writeAtomic, type Origin } from '@solvent-por/snapshot/files';
import type { AccountBatch, Header } from '@solvent-por/verifier';
import { BatchProver } from '../batch-prover';
import { proveChecked } from '../checked-proof';
import { batchFile, OUTPUT, proofFile } from '../files';
import { headerOrigin } from '../origin';
import { encodeProofFile } from '../proof-file';
import { serve } from '../threads/serve';
import type { ProofKeys } from '../witness';

/** What every task of one pool shares. */
export interface ProveWorkerData {
  readonly header: Header;
  readonly keys: ProofKeys;
  /** What a run that goes on must have in common with this one. */
  readonly run: Origin;
  /** The output folder. */
  readonly directory: string;
  /** Shared by all threads. */
  readonly tables: CommitterTables;
}

/** One proof to make. */
export interface ProveTask {
  readonly first: number;
  readonly batches: readonly AccountBatch[];
}

export interface ProveResult {
  readonly first: number;
  readonly batches: number;
  /** Time the worker was busy with it. */
  readonly seconds: number;
  /** Milliseconds since the epoch. */
  readonly finishedAt: number;
}

const data = workerData as ProveWorkerData;
const origin = headerOrigin(data.header);
const ready = loadProver();

async function loadProver(): Promise<BatchProver> {
  return new BatchProver(
    data.header,
    data.keys,
    createKernels(),
    await loadCommitter({ tables: data.tables }),
  );
}

serve(ready, {
  /** Proves k batches, verifies the proof, and writes it and the batches' witness: the proof last, for it says that all is there. */
  async prove({ first, batches }: ProveTask): Promise<ProveResult> {
    const prover = await ready;
    const start = performance.now();
    const proved = proveChecked(prover, origin, first, batches);
    const directory = join(data.directory, OUTPUT.witness);
    for (const { batch, witness } of proved.batches)
      await writeAtomic(batchFile(directory, batch), witness, PRIVATE);
    const kept = { proof: proved.proof, batches: proved.batches.map(({ witness }) => labelDigest(witness)) };
    await writeAtomic(proofFile(data.directory, first), encodeProofFile(kept, data.run, first), PRIVATE);
    return {
      first,
      batches: batches.length,
      seconds: (performance.now() - start) / 1000,
      finishedAt: Date.now(),
    };
  },
});

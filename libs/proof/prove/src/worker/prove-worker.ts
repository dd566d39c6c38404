import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { workerData as piscinaData } from 'piscina';
import { createKernels } from '@solvent/algebra';
import { loadCommitter } from '@solvent/algebra/native';
import type { AccountBatch, Header } from '@solvent/proof/verify';
import { BatchProver } from '../batch-prover';
import { proveChecked } from '../checked-proof';
import { batchFile, OUTPUT, PRIVATE, proofFile, writeAtomic } from '../files';
import { encodeProofFile } from '../proof-file';
import { postable, type WorkerFailure } from '../worker-failure';
import type { ProofKeys } from '../witness';
import { LOADED } from '../worker-pool';

/** What every task of one pool shares. */
export interface ProveWorkerData {
  readonly header: Header;
  readonly keys: ProofKeys;
  /** The output folder. */
  readonly directory: string;
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

const data = piscinaData as ProveWorkerData;
const ready = loadProver();
const loaded = () => parentPort?.postMessage(LOADED);
ready.then(loaded, loaded);

async function loadProver(): Promise<BatchProver> {
  return new BatchProver(data.header, data.keys, createKernels(), await loadCommitter());
}

/** Proves k batches, verifies the proof, and writes it and the batches' witness: the proof last, for it says that all is there. */
export default function proveTask(task: ProveTask): Promise<ProveResult | WorkerFailure> {
  return postable(() => prove(task));
}

async function prove({ first, batches }: ProveTask): Promise<ProveResult> {
  const prover = await ready;
  const start = performance.now();
  const proved = proveChecked(prover, first, batches);
  const directory = join(data.directory, OUTPUT.witness);
  for (const { batch, witness } of proved.batches)
    await writeAtomic(batchFile(directory, batch), witness, PRIVATE);
  await writeAtomic(proofFile(data.directory, first), encodeProofFile(proved.proof));
  return {
    first,
    batches: batches.length,
    seconds: (performance.now() - start) / 1000,
    finishedAt: Date.now(),
  };
}

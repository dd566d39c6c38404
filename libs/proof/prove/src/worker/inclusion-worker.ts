import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { workerData as piscinaData } from 'piscina';
import { createKernels, toHex, utf8 } from '@solvent/algebra';
import { loadCommitter } from '@solvent/algebra/native';
import { canonicalJson, inclusionToJson } from '@solvent/proof/verify';
import { writeAtomic } from '../files';
import { InclusionProver } from '../inclusion-prover';
import { postable, type WorkerFailure } from '../worker-failure';
import { LOADED } from '../worker-pool';
import { WitnessDirectory } from '../witness-directory';

/** Accounts of one batch to write inclusion files for. */
export interface InclusionTask {
  readonly batch: number;
  readonly rows: readonly number[];
}

const { witness, output } = piscinaData as { witness: string; output: string };
const kernels = createKernels();
const ready = Promise.all([WitnessDirectory.open(witness), loadCommitter()]);
const loaded = () => parentPort?.postMessage(LOADED);
ready.then(loaded, loaded);

/** Writes `<id>.json` for each row; returns how many. */
export default function inclusionTask(task: InclusionTask): Promise<number | WorkerFailure> {
  return postable(() => proveInclusions(task));
}

async function proveInclusions({ batch, rows }: InclusionTask): Promise<number> {
  const [directory, committer] = await ready;
  const stored = await directory.readBatch(batch);
  const prover = new InclusionProver(
    directory.manifest,
    stored,
    await directory.place(batch),
    kernels,
    committer,
  );
  try {
    for (const row of rows) {
      const document = utf8(canonicalJson(inclusionToJson(prover.prove(row))));
      await writeAtomic(join(output, `${toHex(prover.id(row))}.json`), document);
    }
    return rows.length;
  } finally {
    prover.release();
  }
}

import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { workerData as piscinaData } from 'piscina';
import { createKernels, toHex, utf8 } from '@solvent/algebra';
import { loadCommitter, loadLowDegreeCommitter } from '@solvent/algebra/native';
import { canonicalJson, headerDigest, inclusionToJson, manifestChallenge } from '@solvent/proof/verify';
import { writeAtomic } from '../files';
import { InclusionProver } from '../inclusion-prover';
import { batchCells } from '../openings/batch-cells';
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
const ready = Promise.all([WitnessDirectory.open(witness), loadCommitter(), loadLowDegreeCommitter()]);
const loaded = () => parentPort?.postMessage(LOADED);
ready.then(loaded, loaded);

/** Writes `<id>.json` for each row; returns how many. */
export default function inclusionTask(task: InclusionTask): Promise<number | WorkerFailure> {
  return postable(() => proveInclusions(task));
}

async function proveInclusions({ batch, rows }: InclusionTask): Promise<number> {
  const [directory, committer, low] = await ready;
  const { manifest, layout } = directory;
  const stored = await directory.readBatch(batch);
  const gamma = manifestChallenge(manifest, headerDigest(manifest.header));
  const quotient = batchCells(kernels, committer, layout, stored, gamma, rows);
  const prover = new InclusionProver(manifest, stored, await directory.place(batch), quotient, low);
  for (const inclusion of prover.prove(rows)) {
    const document = utf8(canonicalJson(inclusionToJson(inclusion)));
    await writeAtomic(join(output, `${toHex(inclusion.id)}.json`), document);
  }
  return rows.length;
}

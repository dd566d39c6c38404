import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { createKernels, toHex, utf8 } from '@solvent/algebra';
import { loadCommitter } from '@solvent/algebra/native';
import { canonicalJson, inclusionToJson } from '@solvent/proof/verify';
import { writeAtomic } from '../files';
import { InclusionProver } from '../inclusion-prover';
import { serve } from '../threads/serve';
import { WitnessDirectory } from '../witness-directory';

/** Accounts of one batch to write inclusion files for. */
export interface InclusionTask {
  readonly batch: number;
  readonly rows: readonly number[];
}

const { witness, output } = workerData as { readonly witness: string; readonly output: string };
const kernels = createKernels();
const ready = Promise.all([WitnessDirectory.open(witness), loadCommitter()]);

serve(ready, {
  /** Writes `<id>.json` for each row; returns how many. */
  async write({ batch, rows }: InclusionTask): Promise<number> {
    const [directory, committer] = await ready;
    const stored = await directory.readBatch(batch);
    const place = await directory.place(batch);
    const prover = new InclusionProver(directory.manifest, stored, place, kernels, committer);
    try {
      for (const row of rows) {
        const document = utf8(canonicalJson(inclusionToJson(prover.prove(row))));
        await writeAtomic(join(output, `${toHex(prover.id(row))}.json`), document);
      }
      return rows.length;
    } finally {
      prover.release();
    }
  },
});

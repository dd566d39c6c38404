import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { createKernels, SolventError, toHex, utf8, type OpeningTables } from '@solvent/algebra';
import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import { PRIVATE, writeAtomic } from '@solvent/files';
import {
  canonicalJson,
  headerDigest,
  inclusionToJson,
  manifestChallenge,
  verifyInclusion,
  type InclusionVerdict,
} from '@solvent/proof/verify';
import { InclusionProver } from '../inclusion-prover';
import { openingsOf } from '../openings/account-openings';
import { loadOpener } from '../openings/opener';
import { serve } from '../threads/serve';
import { WitnessDirectory } from '../witness-directory';

/** Accounts of one batch to write inclusion files for. */
export interface InclusionTask {
  readonly batch: number;
  readonly rows: readonly number[];
}

/** What every task of one pool shares. */
export interface InclusionWorkerData {
  readonly witness: string;
  readonly output: string;
  readonly tables: OpeningTables;
}

const { witness, output, tables } = workerData as InclusionWorkerData;
const kernels = createKernels();
const ready = Promise.all([WitnessDirectory.open(witness), loadCommitter(), loadOpener(kernels, tables)]);

serve(ready, {
  /** Writes `<id>.json` for each row; returns how many. */
  async write({ batch, rows }: InclusionTask): Promise<number> {
    const [directory, committer, opener] = await ready;
    const { manifest, layout } = directory;
    const stored = await directory.readBatch(batch);
    const gamma = manifestChallenge(manifest, headerDigest(manifest.header));
    const open = openingsOf({ kernels, committer, opener }, { layout, stored, gamma }, rows);
    const prover = new InclusionProver(manifest, stored, await directory.place(batch), open);
    for (const [i, row] of rows.entries()) {
      const inclusion = prover.prove(row);
      // Batch and tree were checked against the manifest: what is left is this machine, and one of them shows it.
      if (i === 0) refuseInvalid(verifyInclusion(inclusion, { manifest }, nativeVerifier()));
      const document = utf8(canonicalJson(inclusionToJson(inclusion)));
      await writeAtomic(join(output, `${toHex(inclusion.id)}.json`), document, PRIVATE);
    }
    return rows.length;
  },
});

function refuseInvalid(verdict: InclusionVerdict): void {
  if (!verdict.valid)
    throw new SolventError(
      'INCLUSION_SELF_CHECK',
      'internal',
      `a proof that was just made does not verify (${verdict.code}): it was not written; check this machine's memory, and give the command again`,
    );
}

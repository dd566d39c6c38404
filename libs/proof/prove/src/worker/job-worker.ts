import { workerData } from 'node:worker_threads';
import { createKernels } from '@solvent/algebra';
import { loadCommitter } from '@solvent/algebra/native';
import { BatchProver } from '../batch-prover';
import { proveChecked } from '../checked-proof';
import { headerOrigin } from '../origin';
import type { JobWorkerData, ProofJob, ProvedJob } from '../proof-pool';
import { serve } from '../threads/serve';

const { keys, tables } = workerData as JobWorkerData;
// Their tables serve every header.
const kernels = createKernels();
const committer = loadCommitter({ ...(tables && { tables }) });

serve(committer, {
  async prove({ header, first, batches }: ProofJob): Promise<ProvedJob> {
    const prover = new BatchProver(header, keys, kernels, await committer);
    const start = performance.now();
    const proved = proveChecked(prover, headerOrigin(header), first, batches);
    return {
      first,
      proof: proved.proof,
      seconds: (performance.now() - start) / 1000,
      batches: proved.batches.map((proven, i) => {
        const { count, ids } = batches[i]!;
        return { ...proven, count, ids };
      }),
    };
  },
});

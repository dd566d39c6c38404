import { createKernels, SolventError } from '@solvent-por/kzg';
import { loadCommitter, type CommitterTables } from '@solvent-por/kzg/native';
import type { AccountBatch, Header } from '@solvent-por/verifier';
import { BatchProver } from '../batch-prover';
import { proveChecked, type CheckedProof } from '../checked-proof';
import { headerOrigin } from '../origin';
import type { ProofKeys } from '../witness';

/** What every thread that proves is given. */
export interface ProvingData {
  readonly keys: ProofKeys;
  /** Shared by all threads; without them each makes its own. */
  readonly tables: CommitterTables | undefined;
}

/** A proof to make. */
export interface ProofJob {
  readonly header: Header;
  /** Index of the first batch. */
  readonly first: number;
  /** 1…layout.maxBatches batches. */
  readonly batches: readonly AccountBatch[];
  /** Whether the snapshot has a claim tree: then the batches' parts of it are made too (section 13). */
  readonly claims?: boolean;
}

export interface TimedProof extends CheckedProof {
  /** Time the thread was busy with it. */
  readonly seconds: number;
}

/** Proves batches of any snapshots under one set of keys. */
export async function start({ keys, tables }: ProvingData) {
  // Their tables serve every header.
  const kernels = createKernels();
  const committer = await loadCommitter({ ...(tables && { tables }) });
  return {
    /** Proves k batches and verifies the proof. */
    async prove({ header, first, batches, claims = false }: ProofJob): Promise<TimedProof> {
      const prover = new BatchProver(header, keys, kernels, committer);
      const claimKey = claims ? (keys.claim ?? missingKey()) : undefined;
      const began = performance.now();
      const proved = proveChecked(prover, headerOrigin(header), first, batches, claimKey);
      return { ...proved, seconds: (performance.now() - began) / 1000 };
    },
  };
}

function missingKey(): never {
  throw new SolventError(
    'CLAIM_KEY_MISSING',
    'usage',
    'the snapshot is to have a claim tree, and this prover has no claim key: give it what `solvent keys derive --for prover` writes now, then request the snapshot again',
  );
}

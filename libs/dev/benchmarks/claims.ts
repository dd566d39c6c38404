import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKernels } from '@solvent-por/kzg';
import { loadCommitter } from '@solvent-por/kzg/native';
import { BatchProver, batchClaims, claimTreeOf } from '@solvent-por/prover';
import { headerOf } from '@solvent-por/snapshot';
import { generateSnapshot, loadConfig, loadKeys, readBatches } from '@solvent-por/snapshot/readers';
import { headerDigest, layoutOf, type AccountBatch, type Mode } from '@solvent-por/verifier';
import { cpuSeconds } from './timing';

const RUNS = 3;

/**
 * What a claim tree takes beside its batches' proof, in this thread: CPU time of full batches, the best of
 * three.
 */
export async function claimTree({
  mode,
  k,
  assets,
}: {
  mode: Mode;
  k: number;
  assets: number;
}): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
  try {
    const { configFile, accountsDirectory } = await generateSnapshot({
      directory: join(folder, 'input'),
      ...{ mode, assets, accounts: 4080 * k, nonZeroShare: 0.25, seed: 1 },
    });
    const { config, directory } = await loadConfig(configFile);
    const [header, keys] = [headerOf(config), await loadKeys(config, directory)];
    const source = { input: accountsDirectory, config, header, placementKey: keys.placement };
    const batches: AccountBatch[] = [];
    for await (const batch of readBatches(source)) batches.push(batch);
    const layout = layoutOf(header);
    const prover = new BatchProver(header, keys, createKernels(), await loadCommitter());
    const secrets = { key: keys.claim, headerDigest: headerDigest(header), layout };
    const proving = best(() => prover.prove(0, batches)) / k;
    const make = () => batchClaims(secrets, batches[0]!, new Uint8Array());
    const [tree, claims] = [best(make), make()];
    return {
      ...{ mode, k, assets, values: layout.published.length },
      provingSeconds: proving,
      treeSeconds: tree,
      /** Of proving: what claims add to it. */
      share: tree / proving,
      /** From kept leaves: what the first claim file of a batch waits for. */
      fromLeavesSeconds: best(() => claimTreeOf(claims)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function best(run: () => unknown): number {
  // The first one warms up, where that matters.
  return Math.min(...Array.from({ length: RUNS }, () => cpuSeconds(run)));
}

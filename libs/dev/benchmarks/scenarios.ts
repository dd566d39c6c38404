// One measurement a process: `node scenarios.cjs NAME '{"option": …}'` prints one line of JSON.
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKernels, type KzgCommitter } from '@solvent-por/kzg';
import { loadCommitter, nativeVerifier } from '@solvent-por/kzg/native';
import { BatchProver, proveSnapshot, WorkerLineVerifier, type ProveProgress } from '@solvent-por/prover';
import { layoutOf, verifyGlobalProof, type AccountBatch, type Mode } from '@solvent-por/verifier';
import { headerOf } from '@solvent-por/snapshot';
import {
  checkSnapshot,
  generateSnapshot,
  loadConfig,
  loadKeys,
  readBatches,
} from '@solvent-por/snapshot/readers';
import { claim } from './claim';
import { claimTree } from './claims';
import { commitmentSeconds, cpuSeconds, fullBlob, median, repeat, since } from './timing';
import { batchProofs, proveUser, proveUsers, verifyUser } from './users';

interface ProveOptions {
  readonly mode: Mode;
  readonly accounts: number;
  readonly assets: number;
  readonly nonZeroShare: number;
  /** Haircut tiers of each asset or pool, and pools of each asset: `margin` alone. */
  readonly tiers?: number;
  readonly pools?: number;
  readonly workers: number;
  /** Folder for input and output; removed afterwards unless `keep`. */
  readonly keep?: string;
}

const scenarios: Record<string, (options: never) => Promise<Record<string, unknown>>> = {
  commitment,
  prove,
  'one-proof': oneProof,
  'claim-tree': claimTree,
  claim,
  'verify-global': verifyGlobal,
  'verify-user': verifyUser,
  'prove-user': proveUser,
  'prove-users': proveUsers,
  'batch-proofs': batchProofs,
};

/**
 * One full-size commitment: the unit that makes figures of different machines comparable; and a column of
 * 11-bit limbs.
 */
async function commitment(): Promise<Record<string, unknown>> {
  const start = performance.now();
  const committer = await loadCommitter({ backend: 'c-kzg' });
  const loadSeconds = since(start);
  const limbs = new Uint8Array(131_072);
  for (let i = 30; i < limbs.length; i += 32) [limbs[i], limbs[i + 1]] = [(i >> 5) & 7, (i * 131) & 255];
  const times = async (blob: Uint8Array) => median(await repeat(21, async () => void committer.commit(blob)));
  return {
    backend: committer.name,
    loadSeconds,
    milliseconds: await times(fullBlob()),
    limbMilliseconds: await times(limbs),
  };
}

async function prove(options: ProveOptions): Promise<Record<string, unknown>> {
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'solvent-bench-')));
  try {
    const { mode, accounts, assets, nonZeroShare, tiers, pools, workers } = options;
    const input = join(folder, 'input');
    const files = Math.ceil(accounts / 131_072);
    const { configFile, accountsDirectory } = await generateSnapshot({
      directory: input,
      mode,
      accounts,
      assets,
      nonZeroShare,
      tiers,
      pools,
      files,
      seed: 1,
    });
    const { config, directory } = await loadConfig(configFile);
    const [header, keys] = [headerOf(config), await loadKeys(config, directory)];
    const checkStart = performance.now();
    const checked = await checkSnapshot({ input: accountsDirectory, config, header });
    const checkSeconds = since(checkStart);

    const proofs: NonNullable<ProveProgress['proof']>[] = [];
    const start = performance.now();
    const before = process.cpuUsage();
    await proveSnapshot({
      header,
      keys,
      accounts: checked.accounts,
      sourceDigest: checked.sourceDigest,
      configDigest: '',
      batches: readBatches({ input: accountsDirectory, config, header, placementKey: keys.placement }),
      directory: join(folder, 'output'),
      workers,
      onProgress: ({ proof }) => void (proof && proofs.push(proof)),
    });
    const totalSeconds = since(start);
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1e6;
    const unit = await commitmentSeconds();
    const busy = proofs.reduce((sum, { seconds }) => sum + seconds, 0);
    const first = Math.min(...proofs.map(({ finishedAt, seconds }) => finishedAt - 1000 * seconds));
    const last = Math.max(...proofs.map(({ finishedAt }) => finishedAt));
    const batches = proofs.reduce((sum, proof) => sum + proof.batches, 0);
    return {
      ...options,
      limbs: layoutOf(header).limbs,
      batches,
      proofs: proofs.length,
      inputBytes: checked.bytes,
      checkSeconds,
      totalSeconds,
      accountsPerSecondPerCore: accounts / busy,
      accountsPerSecond: accounts / ((last - first) / 1000),
      secondsPerBatchPerCore: busy / batches,
      cpuSeconds: cpu,
      accountsPerCpuSecond: accounts / cpu,
      commitmentMilliseconds: 1000 * unit,
      commitmentsPerBatch: cpu / unit / batches,
      globalProofBytes: (await stat(join(folder, 'output', 'global-proof.ndjson'))).size,
    };
  } finally {
    if (!options.keep) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Where the time of one proof of full batches goes, in this thread, the best of three: all CPU time, in
 * commitments of the same process.
 */
async function oneProof({ mode, k }: { mode: Mode; k: number }): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
  try {
    const { configFile, accountsDirectory } = await generateSnapshot({
      directory: join(folder, 'input'),
      mode,
      accounts: 4080 * k,
      assets: 20,
      nonZeroShare: 0.25,
      seed: 1,
    });
    const { config, directory } = await loadConfig(configFile);
    const [header, keys] = [headerOf(config), await loadKeys(config, directory)];
    const source = { input: accountsDirectory, config, header, placementKey: keys.placement };
    const batches: AccountBatch[] = [];
    for await (const batch of readBatches(source)) batches.push(batch);
    const unit = await commitmentSeconds();
    const committer = await loadCommitter();
    let committing = 0;
    const timed = <A, R>(commit: (what: A) => R) => {
      return (what: A): R => {
        let made: R;
        committing += cpuSeconds(() => (made = commit(what)));
        return made!;
      };
    };
    const { name, commit, commitSmall } = committer;
    const counted: KzgCommitter = { name, commit: timed(commit), commitSmall: timed(commitSmall!) };
    const prover = new BatchProver(header, keys, createKernels(), counted);
    const runs = [];
    for (let run = 0; run < 4; run++) {
      committing = 0;
      const seconds = cpuSeconds(() => prover.prove(0, batches));
      runs.push({ seconds, committing });
    }
    const [best] = runs.sort((a, b) => a.seconds - b.seconds);
    return {
      ...{ mode, k, accounts: 4080 * k },
      cpuSecondsPerBatch: best!.seconds / k,
      commitmentMilliseconds: 1000 * unit,
      commitmentsPerBatch: best!.seconds / k / unit,
      commitmentShare: best!.committing / best!.seconds,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifyGlobal({
  file,
  workers,
}: {
  file: string;
  workers: number;
}): Promise<Record<string, unknown>> {
  const lines = new WorkerLineVerifier(workers);
  const start = performance.now();
  const verdict = await verifyGlobalProof(createReadStream(file), { kzg: nativeVerifier(), lines });
  const seconds = since(start);
  await lines.close();
  if (!verdict.valid) throw new Error(`${file}: ${verdict.reason}`);
  return { workers, batches: verdict.manifest.batchCount, proofs: verdict.proofs, seconds };
}

async function main(): Promise<void> {
  const [name = '', options = '{}'] = process.argv.slice(2);
  const scenario = scenarios[name];
  if (!scenario) throw new Error(`scenarios: ${Object.keys(scenarios).join(', ')}`);
  const result = await scenario(JSON.parse(options) as never);
  // Kilobytes on Linux: the largest the whole process ever was.
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ scenario: name, ...result, peakMegabytes })}\n`);
}

void main();

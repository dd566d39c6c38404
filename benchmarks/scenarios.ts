// One measurement a process: `node scenarios.cjs NAME '{"option": …}'` prints one line of JSON.
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKernels, type KzgCommitter } from '@solvent/algebra';
import { loadCommitter, nativeVerifier } from '@solvent/algebra/native';
import { BatchProver, proveSnapshot, WorkerLineVerifier, type ProveProgress } from '@solvent/proof/prove';
import { verifyGlobalProof, type AccountBatch, type Mode } from '@solvent/proof/verify';
import { headerOf } from '@solvent/snapshot';
import {
  checkSnapshot,
  generateSnapshot,
  loadConfig,
  loadKeys,
  readBatches,
} from '@solvent/snapshot/readers';
import { median, repeat, since } from './timing';
import { proveUser, proveUsers, verifyUser } from './users';

interface ProveOptions {
  readonly mode: Mode;
  readonly accounts: number;
  readonly assets: number;
  readonly nonZeroShare: number;
  readonly workers: number;
  /** Folder for input and output; removed afterwards unless `keep`. */
  readonly keep?: string;
}

const scenarios: Record<string, (options: never) => Promise<Record<string, unknown>>> = {
  commitment,
  prove,
  'one-proof': oneProof,
  'verify-global': verifyGlobal,
  'verify-user': verifyUser,
  'prove-user': proveUser,
  'prove-users': proveUsers,
};

/** One full-size commitment: the unit that makes figures of different machines comparable; and a column of 11-bit limbs. */
async function commitment(): Promise<Record<string, unknown>> {
  const start = performance.now();
  const committer = await loadCommitter();
  const loadSeconds = since(start);
  const full = new Uint8Array(131_072);
  for (let i = 0; i < full.length; i++) full[i] = i % 32 === 0 ? 0x40 : (i * 193 + (i >> 8) * 71) & 255;
  const limbs = new Uint8Array(131_072);
  for (let i = 30; i < limbs.length; i += 32) [limbs[i], limbs[i + 1]] = [(i >> 5) & 7, (i * 131) & 255];
  const times = async (blob: Uint8Array) => median(await repeat(21, async () => void committer.commit(blob)));
  return {
    backend: committer.name,
    loadSeconds,
    milliseconds: await times(full),
    limbMilliseconds: await times(limbs),
  };
}

async function prove(options: ProveOptions): Promise<Record<string, unknown>> {
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'solvent-bench-')));
  try {
    const { mode, accounts, assets, nonZeroShare, workers } = options;
    const input = join(folder, 'input');
    const files = Math.ceil(accounts / 131_072);
    const { configFile, accountsDirectory } = await generateSnapshot({
      directory: input,
      mode,
      accounts,
      assets,
      nonZeroShare,
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
    const busy = proofs.reduce((sum, { seconds }) => sum + seconds, 0);
    const first = Math.min(...proofs.map(({ finishedAt, seconds }) => finishedAt - 1000 * seconds));
    const last = Math.max(...proofs.map(({ finishedAt }) => finishedAt));
    const batches = proofs.reduce((sum, proof) => sum + proof.batches, 0);
    return {
      ...options,
      batches,
      proofs: proofs.length,
      inputBytes: checked.bytes,
      checkSeconds,
      totalSeconds,
      accountsPerSecondPerCore: accounts / busy,
      accountsPerSecond: accounts / ((last - first) / 1000),
      secondsPerBatchPerCore: busy / batches,
      globalProofBytes: (await stat(join(folder, 'output', 'global-proof.ndjson'))).size,
    };
  } finally {
    if (!options.keep) await rm(folder, { recursive: true, force: true });
  }
}

/** Where the time of one proof of k full batches goes: `aggregate`, in this thread, the best of three. */
async function oneProof({ k }: { k: number }): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
  try {
    const { configFile, accountsDirectory } = await generateSnapshot({
      directory: join(folder, 'input'),
      mode: 'aggregate',
      accounts: 4080 * k,
      assets: 20,
      nonZeroShare: 0.25,
      seed: 1,
    });
    const { config, directory } = await loadConfig(configFile);
    const [header, keys] = [headerOf(config), await loadKeys(config, directory)];
    const batches: AccountBatch[] = [];
    for await (const batch of readBatches({
      input: accountsDirectory,
      config,
      header,
      placementKey: keys.placement,
    }))
      batches.push(batch);
    const committer = await loadCommitter();
    let committing = 0;
    const timed: KzgCommitter = {
      name: committer.name,
      commit: (blob) => {
        const start = performance.now();
        try {
          return committer.commit(blob);
        } finally {
          committing += since(start);
        }
      },
    };
    const prover = new BatchProver(header, keys, createKernels(), timed);
    const runs = [];
    for (let run = 0; run < 3; run++) {
      committing = 0;
      const start = performance.now();
      prover.prove(0, batches);
      runs.push({ seconds: since(start), committing });
    }
    const [best] = runs.sort((a, b) => a.seconds - b.seconds);
    return {
      k,
      secondsPerBatch: best!.seconds / k,
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

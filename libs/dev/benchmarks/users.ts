// What users get: their proofs made, one by one or all, and verified. Scenarios of scenarios.ts, over a
// folder that `prove` kept.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createKernels, nobleVerifier } from '@solvent-por/kzg';
import { loadCommitter } from '@solvent-por/kzg/native';
import {
  InclusionProver,
  loadOpener,
  openingsOf,
  openingTables,
  proveInclusionLines,
  proveInclusions,
  sealSnapshot,
  WitnessDirectory,
} from '@solvent-por/prover';
import {
  accountId,
  headerDigest,
  manifestChallenge,
  parseInclusion,
  parseManifest,
  verifyInclusion,
} from '@solvent-por/verifier';
import { headerOf } from '@solvent-por/snapshot';
import { loadConfig, loadKeys, readPlacedKeys } from '@solvent-por/snapshot/readers';
import { commitmentSeconds, cpuSeconds, median, repeat, since } from './timing';

/** How all users' proofs are written; `none`: their first account alone. */
type Format = 'files' | 'ndjson' | 'gzip' | 'sealed';

interface AllOptions {
  readonly folder: string;
  readonly format: Format;
  readonly workers: number;
}

/**
 * Every user's proof, start-up and writing included; CPU time of all threads, and the commitment of the same
 * process for comparison.
 */
export async function proveUsers(options: AllOptions): Promise<Record<string, unknown>> {
  const { folder, format } = options;
  const output = join(folder, `users-${format}`);
  await removeAll(output);
  const start = performance.now();
  const before = process.cpuUsage();
  const accounts = await everyProof(options, output);
  const { user, system } = process.cpuUsage(before);
  const seconds = since(start);
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  await removeAll(output);
  const unit = await commitmentSeconds();
  const cpu = (user + system) / 1e6;
  return {
    ...options,
    accounts,
    seconds,
    userSeconds: user / 1e6,
    systemSeconds: system / 1e6,
    accountsPerCpuSecond: accounts / cpu,
    commitmentMilliseconds: 1000 * unit,
    commitmentsPerAccount: cpu / accounts / unit,
    commandPeakMegabytes: peakMegabytes,
  };
}

async function everyProof({ folder, format, workers }: AllOptions, output: string): Promise<number> {
  const witness = join(folder, 'output', 'witness');
  const common = { witness, ids: 'all', output, workers } as const;
  if (format === 'files') return (await proveInclusions(common)).written;
  if (format !== 'sealed') {
    const name = format === 'gzip' ? `${output}.gz` : output;
    return (await proveInclusionLines({ ...common, output: name })).written;
  }
  const input = join(folder, 'input');
  const { config, directory } = await loadConfig(join(input, 'snapshot.json'));
  const keys = await loadKeys(config, directory);
  const placed = { config, header: headerOf(config), placementKey: keys.placement };
  const accountKeys = readPlacedKeys({ input: join(input, 'accounts'), ...placed });
  return (await sealSnapshot({ witness, accountKeys, keys, output, workers })).accounts;
}

async function removeAll(output: string): Promise<void> {
  for (const end of ['', '.gz', '.index.json', '.gz.index.json', '.part', '.progress'])
    await rm(`${output}${end}`, { recursive: true, force: true });
}

/** Files of the first accounts, without those of the others. */
export async function proveUser({
  folder,
  count,
}: {
  folder: string;
  count: number;
}): Promise<Record<string, unknown>> {
  const ids = await idsOf(join(folder, 'input'), count);
  const start = performance.now();
  const before = process.cpuUsage();
  const { written } = await proveInclusions({
    witness: join(folder, 'output', 'witness'),
    ids,
    output: join(folder, 'users'),
    workers: 1,
  });
  const { user, system } = process.cpuUsage(before);
  return { written, seconds: since(start), cpuSeconds: (user + system) / 1e6 };
}

/**
 * What one account's proof costs alone, and what those of a whole batch do, in one thread: tools are loaded
 * and the batch is read before; nothing is written.
 */
export async function batchProofs({ folder }: { folder: string }): Promise<Record<string, unknown>> {
  const kernels = createKernels();
  const committer = await loadCommitter({ eager: true });
  const tools = { kernels, committer, opener: await loadOpener(kernels, await openingTables(4080)) };
  const directory = await WitnessDirectory.open(join(folder, 'output', 'witness'));
  const { manifest, layout } = directory;
  const [stored, place] = [await directory.readBatch(0), await directory.place(0)];
  await directory.close();
  const gamma = manifestChallenge(manifest, headerDigest(manifest.header));
  const seconds = (rows: readonly number[]) =>
    cpuSeconds(() => {
      const openings = openingsOf(tools, { layout, stored, gamma }, rows);
      const prover = new InclusionProver(manifest, stored, place, openings);
      for (const row of rows) prover.prove(row);
    });
  const { count } = stored.accounts;
  // Rows of cells of their own, as they come in look-ups; the first also warms up.
  const alone = median(Array.from({ length: 9 }, (_, i) => seconds([(i * 449) % count])));
  const whole = seconds(Array.from({ length: count }, (_, row) => row));
  const unit = await commitmentSeconds();
  return {
    ...{ folder, accounts: count, aloneMilliseconds: 1000 * alone, aloneCommitments: alone / unit },
    ...{ batchSeconds: whole, batchCommitments: whole / unit },
    ...{ commitmentMilliseconds: 1000 * unit, commitmentsPerAccount: whole / unit / count },
  };
}

/** Batches to which file sizes refer: a path of nine nodes. */
const BATCHES = 512;

/** One user's file, without native code, as in a browser. */
export async function verifyUser({ folder }: { folder: string }): Promise<Record<string, unknown>> {
  const manifest = parseManifest(new Uint8Array(await readFile(join(folder, 'output', 'manifest.json'))));
  const users = join(folder, 'users');
  const name = (await readdir(users)).find((file) => /^[0-9a-f]{64}\.json$/.test(file));
  const bytes = new Uint8Array(await readFile(join(users, name!)));
  const kzg = nobleVerifier();
  const verify = async () => {
    const verdict = verifyInclusion(parseInclusion(bytes), { manifest }, kzg);
    if (!verdict.valid) throw new Error(verdict.reason);
  };
  const [cold] = await repeat(1, verify);
  const warm = await repeat(25, verify);
  const { path, values } = parseInclusion(bytes);
  const node = JSON.stringify({ hash: '0'.repeat(64), sum: '0'.repeat(96) }).length + 1;
  const bytesAt512Batches = bytes.length + node * (Math.log2(BATCHES) - path.length);
  return {
    inclusionBytes: bytes.length,
    bytesAt512Batches,
    values: values.length,
    coldMilliseconds: cold,
    warmMilliseconds: median(warm),
  };
}

async function idsOf(input: string, count: number): Promise<Uint8Array[]> {
  const { config, directory } = await loadConfig(join(input, 'snapshot.json'));
  const { placement } = await loadKeys(config, directory);
  const header = headerOf(config);
  const digest = headerDigest(header);
  const ids: Uint8Array[] = [];
  for await (const keys of readPlacedKeys({
    input: join(input, 'accounts'),
    config,
    header,
    placementKey: placement,
  }))
    for (let at = 0; at < keys.length && ids.length < count; at += 32)
      ids.push(accountId(digest, keys.subarray(at, at + 32)));
  return ids;
}

// `npm run bench:services [-- --quick]`: the services as processes over a real Kafka and PostgreSQL, against the CLI's own proving; look-ups; memory.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import autocannon, { type Options } from 'autocannon';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { startEmbeddedPostgres } from '@solvent-por/dev/embedded-postgres';
import { ApiKeyRepository, migrate, openDatabase, SnapshotRepository } from '@solvent-por/services/database';
import { accountId, headerDigest, parseManifest } from '@solvent-por/verifier';
import { headerOf } from '@solvent-por/snapshot';
import { generateSnapshot, loadConfig } from '@solvent-por/snapshot/readers';
import { Cluster } from '../cluster/src/cluster';
import type { ServiceProcess } from '../cluster/src/service-process';
import { phasesOf } from '../../services/database/testing/phases';

const root = join(__dirname, '../..');
const quick = process.argv.includes('--quick');
const SIZE = quick ? 32_640 : 131_072;
const LARGE = quick ? 65_536 : 1_310_720;
/** Of one measurement of look-ups. */
const SECONDS = quick ? 5 : 20;
const SEED = 'bench';
const folder = mkdtempSync(join(tmpdir(), 'solvent-bench-services-'));
const sourceDirectory = join(folder, 'source');
const results: Record<string, unknown>[] = [];
let day = 0;

void main();

async function main(): Promise<void> {
  mkdirSync(sourceDirectory, { recursive: true });
  const kafka = await startKafka();
  try {
    for (const provers of [1, 2]) await endToEnd(kafka.brokers, provers);
    report();
  } finally {
    await kafka.stop();
    if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
  }
}

/** Request to PUBLISHED beside what the CLI's prover takes for the same accounts; with two provers also look-ups and memory. */
async function endToEnd(brokers: string[], provers: number): Promise<void> {
  const alone = prove(SIZE, provers);
  const postgres = await startEmbeddedPostgres({
    directory: join(folder, `postgres-${provers}`),
    log: () => undefined,
  });
  try {
    await migrate(postgres.url);
    const database = openDatabase(postgres.url);
    const { key } = await new ApiKeyRepository(database)
      .create({ name: 'bench', role: 'OPERATOR', createdBy: null })
      .finally(() => database.close());
    const cluster = await Cluster.start({
      bundles: join(root, 'dist/services'),
      logs: join(folder, `logs-${provers}`),
      databaseUrl: postgres.url,
      ...{ brokers, sourceDirectory, provers },
      masterKey: toHex(createHash('sha256').update(`solvent/v1/generated keys ${SEED}`).digest()),
      witnessKeys: `bench:0x${'42'.repeat(32)}`,
      environment: {
        SOLVENT_LOG_LEVEL: 'warn',
        SOLVENT_INCLUSION_WORKERS: '2',
        SOLVENT_RATE_LOOKUP: '0',
        SOLVENT_RATE_LOOKUP_KEY: '0',
      },
    });
    try {
      // A group that members have just joined hands its partitions out anew: that is the start's time, not the snapshot's.
      await pause(5_000);
      const run = await publish(cluster, postgres.url, key, SIZE, provers);
      results.push({
        name: `request to PUBLISHED, ${SIZE} accounts, ${provers} prover(s)`,
        seconds: run.seconds,
        phases: run.phases,
        aloneSeconds: alone,
        overhead: run.seconds / alone - 1,
      });
      if (provers === 1) return;
      const before = memory(cluster);
      await lookUps(cluster, run.snapshotId, run.accountsDirectory);
      const afterLookUps = memory(cluster);
      await publish(cluster, postgres.url, key, LARGE, provers);
      results.push({
        name: 'peak memory, MB',
        [`at ${SIZE} accounts`]: before,
        'after the look-ups': afterLookUps,
        [`at ${LARGE} accounts`]: memory(cluster),
      });
    } finally {
      await cluster.stop();
    }
  } finally {
    await postgres.stop();
  }
}

/** Seconds the CLI's prover takes from the start of its workers to the manifest. */
function prove(accounts: number, workers: number): number {
  const options = { mode: 'aggregate', accounts, assets: 20, nonZeroShare: 0.25, workers };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/bench/scenarios.cjs'), 'prove', JSON.stringify(options)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { totalSeconds: number }).totalSeconds;
}

async function publish(
  cluster: Cluster,
  databaseUrl: string,
  key: string,
  accounts: number,
  provers: number,
) {
  const snapshotId = `bench-${accounts}-${provers}`;
  const directory = join(sourceDirectory, snapshotId);
  const files = Math.ceil(accounts / 131_072);
  const { configFile } = await generateSnapshot({
    directory,
    accounts,
    assets: 20,
    nonZeroShare: 0.25,
    files,
    seed: SEED,
  });
  const { config } = await loadConfig(configFile);
  const { keys: _keys, ...rest } = config;
  const takenAt = new Date(Date.UTC(2026, 0, ++day)).toISOString().replace('.000Z', 'Z');
  const wanted = { ...rest, snapshot: snapshotId, takenAt };
  headerOf({ ...config, snapshot: snapshotId, takenAt });
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    const start = performance.now();
    const query = 'mutation ($input: RequestSnapshotInput!) { requestSnapshot(input: $input) { created } }';
    const input = { config: JSON.stringify(wanted), source: `${snapshotId}/accounts` };
    const response = await fetch(`${cluster.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { errors } = (await response.json()) as { errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    const snapshots = new SnapshotRepository(database);
    for (;;) {
      const { state, failure } = (await snapshots.progress(snapshotId)) ?? {};
      if (state === 'FAILED') throw new Error(JSON.stringify(failure));
      if (state === 'PUBLISHED') break;
      await pause(25);
    }
    return {
      phases: await phasesOf(database, snapshotId),
      snapshotId,
      seconds: (performance.now() - start) / 1000,
      accountsDirectory: join(directory, 'accounts'),
    };
  } finally {
    await database.close();
  }
}

/** Look-ups a second: the first of each batch, of further accounts that nobody asked for before, then of those that are kept. */
async function lookUps(cluster: Cluster, snapshotId: string, accounts: string): Promise<void> {
  const ids = await accountIds(cluster, snapshotId, accounts, 32_000);
  const body = (accountId: string) =>
    JSON.stringify({
      query:
        'query ($s: String!, $a: String!) { inclusionProof(snapshotId: $s, accountId: $a) { values { display symbol side } document } }',
      variables: { s: snapshotId, a: accountId },
    });
  const measure = async (name: string, options: Partial<Options>, pick: (n: number) => string) => {
    let n = 0;
    const before = cpuSeconds(cluster);
    const run = await autocannon({
      url: `${cluster.url}/graphql`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      requests: [{ setupRequest: (request) => ({ ...request, body: body(pick(n++)) }) }],
      verifyBody: (text) => !String(text).includes('"errors"'),
      ...options,
    });
    const { requests, latency, errors, non2xx, mismatches, duration } = run;
    const cpu = cpuSeconds(cluster);
    results.push({
      name: `look-ups, ${name}`,
      asked: requests.total,
      perSecond: requests.total / duration,
      p50: latency.p50,
      p99: latency.p99,
      longest: latency.max,
      gatewayCpuMilliseconds: (1000 * (cpu - before)) / requests.total,
      failed: errors + non2xx + mismatches,
    });
    return requests.total;
  };
  // Spread over the input, so that batches mix as users do; so many that every batch is among them.
  const spread = (n: number) => ids[(n * 7919) % ids.length]!;
  const some = 16 * Math.ceil(SIZE / 4080);
  await measure('the first of every batch', { connections: 16, amount: some }, spread);
  const first = await measure('first', { connections: 16, duration: SECONDS }, (n) => spread(some + n));
  const asked = Math.min(some + first, 500);
  await measure('kept', { connections: 32, duration: SECONDS }, (n) => spread(n % asked));
}

/** CPU time of the gateway so far, all threads. */
function cpuSeconds({ services }: Cluster): number {
  const { pid } = services.find(({ options }) => options.name === 'gateway')!;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  // In hundredths of a second, as Linux counts everywhere.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Ids of the snapshot, made from the keys as they stand in the balances. */
async function accountIds(
  { url }: Cluster,
  snapshotId: string,
  directory: string,
  count: number,
): Promise<string[]> {
  const manifest = await fetch(`${url}/snapshots/${snapshotId}/manifest.json`);
  const digest = headerDigest(parseManifest(new Uint8Array(await manifest.arrayBuffer())).header);
  const ids: string[] = [];
  for (const file of readdirSync(directory).sort())
    for await (const line of createInterface({ input: createReadStream(join(directory, file)) }))
      for (const [, key] of line.matchAll(/"id":"([0-9a-f]{64})"/g))
        if (ids.push(toHex(accountId(digest, hexBytes(`0x${key!}`, 32)))) === count) return ids;
  return ids;
}

/** Largest resident size so far, a service. */
function memory({ services }: Cluster): Record<string, number> {
  const peak = ({ pid }: ServiceProcess) =>
    Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
  return Object.fromEntries(services.map((service) => [service.options.name, peak(service)]));
}

async function startKafka(): Promise<{ brokers: string[]; stop: () => Promise<void> }> {
  const script = join(root, 'infra/kafka/local-kafka.mjs');
  const child: ChildProcess = spawn(
    process.execPath,
    [script, 'run', '--directory', join(folder, 'kafka'), '--with-stdin'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout! }).once('line', resolve),
  );
  return {
    brokers: (JSON.parse(line) as { brokers: string[] }).brokers,
    stop: async () => {
      child.stdin!.end();
      await ended;
    },
  };
}

function report(): void {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memory: totalmem(), node: process.version };
  for (const { name, ...figures } of results)
    process.stdout.write(`${String(name)}: ${JSON.stringify(figures)}\n`);
  const file = join(root, 'dist/bench/services.json');
  writeFileSync(
    file,
    `${JSON.stringify({ date: new Date().toISOString(), machine, quick, results }, null, 2)}\n`,
  );
  process.stdout.write(`${JSON.stringify(machine)}\nwritten to ${file}\n`);
}

// `npm run bench:services [-- --quick] [--look-ups | --reserves]`: the services as processes over a real Kafka and
// PostgreSQL, against the CLI's own proving; look-ups; memory.
// With --look-ups those alone; with --reserves what is held, of OKX's size.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { toHex } from '@solvent-por/kzg';
import { startEmbeddedPostgres } from '@solvent-por/dev/embedded-postgres';
import { prepareDatabase } from '@solvent-por/dev/local';
import { ApiKeyRepository, openDatabase, SnapshotRepository } from '@solvent-por/services/database';
import { headerOf } from '@solvent-por/snapshot';
import { deriveKeys, generateSnapshot, loadConfig } from '@solvent-por/snapshot/readers';
import { Cluster } from '../cluster/src/cluster';
import type { ChildService } from '../cluster/src/service-process';
import { measureLookUps } from './look-ups';
import { measureReserves } from './reserves-services';
import { phasesOf } from '../../services/database/testing/phases';

const root = join(__dirname, '../..');
const quick = process.argv.includes('--quick');
const lookUpsAlone = process.argv.includes('--look-ups');
const reservesAlone = process.argv.includes('--reserves');
const SIZE = quick ? 32_640 : 131_072;
const LARGE = quick ? 65_536 : 1_310_720;
/** Of one measurement of look-ups. */
const SECONDS = quick ? 5 : 20;
const SEED = 'bench';
const MASTER = createHash('sha256').update(`solvent/v1/generated keys ${SEED}`).digest();
/** Lines of reserves. */
const SIGNED = 5_000;
const folder = mkdtempSync(join(tmpdir(), 'solvent-bench-services-'));
const sourceDirectory = join(folder, 'source');
const results: Record<string, unknown>[] = [];
let day = 0;

void main();

async function main(): Promise<void> {
  mkdirSync(sourceDirectory, { recursive: true });
  const kafka = await startKafka();
  try {
    for (const provers of reservesAlone ? [1] : lookUpsAlone ? [2] : [1, 2])
      await endToEnd(kafka.brokers, provers);
    report();
  } finally {
    await kafka.stop();
    if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Request to PUBLISHED beside what the CLI's prover takes for the same accounts; with two provers also
 * look-ups and memory.
 */
async function endToEnd(brokers: string[], provers: number): Promise<void> {
  const alone = lookUpsAlone || reservesAlone ? undefined : prove(SIZE, provers);
  const postgres = await startEmbeddedPostgres({
    directory: join(folder, `postgres-${provers}`),
    log: () => undefined,
  });
  try {
    const databases = await prepareDatabase(postgres.url);
    const database = openDatabase(databases.migrator);
    const { key } = await new ApiKeyRepository(database)
      .create({ name: 'bench', role: 'OPERATOR', createdBy: null })
      .finally(() => database.close());
    const cluster = await Cluster.start({
      bundles: join(root, 'dist/services'),
      logs: join(folder, `logs-${provers}`),
      databases,
      ...{ brokers, sourceDirectory, provers },
      masterKey: toHex(MASTER),
      requestKey: `0x${'33'.repeat(32)}`,
      witnessKeys: `bench:0x${'42'.repeat(32)}`,
      environment: {
        SOLVENT_LOG_LEVEL: 'warn',
        SOLVENT_INCLUSION_WORKERS: '2',
        SOLVENT_RATE_REQUEST: '0',
        SOLVENT_RATE_REQUEST_KEY: '0',
        SOLVENT_RATE_LOOKUP: '0',
        SOLVENT_RATE_LOOKUP_KEY: '0',
      },
    });
    try {
      // A group that members have just joined hands its partitions out anew: that is the start's time, not
      // the snapshot's.
      await pause(5_000);
      if (reservesAlone) return await heldBy(cluster, postgres.url, key);
      const run = await publish(cluster, postgres.url, key, SIZE, provers);
      results.push({
        name: `request to PUBLISHED, ${SIZE} accounts, ${provers} prover(s)`,
        seconds: run.seconds,
        phases: run.phases,
        ...(alone && { aloneSeconds: alone, overhead: run.seconds / alone - 1 }),
      });
      if (provers === 1) return;
      const before = memory(cluster);
      const { snapshotId, accountsDirectory } = run;
      const served = { cluster, databaseUrl: postgres.url, snapshotId, accountsDirectory };
      results.push(...(await measureLookUps(served, { batches: Math.ceil(SIZE / 4080), seconds: SECONDS })));
      if (lookUpsAlone) return;
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

/** Two small snapshots, and reserves beside each: without signatures, and with some. */
async function heldBy(cluster: Cluster, databaseUrl: string, apiKey: string): Promise<void> {
  const { signing } = deriveKeys(MASTER);
  let previous: string | null = null;
  for (const signed of [0, SIGNED]) {
    const { snapshotId } = await publish(cluster, databaseUrl, apiKey, 100 + signed, 1);
    const served = { cluster, databaseUrl, sourceDirectory, snapshotId, apiKey, signing };
    const { digest, ...figures } = await measureReserves(served, signed, previous);
    results.push(figures);
    previous = digest;
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

/** Largest resident size so far, a service. */
function memory({ services }: Cluster): Record<string, number> {
  const peak = ({ pid }: ChildService) =>
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

import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon, { type Options } from 'autocannon';
import { Client } from 'pg';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { accountId, headerDigest, parseManifest } from '@solvent-por/verifier';
import type { Cluster } from '../cluster/src/cluster';

/** A published snapshot whose accounts are looked up. */
export interface ServedSnapshot {
  readonly cluster: Cluster;
  readonly databaseUrl: string;
  readonly snapshotId: string;
  readonly accountsDirectory: string;
}

const QUERY =
  'query ($s: String!, $a: String!) { inclusionProof(snapshotId: $s, accountId: $a) { values { display symbol side } document } }';

/**
 * Look-ups a second: the first of each batch, of further accounts that nobody asked for before, then of those
 * that are kept.
 */
export async function measureLookUps(
  served: ServedSnapshot,
  { batches, seconds }: { readonly batches: number; readonly seconds: number },
): Promise<Record<string, unknown>[]> {
  const { cluster, snapshotId } = served;
  const ids = await accountIds(served);
  const body = (a: string) => JSON.stringify({ query: QUERY, variables: { s: snapshotId, a } });
  const results: Record<string, unknown>[] = [];
  const measure = async (name: string, options: Partial<Options>, pick: (n: number) => string) => {
    let n = 0;
    const before = await cpuSeconds(served);
    const { requests, latency, errors, non2xx, mismatches, duration } = await autocannon({
      url: `${cluster.url}/graphql`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // Who comes first to a batch waits for its openings, and others' work on this machine may make that
      // long.
      timeout: 120,
      requests: [{ setupRequest: (request) => ({ ...request, body: body(pick(n++)) }) }],
      verifyBody: (text) => !String(text).includes('"errors"'),
      ...options,
    });
    const cpuMilliseconds = perLookUp(before, await cpuSeconds(served), requests.total);
    results.push({
      name: `look-ups, ${name}`,
      asked: requests.total,
      perSecond: requests.total / duration,
      ...{ p50: latency.p50, p99: latency.p99, longest: latency.max },
      cpuMilliseconds,
      machineLoad: loadavg()[0],
      failed: { errors, non2xx, mismatches },
    });
    return requests.total;
  };
  // Spread over the input, so that batches mix as users do; so many that every batch is among them.
  const spread = (n: number) => ids[(n * 7919) % ids.length]!;
  const some = 16 * batches;
  await measure('the first of every batch', { connections: 16, amount: some }, spread);
  const first = await measure('first', { connections: 16, duration: seconds }, (n) => spread(some + n));
  // Else accounts were asked for twice, and the figure is of kept ones too.
  if (some + first > ids.length)
    throw new Error(
      `all ${ids.length} accounts were looked up: measure for a shorter time, or more accounts`,
    );
  const asked = Math.min(some + first, 500);
  await measure('kept', { connections: 32, duration: seconds }, (n) => spread(n % asked));
  return results;
}

/** Ids of all accounts of the snapshot, made from the keys as they stand in the balances. */
async function accountIds({ cluster, snapshotId, accountsDirectory }: ServedSnapshot): Promise<string[]> {
  const manifest = await fetch(`${cluster.url}/snapshots/${snapshotId}/manifest.json`);
  const digest = headerDigest(parseManifest(new Uint8Array(await manifest.arrayBuffer())).header);
  const ids: string[] = [];
  for (const file of readdirSync(accountsDirectory).sort())
    for await (const line of createInterface({ input: createReadStream(join(accountsDirectory, file)) }))
      for (const [, key] of line.matchAll(/"id":"([0-9a-f]{64})"/g))
        ids.push(toHex(accountId(digest, hexBytes(`0x${key!}`, 32))));
  return ids;
}

/**
 * CPU time so far, all threads: the gateway, the database's processes by their ids, and the load that this
 * process makes.
 */
interface CpuSeconds {
  readonly gateway: number;
  readonly database: ReadonlyMap<number, number>;
  readonly load: number;
}

async function cpuSeconds({ cluster, databaseUrl }: ServedSnapshot): Promise<CpuSeconds> {
  const { pid } = cluster.services.find(({ options }) => options.name === 'gateway')!;
  const { user, system } = process.cpuUsage();
  const backends = await backendsOf(databaseUrl);
  return {
    gateway: cpuOf(pid!),
    database: new Map(backends.map((backend) => [backend, cpuOf(backend)])),
    load: (user + system) / 1e6,
  };
}

/** Milliseconds a look-up; of the database what those connections took that were there before and after. */
function perLookUp(before: CpuSeconds, after: CpuSeconds, lookUps: number) {
  const each = (seconds: number) => Number(((1000 * seconds) / lookUps).toFixed(3));
  let database = 0;
  for (const [pid, cpu] of after.database) database += cpu - (before.database.get(pid) ?? cpu);
  return {
    gateway: each(after.gateway - before.gateway),
    database: each(database),
    load: each(after.load - before.load),
  };
}

async function backendsOf(databaseUrl: string): Promise<number[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const query = 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()';
    return (await client.query<{ pid: number }>(query)).rows.map(({ pid }) => pid);
  } finally {
    await client.end();
  }
}

/** Of a process, or 0 where it ended since. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    // In hundredths of a second, as Linux counts everywhere.
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

// Reserves of OKX's size through ingest, prover and gateway as processes: `npm run bench:services -- --reserves`.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ed25519 } from '@noble/curves/ed25519.js';
import { createClient } from '@solvent-por/client';
import { toHex } from '@solvent-por/kzg';
import {
  buildReserves,
  readManifest,
  reservesDigest,
  signedText,
  type DraftedLine,
} from '@solvent-por/reserves';
import { openDatabase } from '@solvent-por/services/database';
import { canonicalJson, headerDigest } from '@solvent-por/verifier';
import { eip191, secpKey } from '../../packages/reserves/testing/keys';
import type { Cluster } from '../cluster/src/cluster';
import type { ChildService } from '../cluster/src/service-process';

export interface ReservesServed {
  readonly cluster: Cluster;
  readonly databaseUrl: string;
  readonly sourceDirectory: string;
  readonly snapshotId: string;
  readonly apiKey: string;
  /** Seed of the operator's key. */
  readonly signing: Uint8Array;
}

/** Lines of OKX's publication, and how many a key signed for. */
const LINES = 212_442;
const LOOK_EVERY_MS = 50;
const SEARCHES = 200;

/** @param signed so many of the lines are signed; @param previous digest of the publication before */
export async function measureReserves(served: ReservesServed, signed: number, previous: string | null) {
  const { cluster, sourceDirectory, snapshotId, apiKey } = served;
  const client = createClient({ endpoint: `${cluster.url}/graphql`, apiKey });
  const made = publication(await client.downloadManifest(snapshotId), served.signing, signed, previous);
  const source = `${snapshotId}-reserves`;
  mkdirSync(join(sourceDirectory, source));
  writeFileSync(join(sourceDirectory, source, 'reserves.json'), made.reserves);
  writeFileSync(join(sourceDirectory, source, 'reserve-addresses.ndjson'), made.addresses);
  const before = resident(cluster, 'VmRSS');
  const watching = watch(cluster);
  const start = performance.now();
  await client.requestReserves({ snapshotId, source });
  for await (const { state, operations } of client.watchReserves(snapshotId))
    if (state === 'FAILED') throw new Error(JSON.stringify(operations?.failure));
  const seconds = (performance.now() - start) / 1000;
  const slowest = await watching();
  const from = performance.now();
  const hash = createHash('sha256');
  const { body } = await client.downloadReserveAddresses(snapshotId);
  for await (const piece of body) hash.update(piece);
  if (hash.digest('hex') !== made.fileDigest) throw new Error('the download is another file');
  return {
    name: `request to PUBLISHED, ${LINES} lines of reserves, ${signed} signed`,
    digest: made.digest,
    seconds,
    megabytes: made.addresses.length / 1e6,
    downloadSeconds: (performance.now() - from) / 1000,
    searches: await searches(client, snapshotId),
    plans: await plans(served),
    'slowest answer to /healthz meanwhile, ms': slowest,
    'resident before, MB': before,
    'resident at most, MB': resident(cluster, 'VmHWM'),
    'resident after, MB': resident(cluster, 'VmRSS'),
  };
}

/** Ether, one line an address, of which some are signed; none has a state proof. */
function publication(manifest: Uint8Array, signing: Uint8Array, signed: number, previous: string | null) {
  const read = readManifest(manifest);
  const { operator, snapshot, takenAt } = read.header;
  const draft = {
    ...{ operator, domain: 'exchange.example', snapshot, takenAt, anchor: 'eip155:1' },
    liabilities: { header: toHex(headerDigest(read.header)), manifest: read.digest },
    networks: [
      { network: 'eip155:1', height: '23900000', block: `0x${'ab'.repeat(32)}`, time: takenAt },
      { network: 'eip155:10', height: '23900000', block: `0x${'ab'.repeat(32)}`, time: takenAt },
    ],
    assets: [{ symbol: 'ETH', scale: 9 }],
    ...{ messages: [], attested: [], previous },
  };
  const text = signedText(draft);
  const lines = Array.from({ length: LINES }, (_, i): DraftedLine => {
    const of = { asset: 'ETH', class: 'own', amount: `${i + 1}000000000` };
    if (i < signed) {
      const key = secpKey(`bench ${i}`);
      const ownership = { scheme: 'eip191', signatures: [eip191(text, key)] };
      return { ...of, network: 'eip155:1', address: key.evm, ownership };
    }
    const address = `0x${createHash('sha256').update(`bench ${i}`).digest('hex').slice(24)}`;
    // The last one alone is on another network: a search that a filter makes rare.
    return { ...of, network: i === LINES - 1 ? 'eip155:10' : 'eip155:1', address };
  });
  const built = buildReserves(draft, lines);
  const digest = reservesDigest(built.unsigned);
  const signature = toHex(ed25519.sign(digest, signing));
  const addresses = Buffer.from(built.lines.map((line) => `${line}\n`).join(''));
  return {
    reserves: canonicalJson({ ...built.unsigned, signature }),
    addresses,
    fileDigest: createHash('sha256').update(addresses).digest('hex'),
    digest: toHex(digest),
  };
}

/** Milliseconds: median and slowest of searches of each kind. */
async function searches(client: ReturnType<typeof createClient>, snapshotId: string) {
  const kinds = {
    'three digits': () => ({ search: `0x${Math.floor(Math.random() * 4096).toString(16)}` }),
    'all of them, on the rare network': () => ({ search: '0', network: 'eip155:10' }),
    'in the middle of the list': () => ({ after: String(Math.floor(Math.random() * LINES)) }),
  };
  const figures: Record<string, readonly [number, number]> = {};
  for (const [name, wanted] of Object.entries(kinds)) {
    const times: number[] = [];
    for (let i = 0; i < SEARCHES; i++) {
      const start = performance.now();
      await client.reserveLinePage(snapshotId, { first: 50, ...wanted() });
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    figures[name] = [rounded(times[SEARCHES / 2]!), rounded(times.at(-1)!)];
  }
  return figures;
}

/** What PostgreSQL reads for a page that a filter makes rare. */
async function plans({ databaseUrl, snapshotId }: ReservesServed): Promise<readonly string[]> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT line FROM reserve_line WHERE snapshot_id = $1 AND network = 'eip155:10'
       AND asset = 'ETH' AND address >= '0' AND address < '1' ORDER BY address, line LIMIT 51`,
      [snapshotId],
    );
    return rows.map((row) => row['QUERY PLAN']);
  } finally {
    await database.close();
  }
}

/** Asks every service whether it lives, until it is ended. @returns the slowest answer of each, ms */
function watch({ services }: Cluster): () => Promise<Record<string, number>> {
  const slowest: Record<string, number> = {};
  let ended = false;
  const asking = services.map(async ({ options: { name, url } }) => {
    while (!ended) {
      const start = performance.now();
      await (await fetch(`${url}/healthz`)).arrayBuffer();
      slowest[name] = Math.max(slowest[name] ?? 0, rounded(performance.now() - start));
      await pause(LOOK_EVERY_MS);
    }
  });
  return async () => {
    ended = true;
    await Promise.all(asking);
    return slowest;
  };
}

function resident({ services }: Cluster, what: 'VmRSS' | 'VmHWM'): Record<string, number> {
  const megabytes = ({ pid }: ChildService) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)![1]) / 1024);
  };
  return Object.fromEntries(services.map((service) => [service.options.name, megabytes(service)]));
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { createClient, type SolventClient } from '@solvent-por/client';
import {
  MAX_ASSETS,
  parseInclusion,
  parseManifest,
  verifyGlobalProof,
  verifyInclusion,
  type Manifest,
} from '@solvent-por/verifier';
import { startEmbedded, type EmbeddedServices } from './embedded-services';

/**
 * The most assets that a header may have, each with haircuts, through every service: PostgreSQL, ingest,
 * prover and gateway in one process, and the client.
 */
const SNAPSHOT = 'many-assets';
const [COUNT, ROUND] = [12, 100_000_000n];
const folder = mkdtempSync(join(tmpdir(), 'solvent-many-assets-'));
let harness: EmbeddedServices;
let client: SolventClient;

/** Of the first 2,000 units nine tenths count, of the rest half. */
const asset = (_: unknown, i: number) => ({
  symbol: `TOKEN${i}`,
  scale: 8,
  limbs: 3,
  price: '1.25',
  tiers: [{ percent: 90, upTo: '0.00002' }, { percent: 50 }],
});
const keyOf = (n: number) => `0x${(n + 1).toString(16).padStart(64, 'c')}`;
/** Account n holds n + 1 of every asset, and owes a fifth of that in every second one. */
const held = (n: number) => BigInt(n + 1) * ROUND;
const owed = (n: number, i: number) => (i % 2 === 0 ? held(n) / 5n : 0n);

function account(n: number): string {
  const amounts = Array.from({ length: MAX_ASSETS }, (_, i) => [
    `TOKEN${i}`,
    { equity: String(held(n)), debt: String(owed(n, i)) },
  ]);
  return `${JSON.stringify({ id: keyOf(n).slice(2), assets: Object.fromEntries(amounts) })}\n`;
}

beforeAll(async () => {
  const say = () => undefined;
  harness = await startEmbedded({ directory: folder, port: 0, workers: 1, version: '0.0.0-test', say });
  client = createClient({ endpoint: harness.url, apiKey: harness.apiKey });
  const source = join(harness.sourceDirectory, SNAPSHOT);
  mkdirSync(source);
  const rows = Array.from({ length: COUNT }, (_, n) => account(n));
  writeFileSync(join(source, 'accounts.ndjson'), rows.join(''));
});
afterAll(async () => {
  await harness?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function manifestOf(): Promise<Manifest> {
  return parseManifest(await client.downloadManifest(SNAPSHOT));
}

test('512 assets with haircuts are requested, ingested, proved and published', async () => {
  const config = {
    snapshot: SNAPSHOT,
    takenAt: '2025-11-30T00:00:00Z',
    operator: harness.operator,
    mode: 'margin' as const,
    unit: 'USD',
    priceScale: 10,
    assets: Array.from({ length: MAX_ASSETS }, asset),
  };
  const { created } = await client.requestSnapshot({ config, source: SNAPSHOT });
  expect(created).toBe(true);
  let snapshot = await client.snapshot(SNAPSHOT);
  while (snapshot?.state !== 'PUBLISHED' && snapshot?.state !== 'FAILED') {
    await new Promise((resolve) => setTimeout(resolve, 100));
    snapshot = await client.snapshot(SNAPSHOT);
  }
  expect(snapshot).toMatchObject({ state: 'PUBLISHED', progress: { failure: null } });
});

test('its manifest and global proof are downloaded and hold', async () => {
  const bytes = await client.downloadManifest(SNAPSHOT);
  // Longer than any manifest without haircuts: what the limits of a client are for.
  expect(bytes.length).toBeGreaterThan(65_536);
  const { body } = await client.streamGlobalProof(SNAPSHOT);
  const verdict = await verifyGlobalProof(body, {
    kzg: nativeVerifier(),
    operator: hexBytes(harness.operator, 32),
  });
  const sum = (of: (n: number) => bigint) =>
    String(Array.from({ length: COUNT }, (_, n) => of(n)).reduce((a, b) => a + b));
  const equities = Array.from({ length: MAX_ASSETS }, () => sum(held));
  const debts = Array.from({ length: MAX_ASSETS }, (_, i) => sum((n) => owed(n, i)));
  expect(verdict).toMatchObject({ valid: true, manifest: { totals: [...equities, ...debts] } });
  const listed = [];
  for await (const manifest of client.manifests({ first: 50 })) listed.push(manifest);
  expect(listed.map(({ document }) => document)).toEqual([Buffer.from(bytes).toString('utf8')]);
  expect(listed[0]!.totals).toHaveLength(2 * MAX_ASSETS);
});

test('each account is looked up, with all that it holds and owes, and verified there and here', async () => {
  const manifest = await manifestOf();
  for (const n of [0, COUNT - 1]) {
    const id = await client.accountId(SNAPSHOT, keyOf(n));
    const { document, values } = await client.inclusionProof(SNAPSHOT, id);
    expect(values).toHaveLength(2 * MAX_ASSETS);
    const inclusion = parseInclusion(utf8(document));
    expect(inclusion.values).toEqual([
      ...Array.from({ length: MAX_ASSETS }, () => held(n)),
      ...Array.from({ length: MAX_ASSETS }, (_, i) => owed(n, i)),
    ]);
    const trusted = { manifest, key: hexBytes(keyOf(n), 32) };
    expect(verifyInclusion(inclusion, trusted, nativeVerifier())).toMatchObject({
      valid: true,
      keyChecked: true,
    });
    expect(await client.verifyInclusion(document, id)).toMatchObject({ valid: true, idChecked: true });
    expect(await client.plainOpening(SNAPSHOT, id)).toMatchObject({ batch: 0, row: inclusion.row });
    expect(toHex(inclusion.id)).toBe(id);
  }
});

test('the service checks its own global proof', async () => {
  let check = await client.verifyGlobal(SNAPSHOT);
  while (check.state === 'RUNNING') {
    await new Promise((resolve) => setTimeout(resolve, 100));
    check = (await client.globalVerification(SNAPSHOT))!;
  }
  expect(check).toMatchObject({ state: 'FINISHED', valid: true });
});

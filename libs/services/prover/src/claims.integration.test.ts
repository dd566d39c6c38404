import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkClaimFile, claimKeyOf, parseClaimFile } from '@solvent-por/claims';

import { InclusionPool, ProofPool, proveSnapshot } from '@solvent-por/prover';
import { dropPrivateData, LookupRepository, lookupKey } from '@solvent-por/services/database';
import { claimMark, headerDigest, parseManifest, type AccountBatch } from '@solvent-por/verifier';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import {
  accessOf,
  accountBatchesOf,
  headerOf,
  inProcessBus,
  KEYRING,
  KEYS,
  ProverHarness,
  soon,
  verifyingKeyOf,
  withMarks,
} from '../testing/prover-harness';

/** Real PostgreSQL, the bus in this process, real proofs. Threads come from `npm run build`. */
let database: TestDatabase;
let harness: ProverHarness;
beforeEach(async () => {
  database = await testDatabase();
  harness = await ProverHarness.open(database, inProcessBus());
});
afterEach(async () => {
  await harness.close();
  await database.drop();
});

const CLAIMS = { keys: [`0x${'ab'.repeat(32)}`, `0x${'cd'.repeat(32)}`] };

async function manifestOf(id: string) {
  return parseManifest(new Uint8Array((await harness.snapshots.find(id))!.manifest!));
}

async function published(snapshot: string, batches: readonly AccountBatch[], claims?: typeof CLAIMS) {
  const takenAt = `2026-${snapshot === 'november-2026' ? '11-30' : '12-31'}T00:00:00Z`;
  const header = headerOf(snapshot, takenAt);
  const ingested = await harness.plan(header, batches, 2, claims);
  await harness.publish(ingested.jobs);
  await harness.ingested(ingested);
  expect(await harness.ended(snapshot)).toBe('PUBLISHED');
  return { header, run: ingested.run, manifest: await manifestOf(snapshot) };
}

/** The same accounts, proved by the command line's own prover. */
async function provedInFolder(header: ReturnType<typeof headerOf>, batches: readonly AccountBatch[]) {
  async function* each() {
    yield* batches;
  }
  const directory = mkdtempSync(join(tmpdir(), 'solvent-claims-'));
  try {
    const accounts = batches.reduce((sum, { count }) => sum + count, 0);
    const source = { sourceDigest: 'source', configDigest: 'config', batches: each() };
    const output = { directory: join(directory, 'out'), workers: 1 };
    await proveSnapshot({ header, keys: KEYS, claimKeys: CLAIMS.keys, accounts, ...source, ...output });
    return parseManifest(new Uint8Array(readFileSync(join(output.directory, 'manifest.json'))));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('a snapshot with claims: an account’s file leads to the published root, and retention drops what leads there', async () => {
  await harness.prover();
  const batches = withMarks(accountBatchesOf(4_083));
  const { header, manifest } = await published('november-2026', batches, CLAIMS);
  expect(manifest.claimKeys).toEqual(CLAIMS.keys);
  expect(await harness.verdict(header.snapshot)).toMatchObject({ valid: true });

  const lookup = new LookupRepository(harness.database, KEYRING);
  const pool = new InclusionPool({ workers: 1 });
  try {
    const id = batches[1]!.ids.slice(32, 64);
    const { batch, row } = (await lookup.look(header.snapshot, lookupKey(id))).place!;
    const roots = (await lookup.claimRoots(header.snapshot))!;
    const witness = (await harness.store.witness(header.snapshot, batch))!;
    const rows = [row, 0];
    expect(await pool.claimsKept({ manifest, batch, rows })).toBeUndefined();
    // Whoever writes other roots to the database gets nothing out of it.
    const other = Uint8Array.from(roots);
    other[5]! ^= 1;
    await expect(pool.claims({ manifest, batch, rows, witness, roots: other })).rejects.toMatchObject({
      code: 'CLAIM_SELF_CHECK',
    });
    const made = await pool.claims({ manifest, batch, rows, witness, roots });
    const files = made.map(({ document }) => parseClaimFile(document));
    for (const file of files) expect(() => checkClaimFile(file, manifest)).not.toThrow();
    expect(files[0]!.id).toEqual(new Uint8Array(id));
    expect(files[0]!.claimKey).toEqual(claimKeyOf(KEYS.claim, headerDigest(header), id));
    // What comes with each is the mark of its owner's access.
    expect(made.map(({ mark }) => mark)).toEqual(files.map((file) => claimMark(accessOf(file.id))));
    expect(await pool.claimsKept({ manifest, batch, rows })).toEqual(made);
  } finally {
    await pool.end();
  }
  await dropPrivateData(harness.database, header.snapshot);
  expect(await lookup.claimRoots(header.snapshot)).toBeNull();
  expect(await harness.verdict(header.snapshot)).toMatchObject({ valid: true });
});

test('claims are a snapshot’s own affair: without them the members are null; with them the root is the file prover’s', async () => {
  await harness.prover();
  const { header, manifest } = await published('november-2026', accountBatchesOf(3));
  expect(manifest).toMatchObject({ claimRoot: null, claimKeys: null });
  expect(await new LookupRepository(harness.database, KEYRING).claimRoots(header.snapshot)).toBeNull();
  const batches = withMarks(accountBatchesOf(3, 'b'));
  const december = await published('december-2026', batches, CLAIMS);
  expect(december.manifest.claimKeys).toEqual(CLAIMS.keys);
  const { claimRoot } = await provedInFolder(december.header, batches);
  expect(december.manifest.claimRoot).toBe(claimRoot);
});

test('a job that comes twice, and a prover that is killed before it says so, leave one tree', async () => {
  await harness.prover();
  const header = headerOf('november-2026');
  const batches = withMarks(accountBatchesOf(5));
  const ingested = await harness.plan(header, batches, 1, CLAIMS);
  await harness.publish([...ingested.jobs, ...ingested.jobs]);
  await harness.quiet();
  await harness.publish(ingested.jobs);
  await harness.ingested(ingested);
  expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
  const { rows } = await harness.database.pool.query<{ length: number }>(
    'SELECT octet_length(roots) AS length FROM claim_roots',
  );
  expect(rows).toEqual([{ length: 32 }]);
});

test('a prover without the claim key fails the snapshot, and says what to do', async () => {
  const { operator, salt, blinding } = KEYS;
  const pool = new ProofPool({ workers: 1, keys: { salt, blinding } });
  try {
    await harness.prover({ pool, keys: { ...KEYS, operator } });
    const ingested = await harness.plan(headerOf('november-2026'), withMarks(accountBatchesOf(3)), 1, CLAIMS);
    await harness.publish(ingested.jobs);
    await harness.ingested(ingested);
    expect(await harness.ended('november-2026')).toBe('FAILED');
    expect((await harness.snapshots.find('november-2026'))!.failure).toMatchObject({
      code: 'CLAIM_KEY_MISSING',
      message: expect.stringContaining('keys derive') as string,
    });
  } finally {
    await pool.end();
  }
});

test('a job without what claim files are handed out by fails the snapshot: nobody’s id alone is enough', async () => {
  await harness.prover();
  const ingested = await harness.plan(headerOf('november-2026'), accountBatchesOf(3), 1, CLAIMS);
  await harness.publish(ingested.jobs);
  await harness.ingested(ingested);
  expect(await harness.ended('november-2026')).toBe('FAILED');
  expect((await harness.snapshots.find('november-2026'))!.failure).toMatchObject({
    code: 'CLAIM_MARKS_MISSING',
    message: expect.stringContaining('request the snapshot again') as string,
  });
});

test('a key that the signer refuses, one of a development set-up say, is not signed though its digest was asked for', async () => {
  const key = verifyingKeyOf('development');
  await harness.prover({ claimKeys: { find: async () => key, allowDevelopment: false } });
  const batches = withMarks(accountBatchesOf(3));
  const ingested = await harness.plan(headerOf('november-2026'), batches, 1, CLAIMS);
  await harness.publish(ingested.jobs);
  await harness.ingested(ingested);
  expect(await harness.ended('november-2026')).toBe('FAILED');
  const { failure, manifest } = (await harness.snapshots.find('november-2026'))!;
  expect(failure).toMatchObject({
    code: 'CLAIM_KEY_DEVELOPMENT',
    message: expect.stringContaining('do not rely on it') as string,
  });
  expect(manifest).toBeNull();
});

test('claims that somebody wrote into the database are not signed', async () => {
  const header = headerOf('november-2026');
  const { run, jobs } = await harness.plan(header, accountBatchesOf(3));
  const prover = await harness.prover();
  await harness.publish(jobs);
  while ((await harness.snapshots.provedFirsts(header.snapshot)).size === 0) await soon();
  await prover.stop();
  // Somebody who can write to the database: the request's MAC says that nobody asked for it.
  await harness.database.pool.query(`UPDATE snapshot SET config = config || $1 WHERE id = $2`, [
    JSON.stringify({ claims: CLAIMS }),
    header.snapshot,
  ]);
  await harness.snapshots.finishIngest(run);
  await harness.prover();
  expect(await harness.ended(header.snapshot)).toBe('FAILED');
  expect((await harness.snapshots.find(header.snapshot))!.failure).toMatchObject({ code: 'REQUEST_FORGED' });
});

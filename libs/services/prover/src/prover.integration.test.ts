import { createHash } from 'node:crypto';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { proofStored, snapshotPublished, type EventContract } from '@solvent-por/services/contracts';
import { LookupRepository, lookupKey, ProofReads, PublishedDigests } from '@solvent-por/services/database';
import { InclusionPool, ProofPool } from '@solvent-por/prover';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import {
  accountId,
  headerDigest,
  manifestDigest,
  parseManifest,
  siblingRanges,
  verifyManifestTrust,
} from '@solvent-por/verifier';
import type { InProcessBus } from '@solvent-por/services/kit';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import {
  accountBatchesOf,
  countingMeter,
  headerOf,
  inParts,
  inProcessBus,
  jobOf,
  KEYRING,
  soon,
  totalOf,
  ProverHarness,
} from '../testing/prover-harness';

/** Real PostgreSQL, the bus in this process, real proofs. Threads come from `npm run build`. */
let database: TestDatabase;
let harness: ProverHarness;
let bus: InProcessBus;
beforeEach(async () => {
  database = await testDatabase();
  bus = inProcessBus();
  harness = await ProverHarness.open(database, bus);
});
afterEach(async () => {
  await harness.close();
  await database.drop();
});

async function manifestOf(id: string) {
  return parseManifest(new Uint8Array((await harness.snapshots.find(id))!.manifest!));
}

test('a snapshot of 9,000 accounts: proved, finalised, verified; every account is found once; the next one follows it', async () => {
  await harness.prover({ workers: 2 });
  const header = headerOf('november-2026');
  const batches = accountBatchesOf(9_000);
  const key = new Uint8Array(32).fill(7);
  const id = accountId(headerDigest(header), key);
  batches[2]!.ids.set(id, batches[2]!.ids.length - 32);
  const ingested = await harness.plan(header, batches, 2);
  await harness.publish(ingested.jobs);
  await harness.ingested(ingested);
  expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
  expect(await harness.verdict(header.snapshot)).toMatchObject({
    valid: true,
    proofs: 2,
    manifest: { batchCount: 3, totals: [totalOf(ingested.batches)], previous: null },
  });

  const manifest = await manifestOf(header.snapshot);
  const lookup = new LookupRepository(harness.database, KEYRING);
  const pool = new InclusionPool({ workers: 1 });
  try {
    const { batch, row } = (await lookup.look(header.snapshot, lookupKey(id))).place!;
    const ranges = [{ start: batch, size: 1 }, ...siblingRanges(batch, manifest.batchCount)];
    const [leaf, ...path] = await lookup.nodes(header.snapshot, ranges);
    const [document] = await pool.prove({
      manifest,
      batch,
      rows: [row],
      witness: (await harness.store.witness(header.snapshot, batch))!,
      place: { sum: leaf!.sum, path },
    });
    const published = (await harness.snapshots.find(header.snapshot))!.manifest!;
    const task = { document: document!, key, manifest: new Uint8Array(published) };
    expect(await pool.verify(task)).toMatchObject({ valid: true, keyChecked: true });
  } finally {
    await pool.end();
  }
  const { rows } = await harness.database.pool.query<{ entries: number; keys: number }>(
    'SELECT count(*)::int AS entries, count(DISTINCT lookup_key)::int AS keys FROM account_entry WHERE snapshot_id = $1',
    [header.snapshot],
  );
  expect(rows[0]).toEqual({ entries: 9_000, keys: 9_000 });

  // What is published is known by its digests.
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  const lines = await new ProofReads(harness.database).lines(header.snapshot, 0, 9);
  const digests = await new PublishedDigests(harness.database, KEYRING).of(header.snapshot);
  expect(digests.lines).toEqual(lines.map(({ line }) => sha256(line)));
  expect(digests.manifest).toEqual(
    sha256(new Uint8Array((await harness.snapshots.find(header.snapshot))!.manifest!)),
  );

  const next = headerOf('december-2026', '2026-12-31T00:00:00Z');
  const second = await harness.plan(next, accountBatchesOf(5, 'next'));
  await harness.publish(second.jobs);
  await harness.ingested(second);
  expect(await harness.ended(next.snapshot)).toBe('PUBLISHED');
  expect((await manifestOf(next.snapshot)).previous).toBe(toHex(manifestDigest(manifest)));
  expect(await harness.verdict(next.snapshot)).toMatchObject({ valid: true });
});

test('jobs in any order, twice, in parts, before ingest is done, and of runs that are over', async () => {
  const { counts, meter } = countingMeter();
  await harness.prover({ meter });
  const header = headerOf('november-2026');
  const ingested = await harness.plan(header, accountBatchesOf(8_165));
  const [first, second, third] = ingested.jobs as [never, never, never];
  const stranger = jobOf({ snapshotId: 'unknown', attempt: 1 }, header, 0, [
    { count: 0, ids: new Uint8Array(0), amounts: new Uint32Array(0) },
  ]);
  const stale = jobOf({ ...ingested.run, attempt: 7 }, header, 0, [
    { count: 0, ids: new Uint8Array(0), amounts: new Uint32Array(0) },
  ]);
  const [head, ...tail] = inParts(second, 3);
  await harness.publish([third, stranger, ...tail, first, stale, third, head!, first]);
  await harness.ingested(ingested);
  expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
  expect(await harness.verdict(header.snapshot)).toMatchObject({
    valid: true,
    proofs: 3,
    manifest: { totals: [totalOf(ingested.batches)] },
  });
  await harness.publish([second, ...tail]);
  await harness.quiet();
  expect(counts).toMatchObject({ stored: 3, failed: [], finalised: 1 });
  expect(counts.skipped.filter((outcome) => outcome === 'waiting')).toHaveLength(2);
  expect(bus.deadLetters).toEqual([]);
});

test('two signers that finalise at once publish once', async () => {
  const one = countingMeter();
  const two = countingMeter();
  await Promise.all([harness.prover({ meter: one.meter }), harness.prover({ meter: two.meter })]);
  const header = headerOf('november-2026');
  const ingested = await harness.plan(header, accountBatchesOf(8_161));
  await harness.publish([...ingested.jobs, ...ingested.jobs]);
  await harness.ingested(ingested);
  expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
  // By the sweep, too, which counts after what everybody sees.
  await harness.until(() => one.counts.finalised + two.counts.finalised > 0);
  await harness.quiet();
  expect(one.counts.finalised + two.counts.finalised).toBe(1);
  expect(one.counts.stored + two.counts.stored).toBe(3);
  expect(harness.published).toHaveLength(1);
  expect(await harness.verdict(header.snapshot)).toMatchObject({ valid: true, proofs: 3 });
});

test('a later snapshot that is proved first waits for the earlier one, and follows it', async () => {
  await harness.prover();
  const earlier = await harness.plan(headerOf('november-2026'), accountBatchesOf(4));
  const later = await harness.plan(
    headerOf('december-2026', '2026-12-31T00:00:00Z'),
    accountBatchesOf(5, 'later'),
  );
  await harness.publish(later.jobs);
  await harness.ingested(later);
  await harness.quiet();
  expect(await harness.snapshots.progress('december-2026')).toMatchObject({
    state: 'PROVING',
    batchesProved: 1,
  });
  await harness.publish(earlier.jobs);
  await harness.ingested(earlier);
  expect(await harness.ended('november-2026')).toBe('PUBLISHED');
  expect(await harness.ended('december-2026')).toBe('PUBLISHED');
  const first = await manifestOf('november-2026');
  expect((await manifestOf('december-2026')).previous).toBe(toHex(manifestDigest(first)));
});

/** Our bus, but publishing on one topic fails, as for a process that is killed just before. */
function broken(contract: { readonly topic: string }, times: number) {
  let left = times;
  return {
    subscribe: harness.bus.subscribe.bind(harness.bus),
    isReady: () => harness.bus.isReady(),
    lag: () => harness.bus.lag(),
    close: () => harness.bus.close(),
    async publish<T>(to: EventContract<T>, message: T): Promise<void> {
      if (to.topic === contract.topic && left-- > 0) throw new Error('killed');
      await harness.bus.publish(to, message);
    },
  };
}

test('killed between commit and publish: the sweep finalises, and nothing is proved twice', async () => {
  const { counts, meter } = countingMeter();
  const header = headerOf('november-2026');
  const ingested = await harness.plan(header, accountBatchesOf(3));
  await harness.snapshots.finishIngest(ingested.run);
  await harness.publish(ingested.jobs);
  // Once as for the killed process; then the job is delivered again, its proof found, and the message sent.
  await harness.prover({ meter, bus: broken(proofStored, 1) });
  expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
  expect(counts.stored).toBe(1);
  expect(await harness.verdict(header.snapshot)).toMatchObject({ valid: true });
});

test('every message about a finished snapshot is lost: the sweep finalises it, and says so later', async () => {
  const header = headerOf('november-2026');
  const ingested = await harness.plan(header, accountBatchesOf(3));
  const lost = { ...broken(snapshotPublished, 3) };
  const inner = lost.publish;
  lost.publish = async (to, message) => {
    if (to.topic !== proofStored.topic) await inner(to, message);
  };
  await harness.prover({ bus: lost });
  await harness.publish(ingested.jobs);
  await harness.snapshots.finishIngest(ingested.run);
  expect(await harness.ended(header.snapshot)).toBe('PUBLISHED');
  while (harness.published.length === 0) await soon();
  expect(harness.published).toHaveLength(1);
  const { manifestDigest: digest } = (await harness.snapshots.find(header.snapshot))!;
  expect(harness.published[0]!.manifestDigest).toBe(toHex(digest!));
});

test('a takenAt of 2062 is refused when it would be signed, whatever let it in', async () => {
  await harness.prover();
  const header = headerOf('november-2062', '2062-11-30T00:00:00Z');
  const ingested = await harness.plan(header, accountBatchesOf(5));
  await harness.publish(ingested.jobs);
  await harness.ingested(ingested);
  expect(await harness.ended(header.snapshot)).toBe('FAILED');
  expect((await harness.snapshots.find(header.snapshot))!.failure).toMatchObject({ code: 'TAKEN_IN_FUTURE' });
});

test('after a bad manifest a new key goes on from the last good one, and verifiers are told', async () => {
  const publish = async (snapshot: string, takenAt: string, operator?: string) => {
    const header = { ...headerOf(snapshot, takenAt), ...(operator && { operator }) };
    const ingested = await harness.plan(header, accountBatchesOf(5, snapshot));
    await harness.publish(ingested.jobs);
    await harness.ingested(ingested);
    expect(await harness.ended(snapshot)).toBe('PUBLISHED');
    return manifestOf(snapshot);
  };
  // Both were let in by a clock that is years ahead.
  const old = await harness.prover({ now: () => new Date('2063-01-01T00:00:00Z') });
  const october = await publish('october-2026', '2026-10-31T00:00:00Z');
  const bad = await publish('november-2062', '2062-11-30T00:00:00Z');
  await old.stop();
  await bus.close();

  const { operator, signing, salt, blinding } = deriveKeys(new Uint8Array(32).fill(9));
  bus = inProcessBus();
  const renewed = await ProverHarness.open(database, bus);
  await harness.close();
  harness = renewed;
  const keys = { operator, signing, salt, blinding };
  const pool = new ProofPool({ workers: 1, keys });
  try {
    await harness.prover({ keys, pool, formerManifest: manifestDigest(october) });
    const november = await publish('november-2026', '2026-11-30T00:00:00Z', operator);
    const december = await publish('december-2026', '2026-12-31T00:00:00Z', operator);
    expect([november.previous, december.previous]).toEqual(
      [october, november].map((manifest) => toHex(manifestDigest(manifest))),
    );
    const verdict = verifyManifestTrust(december, {
      operator: hexBytes(operator, 32),
      formerOperators: [hexBytes(october.header.operator, 32)],
      previous: [october, bad, november],
    });
    expect(verdict).toMatchObject({ valid: true });
    expect(verdict.valid && verdict.notChecked.map(({ code }) => code)).toContain('LEFT_BEHIND');
  } finally {
    await pool.end();
  }
});

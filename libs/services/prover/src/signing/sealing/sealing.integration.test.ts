import { hexBytes } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { bundleRequested } from '@solvent-por/services/contracts';
import { dropPrivateData, SealedBundles, type SealedBundleProgress } from '@solvent-por/services/database';
import { InclusionPool } from '@solvent-por/prover';
import {
  accountId,
  headerDigest,
  parseManifest,
  readSealedBundle,
  shardPrefix,
  type AccountBatch,
  type Header,
  type SealedSource,
} from '@solvent-por/verifier';
import type { InProcessBus } from '@solvent-por/services/kit';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import {
  accountBatchesOf,
  countingMeter,
  headerOf,
  inProcessBus,
  soon,
  ProverHarness,
  REQUEST_KEY,
} from '../../../testing/prover-harness';
import type { SealingPool } from './bundle-work';

/** Real PostgreSQL, the bus in this process, real proofs and entries. Threads come from `npm run build`. */
const ID = 'november-2026';
/** Two batches: 16 shards. */
const ACCOUNTS = 4_085;
let database: TestDatabase;
let harness: ProverHarness;
let bus: InProcessBus;
let bundles: SealedBundles;
let threads: InclusionPool;
/** Batches that were sealed, in their order. */
let sealed: number[];

beforeAll(() => (threads = new InclusionPool({ workers: 1 })));
afterAll(() => threads.end());
beforeEach(async () => {
  database = await testDatabase();
  bus = inProcessBus();
  harness = await ProverHarness.open(database, bus);
  bundles = new SealedBundles(harness.database);
  sealed = [];
});
afterEach(async () => {
  await harness.close();
  await database.drop();
});

/** @param before may throw in place of sealing a batch */
const pool = (before: (batch: number) => void = () => undefined): SealingPool => ({
  seal: async (task) => {
    before(task.batch);
    const entries = await threads.seal(task);
    sealed.push(task.batch);
    return entries;
  },
  end: async () => undefined,
});
const openSealingPool = async () => pool();

const keyOf = (account: number) => Uint8Array.from({ length: 32 }, (_, i) => (account >>> (8 * (i % 4))) ^ i);

/** Accounts of keys that are known, with what ingest keeps of them. */
function keyedBalances(header: Header, prefixOf: (key: Uint8Array) => number): AccountBatch[] {
  const digest = headerDigest(header);
  let account = 0;
  return accountBatchesOf(ACCOUNTS).map((batch) => {
    const keys = Array.from({ length: batch.count }, () => keyOf(account++));
    keys.forEach((key, row) => batch.ids.set(accountId(digest, key), 32 * row));
    return { ...batch, shardPrefixes: Uint16Array.from(keys, prefixOf) };
  });
}

async function published(
  batches: (header: Header) => AccountBatch[] = (header) =>
    keyedBalances(header, (key) => shardPrefix(hexBytes(header.operator, 32), key)),
) {
  const header = headerOf(ID);
  const ingested = await harness.plan(header, batches(header), 2);
  await harness.publish(ingested.jobs);
  await harness.ingested(ingested);
  expect(await harness.ended(ID)).toBe('PUBLISHED');
  return ingested.run;
}

async function until(reached: (now: SealedBundleProgress) => boolean): Promise<SealedBundleProgress> {
  for (;;) {
    const now = await bundles.progress(ID);
    if (now && reached(now)) return now;
    await soon();
  }
}

const finished = () => until(({ state }) => state === 'SEALED' || state === 'FAILED');

/** Every file of the finished bundle. */
async function files(): Promise<Map<string, Buffer>> {
  const { pool: db } = harness.database;
  const whole = await db.query<{ index: Buffer; tree: Buffer }>('SELECT index, tree FROM sealed_bundle');
  const { index, tree } = whole.rows[0]!;
  const shards = await db.query<{ number: number; bytes: Buffer }>(
    'SELECT number, entries || path AS bytes FROM sealed_shard ORDER BY number',
  );
  const named = shards.rows.map(({ number, bytes }): [string, Buffer] => [
    `shards/${number.toString(16).padStart(4, '0')}.bin`,
    bytes,
  ]);
  return new Map([['index.json', index], ['tree.bin', tree], ...named]);
}

async function outcomeOf(key: Uint8Array): Promise<string> {
  const made = await files();
  const source: SealedSource = async (name) => made.get(name) && new Uint8Array(made.get(name)!);
  const manifest = parseManifest(new Uint8Array((await harness.snapshots.find(ID))!.manifest!));
  const verdict = await readSealedBundle(source, { manifest, key }, nativeVerifier());
  return verdict.valid ? verdict.outcome : `${verdict.outcome} ${verdict.code}`;
}

test('a bundle is made once, by one of two signers who were told three times; every account finds its entry', async () => {
  const [one, two] = [countingMeter(), countingMeter()];
  await harness.prover({ meter: one.meter, openSealingPool });
  await harness.prover({ meter: two.meter, openSealingPool });
  const run = await published();
  expect(await bundles.request(ID, 'ops', REQUEST_KEY)).toBe(true);
  for (let time = 0; time < 3; time++) await bus.publish(bundleRequested, run);
  expect(await finished()).toMatchObject({
    state: 'SEALED',
    batchesSealed: 2,
    shards: 16,
    shardsWritten: 16,
  });
  expect(await bundles.request(ID, 'ops', REQUEST_KEY)).toBe(false);
  await bus.publish(bundleRequested, run);
  await harness.quiet();
  expect(one.counts.sealed + two.counts.sealed).toBe(1);
  expect(sealed).toEqual([0, 1]);
  expect((await files()).size).toBe(18);
  for (const account of [0, 17, 4_079, 4_080, 4_084])
    expect(await outcomeOf(keyOf(account))).toBe('included');
  expect(await outcomeOf(keyOf(ACCOUNTS))).toBe('absent SEALED_ABSENT');
});

test('killed while batches are sealed, and again while shards are written: others go on, and the bytes are the same', async () => {
  const killed = (batch: number) => {
    if (batch === 1) throw Object.assign(new Error('killed'), { code: 'ECONNRESET' });
  };
  const first = await harness.prover({ openSealingPool: async () => pool(killed) });
  await published();
  // No message: it was lost with whoever should have sent it.
  await bundles.request(ID, 'ops', REQUEST_KEY);
  await until(({ batchesSealed }) => batchesSealed === 1);
  await first.stop();
  expect(await bundles.progress(ID)).toMatchObject({ state: 'SEALING', sealedAt: null, shardsWritten: 0 });

  const { pool: db } = harness.database;
  await db.query(
    `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full' USING ERRCODE = '53100'; END $$;
     CREATE TRIGGER full_disk BEFORE INSERT ON sealed_shard FOR EACH ROW WHEN (NEW.number = 5) EXECUTE FUNCTION full_disk();`,
  );
  const second = await harness.prover({ openSealingPool });
  await until(({ shardsWritten }) => shardsWritten === 5);
  await second.stop();
  expect(sealed).toEqual([0, 1]);
  expect(await bundles.progress(ID)).toMatchObject({ state: 'SEALING', sealedAt: null });
  await db.query('DROP TRIGGER full_disk ON sealed_shard');

  await harness.prover({ openSealingPool });
  expect(await finished()).toMatchObject({ state: 'SEALED', shardsWritten: 16 });
  expect(sealed).toEqual([0, 1]);
  const resumed = await files();
  for (const account of [3, 4_081]) expect(await outcomeOf(keyOf(account))).toBe('included');

  for (const table of ['sealed_bundle', 'sealed_shard']) await db.query(`DELETE FROM ${table}`);
  await bundles.request(ID, 'ops', REQUEST_KEY);
  await finished();
  expect(sealed).toEqual([0, 1, 0, 1]);
  expect(await files()).toEqual(resumed);
});

test.each<[string, string, (header: Header) => AccountBatch[]]>([
  ['the keys of a batch are not known', 'SEALED_PREFIXES_MISSING', () => accountBatchesOf(ACCOUNTS)],
  ['a shard overflows', 'SEALED_OVERFLOW', (header) => keyedBalances(header, () => 0x1234)],
])('it fails with its reason, and the snapshot stays published, where %s', async (_what, code, batches) => {
  const { counts, meter } = countingMeter();
  await harness.prover({ meter, openSealingPool });
  await published(batches);
  await bundles.request(ID, 'ops', REQUEST_KEY);
  expect(await finished()).toMatchObject({ state: 'FAILED', failure: { code } });
  while (counts.sealFailed.length === 0) await soon();
  expect(counts).toMatchObject({ sealFailed: [code], sealed: 0, failed: [] });
  expect(sealed).toEqual([]);
  expect((await harness.snapshots.find(ID))!.state).toBe('PUBLISHED');
  const where = { action: 'bundle.fail' };
  while ((await harness.database.prisma.auditEvent.count({ where })) === 0) await soon();
  expect(await harness.database.prisma.auditEvent.findMany({ where })).toMatchObject([
    { actor: 'signer', action: 'bundle.fail', target: ID, details: { code } },
  ]);
});

test('retention in the middle ends it, and nothing of it is left', async () => {
  let gone: Promise<void> | undefined;
  const dropping = () => void (gone ??= dropPrivateData(harness.database, ID));
  const prover = await harness.prover({ openSealingPool: async () => pool(dropping) });
  await published();
  await bundles.request(ID, 'ops', REQUEST_KEY);
  while (!gone) await soon();
  await gone;
  await prover.stop();
  expect(await bundles.progress(ID)).toBeNull();
  for (const table of ['sealed_entries', 'sealed_shard', 'batch_prefixes'])
    expect((await harness.database.pool.query(`SELECT FROM ${table}`)).rowCount).toBe(0);
});

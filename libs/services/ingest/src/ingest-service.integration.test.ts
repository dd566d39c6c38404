import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proofRequested, snapshotRequested, type SnapshotRun } from '@solvent-por/services/contracts';
import {
  isTransient,
  openDatabase,
  sealContext,
  SnapshotRepository,
  SourceListings,
  WitnessKeyring,
  withLock,
  type Database,
  type SnapshotRecord,
} from '@solvent-por/services/database';
import { ACCOUNT_ROWS } from '@solvent-por/verifier';
import { InProcessBus, silentLog, silentMeter, type MessageBus } from '@solvent-por/services/kit';
import { headerOf, parseConfig, type SnapshotConfigInput } from '@solvent-por/snapshot';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { IngestService } from './ingest-service';
import {
  AGGREGATE,
  Folders,
  gzipped,
  idsIn,
  keyOf,
  KEYS,
  marginOf,
  records,
  REQUEST_KEY,
  taskOf,
  valuesOf,
} from '../testing/balance-files';
import { FakeBus, FakeMeter } from '../testing/fakes';

const ID = 'november-2026';
/** Four batches, in jobs of two for two workers. */
const COUNT = 3 * ACCOUNT_ROWS + 5;
const keyring = WitnessKeyring.parse(`k1:0x${'11'.repeat(32)}`);
const folders = new Folders();

let database: TestDatabase;
let db: Database;
/** As ingest sees it. */
let own: Database;
let snapshots: SnapshotRepository;
const ending: Array<() => Promise<void>> = [];

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  own = openDatabase(database.as('ingest'));
  snapshots = new SnapshotRepository(db);
});
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  await Promise.all([db.close(), own.close()]);
  await database.drop();
});
afterAll(() => folders.remove());

function openBus(): InProcessBus {
  return new InProcessBus({
    isTransient,
    log: silentLog,
    meter: silentMeter,
    retry: { tries: 3, firstPauseMs: 5, longestPauseMs: 20 },
  });
}

interface Running {
  readonly kept: FakeBus;
  readonly meter: FakeMeter;
  stop(): Promise<void>;
}

/**
 * One instance: it hears requests on `bus`, and what it publishes passes through a bus that keeps it and can
 * fail.
 */
async function instance(
  sourceDirectory: string,
  bus: MessageBus = openBus(),
  more: { kept?: FakeBus; volatileBus?: boolean; sweepEvery?: number; maxPayload?: number } = {},
): Promise<Running> {
  const { kept = new FakeBus(), ...rest } = more;
  const meter = new FakeMeter();
  const service = new IngestService({
    ...{
      database: db,
      keyring,
      requestKey: REQUEST_KEY,
      keys: KEYS,
      sourceDirectory,
      expectedWorkers: 2,
      log: silentLog,
      meter,
    },
    bus: {
      ...{ isReady: () => bus.isReady(), lag: () => bus.lag(), close: () => bus.close() },
      subscribe: (contract, options, handler) => bus.subscribe(contract, options, handler),
      publish: (contract, message, options) => kept.publish(contract, message, options),
    },
    sweepEvery: 20,
    ...rest,
  });
  await service.start();
  let stopped: Promise<void> | undefined;
  const stop = () =>
    (stopped ??= (async () => {
      const ended = service.stop();
      await bus.close();
      await ended;
    })());
  ending.push(stop);
  return { kept, meter, stop };
}

async function request(source = 'november', given: SnapshotConfigInput = AGGREGATE): Promise<SnapshotRun> {
  const config = parseConfig(given);
  const { snapshot } = await snapshots.request(
    {
      ...{ config, header: headerOf(config), source, requestedBy: null },
    },
    REQUEST_KEY,
  );
  return { snapshotId: snapshot.id, attempt: snapshot.attempt };
}

/** Waits until the snapshot is past ingest, or something else holds. */
async function until(holds: (snapshot: SnapshotRecord) => boolean): Promise<SnapshotRecord> {
  for (;;) {
    const snapshot = (await snapshots.find(ID))!;
    if (holds(snapshot)) return snapshot;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const ended = ({ state }: SnapshotRecord) => state === 'PROVING' || state === 'FAILED';

/** The whole job of this first batch, opened. */
function jobOf({ jobs }: FakeBus, first: number): { payload: Uint8Array } {
  const parts = jobs.filter(({ message }) => message.first === first).map(({ message }) => message);
  const { snapshotId, attempt, keyId, parts: count } = parts[0]!;
  expect(parts.map(({ part }) => part)).toEqual(Array.from({ length: count }, (_, i) => i));
  const sealed = Buffer.concat(parts.map(({ payload }) => payload));
  return { payload: keyring.open(sealed, keyId, sealContext.job(snapshotId, attempt, first)) };
}

/** What the prover's transaction leaves of a proof, as far as ingest looks. */
async function pretendProved(first: number): Promise<void> {
  await db.prisma.proof.create({
    data: { snapshotId: ID, first, batches: 2, proof: new Uint8Array(1), proofBytes: 1, seconds: 1 },
  });
}

test.each<[string, Record<string, string | Uint8Array>]>([
  ['OKX JSON', { 'november/a.json': records('okx', COUNT) }],
  ['NDJSON', { 'november/a.ndjson': records('ndjson', COUNT) }],
  ['CSV', { 'november/a.csv': records('csv', COUNT) }],
  [
    'two gzipped files',
    {
      'november/a.json.gz': gzipped(records('okx', 5000)),
      'november/b.csv.gz': gzipped(records('csv', COUNT - 5000, 5000)),
    },
  ],
])('%s: requested by a message, read in a thread, every account in one job', async (_, files) => {
  const bus = openBus();
  const { kept } = await instance(folders.of(files), bus, { sweepEvery: 1e6 });
  await bus.publish(snapshotRequested, await request());
  const snapshot = await until(ended);
  expect(snapshot).toMatchObject({
    ...{ state: 'PROVING', failure: null, accounts: COUNT, batchCount: 4, batchesPerProof: 2 },
  });
  await until(() => kept.ingested.length > 0);
  expect(kept.ingested).toEqual([{ snapshotId: ID, attempt: 1, batches: 4, jobs: 2 }]);
  expect(kept.jobs.map(({ message, slot }) => [message.first, slot])).toEqual([
    [0, 0],
    [2, 1],
  ]);
  const { header } = taskOf('');
  const values = new Map(kept.firsts.flatMap((first) => [...valuesOf(jobOf(kept, first), header)]));
  expect(values.size).toBe(COUNT);
  const shown = [0, 4080, COUNT - 1];
  expect(idsIn(header, shown).map((id) => values.get(id))).toEqual(shown.map((n) => [1n, BigInt(n)]));
});

test('what lies in the source folder is offered, with the rights of ingest', async () => {
  await instance(folders.of({ 'november/a.csv': 'id' }), openBus(), {});
  const listings = new SourceListings(own);
  // The instance above reads as the owner; here it is the role's own right that counts.
  await listings.keep({ sources: [], more: true });
  const gateway = openDatabase(database.as('gateway'));
  ending.push(() => gateway.close());
  const read = () => new SourceListings(gateway).read();
  while ((await read())?.sources.length !== 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await read()).toMatchObject({ sources: [{ path: 'november', files: 1, bytes: 2 }], more: false });
  await expect(new SourceListings(gateway).keep({ sources: [], more: false })).rejects.toThrow(
    'permission denied',
  );
});

const bad = (row: string) => ({
  'november/a.ndjson': records('ndjson', 2, 100),
  'november/b.ndjson': records('ndjson', 3) + row,
});
const account = (assets: string, id = keyOf(77)) => `{"id":"${id}","assets":{${assets}}}\n`;

test.each<[string, Record<string, string>, string, object]>([
  ['negative net', bad(account('"BTC":"-5"')), 'ROW_NET_NEGATIVE', { file: 'b.ndjson', row: 4 }],
  ['unknown token', bad(account('"DOGE":"5"')), 'ROW_TOKEN_UNKNOWN', { file: 'b.ndjson', row: 4 }],
  [
    'account twice',
    bad(account('', keyOf(101))),
    'ROW_DUPLICATE_ACCOUNT',
    { file: 'b.ndjson', row: 4, firstFile: 'a.ndjson', firstRow: 2 },
  ],
  ['not JSON', bad('{"id":\n'), 'INPUT_MALFORMED', { file: 'b.ndjson', row: 4 }],
  ['cut off', { 'november/a.json': '[{"id":' }, 'INPUT_TRUNCATED', { file: 'a.json' }],
  ['unknown file', { 'november/a.txt': 'x' }, 'INPUT_FILE_UNKNOWN', { file: 'a.txt' }],
  ['CSV without ids', { 'november/a.csv': 'BTC\n1\n' }, 'CSV_COLUMN_MISSING', { file: 'a.csv' }],
  ['nothing there', { 'december/a.json': '[]' }, 'INPUT_UNREADABLE', { file: 'november' }],
])('refused: %s', async (_, files, code, details) => {
  const { kept, meter } = await instance(folders.of(files));
  await request();
  expect(await until(ended)).toMatchObject({ state: 'FAILED', failure: { code, details } });
  expect(kept).toMatchObject({ jobs: [], ingested: [] });
  await until(() => meter.outcomes.length > 0);
  expect(meter).toMatchObject({ refusals: [code], outcomes: ['refused'] });
});

test.each(['../november', '/etc', 'november/../../x'])('refused: the source %s', async (source) => {
  await instance(folders.of({ 'november/a.json': records('okx', 1) }));
  await request(source);
  expect(await until(ended)).toMatchObject({ state: 'FAILED', failure: { code: 'SOURCE_OUTSIDE' } });
});

test('a snapshot that failed is requested again, once its source is mended', async () => {
  const folder = folders.of({ 'november/a.ndjson': account('"DOGE":"5"') });
  const { kept } = await instance(folder);
  await request();
  await until(({ state }) => state === 'FAILED');
  writeFileSync(join(folder, 'november/a.ndjson'), records('ndjson', 10));
  await request();
  await until(({ state }) => state === 'PROVING');
  await until(() => kept.ingested.length > 0);
  expect(kept.jobs.map(({ message }) => [message.attempt, message.first])).toEqual([[2, 0]]);
  expect(kept.ingested).toEqual([{ snapshotId: ID, attempt: 2, batches: 1, jobs: 1 }]);
});

describe('goes on', () => {
  const files = { 'november/a.ndjson': records('ndjson', COUNT) };

  test('after a crash: what is proved is not published, and the cut stays the same', async () => {
    const folder = folders.of(files);
    const failing = new FakeBus();
    failing.before = ({ first }) => {
      if (first === 2) throw new Error('the broker is gone');
    };
    const crashing = await instance(folder, openBus(), { kept: failing, sweepEvery: 1e6 });
    await request();
    await crashing.stop();
    const next = await instance(folder, openBus(), { kept: failing, sweepEvery: 1e6 });
    await until(({ batchCount }) => batchCount !== null);
    await next.stop();
    expect(failing.ingested).toEqual([]);
    expect(await snapshots.find(ID)).toMatchObject({ state: 'INGESTING', batchesPerProof: 2 });
    await pretendProved(0);

    const last = await instance(folder);
    expect(await until(ended)).toMatchObject({ state: 'PROVING', batchesPerProof: 2, batchCount: 4 });
    await until(() => last.kept.ingested.length > 0);
    expect(last.kept.firsts).toEqual([2]);
    expect(valuesOf(jobOf(last.kept, 2), taskOf('').header).size).toBe(ACCOUNT_ROWS + 5);
  });

  test('after it was shut down in the middle', async () => {
    const folder = folders.of(files);
    const bus = openBus();
    const kept = new FakeBus();
    const first = await instance(folder, bus, { kept, sweepEvery: 1e6 });
    let shutting: Promise<void> | undefined;
    kept.before = () => {
      shutting ??= first.stop();
    };
    await bus.publish(snapshotRequested, await request());
    await until(() => shutting !== undefined);
    await shutting;
    // What was being published is out, and nothing was told to be ingested.
    expect(kept.firsts).toEqual([0]);
    expect(kept.ingested).toEqual([]);
    expect(await snapshots.find(ID)).toMatchObject({ state: 'INGESTING' });

    const next = await instance(folder);
    await until(({ state }) => state === 'PROVING');
    await until(() => next.kept.ingested.length > 0);
    expect(next.kept.firsts).toEqual([0, 2]);
  });

  test('where the message was lost: the row is enough', async () => {
    const { kept } = await instance(folders.of(files));
    await request();
    await until(({ state }) => state === 'PROVING');
    await until(() => kept.ingested.length > 0);
    expect(kept.firsts).toEqual([0, 2]);
  });

  test('once the instance that held it is gone', async () => {
    const folder = folders.of(files);
    await request();
    let release = () => {};
    let holding = () => {};
    const held = new Promise<void>((resolve) => (holding = resolve));
    const lock = withLock(
      db,
      `ingest:${ID}`,
      () => {
        holding();
        return new Promise<void>((resolve) => (release = resolve));
      },
      { wait: false },
    );
    await held;
    const { kept } = await instance(folder);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([(await snapshots.find(ID))!.state, kept.jobs]).toEqual(['REQUESTED', []]);
    release();
    await lock;
    await until(({ state }) => state === 'PROVING');
  });

  test('with the jobs that a bus in memory forgot, after the process was killed while they waited', async () => {
    const folder = folders.of(files);
    const first = await instance(folder, openBus(), { volatileBus: true });
    await request();
    await until(({ state }) => state === 'PROVING');
    await first.stop();
    await pretendProved(2);
    const next = await instance(folder, openBus(), { volatileBus: true });
    await until(() => next.kept.ingested.length > 0);
    expect(next.kept.firsts).toEqual([0]);
    expect(await snapshots.find(ID)).toMatchObject({ state: 'PROVING' });
  });
});

test('asked for twice, by two instances: every job is published once', async () => {
  const folder = folders.of({ 'november/a.ndjson': records('ndjson', COUNT) });
  const kept = new FakeBus();
  const buses = [openBus(), openBus()];
  for (const bus of buses) await instance(folder, bus, { kept });
  const run = await request();
  await Promise.all([...buses, ...buses].map((bus) => bus.publish(snapshotRequested, run)));
  await until(({ state }) => state === 'PROVING');
  await until(() => kept.ingested.length > 0);
  expect(kept.firsts).toEqual([0, 2]);
  expect(new Set(kept.ingested.map((message) => JSON.stringify(message))).size).toBe(1);
});

test('a source that changes while it is cut fails the snapshot before its last job', async () => {
  const folder = folders.of({
    'november/a.ndjson': records('ndjson', 65_536),
    'november/b.ndjson': records('ndjson', 30_000, 65_536),
  });
  const { kept } = await instance(folder);
  // Publishing waits, and so does the thread: it reads no further than a job ahead, so the second file is not
  // read yet.
  kept.before = ({ first }) => {
    if (first === 0) appendFileSync(join(folder, 'november/b.ndjson'), records('ndjson', 1, 100_000));
  };
  await request();
  const snapshot = await until(ended);
  expect(snapshot).toMatchObject({ state: 'FAILED', failure: { code: 'INPUT_CHANGED' } });
  const lastJob =
    Math.floor((snapshot.batchCount! - 1) / snapshot.batchesPerProof!) * snapshot.batchesPerProof!;
  expect(kept.firsts).toContain(0);
  expect(kept.firsts).not.toContain(lastJob);
  expect(kept.ingested).toEqual([]);
});

test('a job too long for one message comes in parts that go through the bus', async () => {
  const bus = openBus();
  const kept = new FakeBus();
  const received: number[] = [];
  await bus.subscribe(proofRequested, { group: 'test', concurrency: 1 }, async ({ part }) => {
    received.push(part);
  });
  kept.before = (message) => bus.publish(proofRequested, message);
  // 50 assets, every second amount as large as can be: about 1 MB of them cannot be compressed.
  const lines = Array.from({ length: ACCOUNT_ROWS }, (_, n) => {
    const amounts = Array.from({ length: 25 }, (_, t) => `"T${2 * t}":"${hard(25 * n + t)}"`);
    return `{"id":"${keyOf(n)}","assets":{${amounts.join(',')}}}\n`;
  });
  await instance(folders.of({ 'november/a.ndjson': lines.join('') }), bus, { kept, maxPayload: 300_000 });
  await request('november', marginOf(50));
  expect(await until(ended)).toMatchObject({ state: 'PROVING' });
  const { header } = taskOf('', marginOf(50));
  const values = valuesOf(jobOf(kept, 0), header);
  expect(values.size).toBe(ACCOUNT_ROWS);
  expect(values.get(idsIn(header, [7])[0]!)![6]).toBe(BigInt(hard(25 * 7 + 3)));
  expect(kept.jobs.length).toBeGreaterThan(3);
  expect(kept.jobs.every(({ message, slot }) => message.payload.length <= 300_000 && slot === 0)).toBe(true);
  await until(() => received.length === kept.jobs.length);
  expect(received).toEqual(kept.jobs.map((_, part) => part));
});

/** Different for each n, below 2^63, with as many random bits. */
function hard(n: number): string {
  return String(createHash('sha256').update(String(n)).digest().readBigUInt64BE() >> 1n);
}

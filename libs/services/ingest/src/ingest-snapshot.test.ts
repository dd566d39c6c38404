import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealContext, WitnessKeyring } from '@solvent-por/services/database';
import { ACCOUNT_ROWS } from '@solvent-por/verifier';
import type { SnapshotConfigInput } from '@solvent-por/snapshot';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { SnapshotIngest, type IngestOptions } from './ingest-snapshot';
import type { BalanceSource } from './reading/balance-source';
import { SourceReading } from './reading/source-reading';
import {
  AGGREGATE,
  Folders,
  idsIn,
  idsOf,
  keyOf,
  KEYS,
  records,
  REQUEST_KEY,
  taskOf,
} from '../testing/balance-files';
import { FakeBus, FakeLog, FakeMeter, FakeSnapshots } from '../testing/fakes';

const folders = new Folders();
afterAll(() => folders.remove());

const keyring = WitnessKeyring.parse(`k1:0x${'11'.repeat(32)}`);
const never = new AbortController().signal;
/** Four batches, in jobs of two for two workers. */
const COUNT = 3 * ACCOUNT_ROWS + 5;

function harness(
  files: Readonly<Record<string, string>> = { 'november/a.ndjson': records('ndjson', COUNT) },
  more: Partial<IngestOptions> = {},
  config: SnapshotConfigInput = AGGREGATE,
) {
  const sourceDirectory = folders.of(files);
  const snapshots = new FakeSnapshots('november', config);
  const [bus, log, meter] = [new FakeBus(), new FakeLog(), new FakeMeter()];
  const open: BalanceSource[] = [];
  const options: IngestOptions = {
    ...{ snapshots, bus, log, meter, keyring, sourceDirectory, expectedWorkers: 2 },
    ...{ keys: KEYS, requestKey: REQUEST_KEY },
    exclusively: (_, work) => work(never),
    openSource: (task, onReading) => {
      const source = new SourceReading(task, onReading);
      open.push(source);
      const close = source.close.bind(source);
      source.close = async () => {
        if (open.includes(source)) open.splice(open.indexOf(source), 1);
        await close();
      };
      return source;
    },
    ...more,
  };
  const ingest = new SnapshotIngest(options);
  return { sourceDirectory, snapshots, bus, log, meter, open, options, ingest };
}

function opened({ message }: FakeBus['jobs'][number]) {
  const context = sealContext.job(message.snapshotId, message.attempt, message.first);
  return { payload: keyring.open(message.payload, message.keyId, context) };
}

test('a requested snapshot is cut and published, sealed, then told to be ingested', async () => {
  const { ingest, snapshots, bus, meter, open } = harness();
  await expect(ingest.run(snapshots.run, never)).resolves.toBe('ingested');
  expect(snapshots.row).toMatchObject({
    state: 'PROVING',
    plan: { accounts: COUNT, batchCount: 4, batchesPerProof: 2 },
  });
  expect(bus.jobs.map(({ message, slot }) => [message.first, message.batches, message.parts, slot])).toEqual([
    [0, 2, 1, 0],
    [2, 2, 1, 1],
  ]);
  expect(bus.ingested).toEqual([{ ...snapshots.run, batches: 4, jobs: 2 }]);
  const { header } = taskOf('');
  const ids = bus.jobs.flatMap((job) => idsOf(opened(job), header)).flat();
  expect(ids).toHaveLength(COUNT);
  expect(new Set(ids)).toEqual(new Set(idsIn(header, [...Array(COUNT).keys()])));
  expect(meter).toMatchObject({ jobs: 2, accounts: { check: COUNT, cut: COUNT }, outcomes: ['ingested'] });
  expect(open).toEqual([]);
});

test('the log names what is not read, what is not as usual, and what was added up', async () => {
  const files = {
    'november/a.csv': records('csv', 20).replaceAll(',', ';').replaceAll('\n', ';7\n').replace(';7', ';rn'),
    'november/.DS_Store': 'Bud1',
    'november/prices.csv': 'symbol,price\n',
  };
  const { ingest, snapshots, log } = harness(
    files,
    {},
    { ...AGGREGATE, ignoreFiles: ['prices.csv'], ignoreColumns: ['rn'] },
  );
  await expect(ingest.run(snapshots.run, never)).resolves.toBe('ingested');
  const told = log.lines.filter((line) => /^(?:not read|read, but|added up)/.test(line));
  expect(told).toEqual([
    expect.stringContaining('"file":".DS_Store","reason":"hidden"'),
    expect.stringContaining('"file":"prices.csv","reason":"listed in ignoreFiles"'),
    expect.stringContaining('"note":"a.csv: cells are divided by semicolons"'),
    expect.stringContaining('"columns":1,"names":["rn"]'),
    expect.stringMatching(/"symbol":"\w+","names":\["\w+"/),
  ]);
});

const bad = (row: string) => ({ 'november/b.ndjson': records('ndjson', 3) + row });
const account = (assets: string, id = keyOf(77)) => `{"id":"${id}","assets":{${assets}}}\n`;

test.each<[string, Record<string, string>, string, object]>([
  ['a debt beyond equity', bad(account('"BTC":"-5"')), 'ROW_NET_NEGATIVE', { file: 'b.ndjson', row: 4 }],
  ['an unknown token', bad(account('"DOGE":"5"')), 'ROW_TOKEN_UNKNOWN', { file: 'b.ndjson', row: 4 }],
  ['an account twice', bad(account('', keyOf(1))), 'ROW_DUPLICATE_ACCOUNT', { row: 4, firstRow: 2 }],
  ['an amount of words', bad(account('"BTC":"many"')), 'ROW_AMOUNT_MALFORMED', { row: 4 }],
  ['a file cut off', { 'november/a.json': '[{"id":' }, 'INPUT_TRUNCATED', { file: 'a.json' }],
  ['an unknown file', { 'november/readme.txt': 'x' }, 'INPUT_FILE_UNKNOWN', { file: 'readme.txt' }],
  ['no accounts', { 'november/a.json': '[]' }, 'INPUT_EMPTY', { file: 'a.json' }],
  ['no source', { 'december/a.json': '[]' }, 'INPUT_UNREADABLE', { file: 'november', reason: 'ENOENT' }],
])('%s: the snapshot fails with the place and the reason', async (_, files, code, details) => {
  const { ingest, snapshots, bus, meter, log, sourceDirectory } = harness(files);
  await expect(ingest.run(snapshots.run, never)).resolves.toBe('refused');
  expect(snapshots.row).toMatchObject({ state: 'FAILED', failure: { code, details } });
  expect(bus).toMatchObject({ jobs: [], ingested: [] });
  expect(meter.refusals).toEqual([code]);
  const told = JSON.stringify(snapshots.row.failure) + log.lines.join();
  for (const secret of [keyOf(1), keyOf(77), sourceDirectory]) expect(told).not.toContain(secret);
});

test('what cannot be read is named as it was requested', async () => {
  const { ingest, snapshots, sourceDirectory } = harness(undefined, {
    openSource: (task) => new SourceReading({ ...task, input: `${task.input}/gone` }),
  });
  await ingest.run(snapshots.run, never);
  expect(snapshots.row.failure).toMatchObject({
    code: 'INPUT_UNREADABLE',
    message: 'cannot read november/gone (ENOENT)',
    details: { file: 'november/gone' },
  });
  expect(sourceDirectory).not.toBe('');
});

test.each<[string, FakeSnapshots['forged']]>([
  ['a row that nobody asked for', { requestMac: null }],
  ['another MAC', { requestMac: new Uint8Array(32) }],
  ['another source', { source: 'december' }],
  ['another configuration', { config: { ...AGGREGATE, tokens: ['BTC', 'ETH', 'USDT', 'DOGE'] } }],
  ['another header', { header: { takenAt: '2026-10-01T00:00:00Z' } }],
  ['another asker', { requestedBy: 'somebody' }],
])('written to the database, not asked for: %s: nothing is read, and it is audited', async (_, forged) => {
  const openSource = jest.fn();
  const { ingest, snapshots, meter } = harness(undefined, { openSource });
  snapshots.forged = forged;
  await expect(ingest.run(snapshots.run, never)).resolves.toBe('refused');
  expect(openSource).not.toHaveBeenCalled();
  expect(snapshots.row).toMatchObject({ state: 'FAILED', failure: { code: 'REQUEST_FORGED' } });
  expect(meter.refusals).toEqual(['REQUEST_FORGED']);
  expect(snapshots.audited).toEqual([{ actor: 'ingest', action: 'snapshot.refuse' }]);
});

test('another operator’s key makes the snapshot fail before anything is read', async () => {
  const keys = deriveKeys(new Uint8Array(32).fill(2));
  const openSource = jest.fn();
  const { ingest, snapshots } = harness(undefined, { keys, openSource });
  await ingest.run(snapshots.run, never);
  expect(snapshots.row).toMatchObject({ state: 'FAILED', failure: { code: 'KEY_OPERATOR_MISMATCH' } });
  expect(openSource).not.toHaveBeenCalled();
});

test('a header that is not that of the configuration is refused', async () => {
  const { ingest, snapshots } = harness();
  snapshots.record.header = { ...snapshots.record.header, takenAt: '2026-10-01T00:00:00Z' };
  await ingest.run(snapshots.run, never);
  expect(snapshots.row.failure).toMatchObject({ code: 'HEADER_MISMATCH' });
});

test('an ingest that broke off publishes what is not proved yet, cut as before', async () => {
  const { ingest, snapshots, bus, options, open } = harness();
  bus.before = ({ first }) => {
    if (first === 2) throw new Error('the broker is away');
  };
  await expect(ingest.run(snapshots.run, never)).rejects.toThrow('the broker is away');
  expect(snapshots.row.state).toBe('INGESTING');
  expect(open).toEqual([]);
  expect(bus.ingested).toEqual([]);
  const before = snapshots.row.plan;
  const earlier = bus.jobs.splice(0);
  expect(earlier.map(({ message }) => message.first)).toEqual([0]);

  snapshots.proved.add(0);
  bus.before = () => undefined;
  // Other provers are expected now: the plan is the first one's all the same.
  const next = new SnapshotIngest({ ...options, expectedWorkers: 4 });
  await expect(next.run(snapshots.run, never)).resolves.toBe('ingested');
  expect(snapshots.row.plan).toEqual(before);
  expect(bus.jobs.map(({ message, slot }) => [message.first, message.batches, slot])).toEqual([[2, 2, 1]]);
  expect(bus.ingested).toEqual([{ ...snapshots.run, batches: 4, jobs: 2 }]);
});

test('a request of 2062 instead of 2026 fails at ingest too, whatever was asked for', async () => {
  const now = () => new Date('2026-11-02T00:00:00Z');
  for (const allowFutureDate of [false, true]) {
    const config = { ...AGGREGATE, takenAt: '2062-11-01T00:00:00Z', allowFutureDate };
    const { ingest, snapshots } = harness(undefined, { now }, config);
    await expect(ingest.run(snapshots.run, never)).resolves.toBe('refused');
    expect(snapshots.row).toMatchObject({ state: 'FAILED', failure: { code: 'TAKEN_IN_FUTURE' } });
  }
});

test('an ingest that goes on refuses another source', async () => {
  const { ingest, snapshots, bus, sourceDirectory } = harness();
  bus.before = () => {
    throw new Error('the broker is away');
  };
  await expect(ingest.run(snapshots.run, never)).rejects.toThrow('away');
  appendFileSync(join(sourceDirectory, 'november/a.ndjson'), records('ndjson', 1, COUNT));
  bus.before = () => undefined;
  await expect(ingest.run(snapshots.run, never)).resolves.toBe('refused');
  expect(snapshots.row).toMatchObject({ state: 'FAILED', failure: { code: 'INPUT_CHANGED' } });
  expect(bus).toMatchObject({ jobs: [], ingested: [] });
});

test('a source that changes between the passes fails the snapshot, and the last job is never published', async () => {
  let changing = () => undefined as void;
  const { ingest, snapshots, bus, sourceDirectory } = harness(undefined, {
    openSource: (task) => {
      const source = new SourceReading(task);
      const check = source.check.bind(source);
      source.check = async () => {
        const facts = await check();
        changing();
        return facts;
      };
      return source;
    },
  });
  changing = () => appendFileSync(join(sourceDirectory, 'november/a.ndjson'), records('ndjson', 1, COUNT));
  await expect(ingest.run(snapshots.run, never)).resolves.toBe('refused');
  expect(snapshots.row).toMatchObject({ state: 'FAILED', failure: { code: 'INPUT_CHANGED' } });
  expect(bus.firsts).not.toContain(2);
  expect(bus.ingested).toEqual([]);
});

test('a payload too long for one message goes in parts of one slot and one digest', async () => {
  const { ingest, snapshots, bus } = harness(undefined, { maxPayload: 100_000 });
  await ingest.run(snapshots.run, never);
  for (const [slot, first] of [0, 2].entries()) {
    const parts = bus.jobs.filter(({ message }) => message.first === first);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(({ message, slot }) => [message.part, message.parts, slot])).toEqual(
      parts.map((_, part) => [part, parts.length, slot]),
    );
    expect(new Set(parts.map(({ message }) => message.payloadDigest)).size).toBe(1);
    const payload = Buffer.concat(parts.map(({ message }) => message.payload));
    expect(opened({ message: { ...parts[0]!.message, payload }, slot }).payload.length).toBeGreaterThan(
      100_000,
    );
  }
});

test('no more than a few jobs are published at once, however slow the bus is', async () => {
  const { ingest, snapshots, bus } = harness(
    { 'november/a.ndjson': records('ndjson', 9 * ACCOUNT_ROWS) },
    { expectedWorkers: 9 },
  );
  let [now, most] = [0, 0];
  bus.before = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 30));
    now--;
  };
  await ingest.run(snapshots.run, never);
  expect(bus.jobs).toHaveLength(9);
  expect(most).toBeLessThanOrEqual(3);
});

describe('stops quietly', () => {
  test('when another instance is at it', async () => {
    const { ingest, snapshots, bus } = harness(undefined, { exclusively: async () => undefined });
    await expect(ingest.run(snapshots.run, never)).resolves.toBe('busy');
    expect([snapshots.row.state, bus.jobs]).toEqual(['REQUESTED', []]);
  });

  test.each(['FAILED', 'PUBLISHED'] as const)('when the snapshot is %s', async (state) => {
    const { ingest, snapshots, bus } = harness();
    snapshots.row.state = state;
    await expect(ingest.run(snapshots.run, never)).resolves.toBe('stale');
    expect(bus).toMatchObject({ jobs: [], ingested: [] });
  });

  test('when the next attempt has begun', async () => {
    const { ingest, snapshots } = harness();
    const run = snapshots.run;
    snapshots.row.attempt++;
    await expect(ingest.run(run, never)).resolves.toBe('stale');
    expect(snapshots.row.state).toBe('REQUESTED');
  });

  test('when it fails elsewhere while it is cut', async () => {
    const { ingest, snapshots, bus } = harness();
    const failure = { code: 'ELSEWHERE', message: 'elsewhere' };
    bus.before = () => void snapshots.fail(snapshots.run, failure, { actor: 'prover' });
    await expect(ingest.run(snapshots.run, never)).resolves.toBe('stale');
    expect(snapshots.row.failure).toMatchObject({ code: 'ELSEWHERE' });
    expect(bus.ingested).toEqual([]);
  });

  test('when it is told to: what is being published is finished, the rest is left', async () => {
    const stop = new AbortController();
    const { ingest, snapshots, bus, open } = harness();
    bus.before = () => stop.abort();
    await expect(ingest.run(snapshots.run, stop.signal)).resolves.toBe('abandoned');
    expect([snapshots.row.state, bus.firsts, bus.ingested]).toEqual(['INGESTING', [0], []]);
    expect(open).toEqual([]);
  });

  test('when its lock is lost', async () => {
    const lost = new AbortController();
    const { ingest, snapshots, bus } = harness(undefined, { exclusively: (_, work) => work(lost.signal) });
    bus.before = () => lost.abort();
    await expect(ingest.run(snapshots.run, never)).resolves.toBe('abandoned');
    expect(bus.ingested).toEqual([]);
  });
});

describe('a snapshot that waits for its proofs', () => {
  test('is told to be ingested again: the first time it may not have been heard', async () => {
    const { ingest, snapshots, bus } = harness();
    await ingest.run(snapshots.run, never);
    bus.jobs.length = 0;
    await expect(ingest.run(snapshots.run, never)).resolves.toBe('stale');
    expect(bus).toMatchObject({ jobs: [], ingested: [{ jobs: 2 }, { jobs: 2 }] });
    expect(ingest.awaits(await snapshots.find())).toBe(false);
  });

  test('gets what is not proved published again by the next process, where the bus forgets', async () => {
    const { ingest, snapshots, bus, options } = harness(undefined, { volatileBus: true });
    await ingest.run(snapshots.run, never);
    expect(ingest.awaits(await snapshots.find())).toBe(false);
    snapshots.proved.add(0);
    bus.jobs.length = 0;

    const next = new SnapshotIngest(options);
    expect(next.awaits(await snapshots.find())).toBe(true);
    await expect(next.run(snapshots.run, never)).resolves.toBe('ingested');
    expect(bus.firsts).toEqual([2]);
    expect(snapshots.row.state).toBe('PROVING');
    await expect(next.run(snapshots.run, never)).resolves.toBe('stale');
    expect(bus.firsts).toEqual([2]);
  });

  test('is not read again when all is proved', async () => {
    const { ingest, snapshots, bus, options } = harness(undefined, { volatileBus: true });
    await ingest.run(snapshots.run, never);
    snapshots.proved.add(0).add(2);
    bus.jobs.length = 0;
    const openSource = jest.fn();
    await expect(new SnapshotIngest({ ...options, openSource }).run(snapshots.run, never)).resolves.toBe(
      'stale',
    );
    expect(openSource).not.toHaveBeenCalled();
    expect(bus.ingested).toHaveLength(2);
  });
});

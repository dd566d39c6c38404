import { toHex } from '@solvent-por/kzg';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import {
  REQUEST_KEY,
  bytesOf,
  keyring,
  operatorOf,
  proofOf,
  proving,
  publicationOf,
  published,
  requestOf,
} from '../testing/snapshots';
import { openDatabase, type Database } from './database';
import { partitionOf } from './partition';
import { SnapshotRepository } from './snapshot-repository';
import { ProofStore } from './stored-proofs';

let database: TestDatabase;
let db: Database;
let snapshots: SnapshotRepository;
let proofs: ProofStore;

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url, { connections: 25 });
  snapshots = new SnapshotRepository(db);
  proofs = new ProofStore(db, keyring);
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

const plan = { sourceDigest: toHex(bytesOf('source')), accounts: 6, batchesPerProof: 2, batchCount: 2 };
const failure = {
  code: 'ROW_NEGATIVE',
  message: 'a balance is negative',
  details: { file: 'a.json', row: 7 },
};
const count = async (table: string) =>
  Number((await db.pool.query<{ count: string }>(`SELECT count(*) FROM ${table}`)).rows[0]!.count);

describe('request', () => {
  test('twenty at once make one row, and one of them is told that it made it', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => snapshots.request(requestOf('january'), REQUEST_KEY)),
    );
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(outcomes.map(({ snapshot }) => snapshot.id))).toEqual(new Set(['january']));
    expect(await count('snapshot')).toBe(1);
    expect(outcomes[0]!.snapshot).toMatchObject({ attempt: 1, state: 'REQUESTED', source: 'january' });
  });

  test('different ones at once each get their row and partition', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => `snapshot-${i}`);
    const outcomes = await Promise.all(ids.map((id) => snapshots.request(requestOf(id), REQUEST_KEY)));
    expect(outcomes.every(({ created }) => created)).toBe(true);
    const { rows } = await db.pool.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'account_entry'::regclass`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(ids.map(partitionOf).sort());
  });

  test.each(['REQUESTED', 'INGESTING', 'PROVING', 'PUBLISHED'] as const)(
    'again while %s gives the same row',
    async (state) => {
      const request = requestOf('january');
      const run = { snapshotId: 'january', attempt: 1 };
      if (state === 'PUBLISHED') await published(db, request);
      else if (state === 'PROVING') await proving(db, request);
      else await snapshots.request(request, REQUEST_KEY);
      if (state === 'INGESTING') await snapshots.beginIngest(run);
      expect(await snapshots.request(requestOf('january'), REQUEST_KEY)).toMatchObject({
        created: false,
        snapshot: { id: 'january', attempt: 1, state },
      });
    },
  );

  test.each([
    ['another source', { source: 'february' }],
    ['another configuration', { scale: 9 }],
    ['another time', { takenAt: '2026-02-28T00:00:00Z' }],
  ])('with %s under the same id is refused', async (_, changes) => {
    await snapshots.request(requestOf('january'), REQUEST_KEY);
    await expect(snapshots.request(requestOf('january', changes), REQUEST_KEY)).rejects.toMatchObject({
      code: 'SNAPSHOT_EXISTS',
      kind: 'usage',
    });
    expect(await snapshots.find('january')).toMatchObject({ source: 'january' });
  });

  test('must be later than what is published', async () => {
    await published(db, requestOf('january'));
    for (const takenAt of ['2026-01-31T00:00:00Z', '2025-12-31T00:00:00Z'])
      await expect(snapshots.request(requestOf('other', { takenAt }), REQUEST_KEY)).rejects.toMatchObject({
        code: 'CHAIN_TIME',
        kind: 'invalid',
      });
    expect(await snapshots.find('other')).toBeNull();
    expect(
      await snapshots.request(requestOf('other', { takenAt: '2026-01-31T00:00:01Z' }), REQUEST_KEY),
    ).toMatchObject({
      created: true,
    });
  });

  test('after a failure begins the next attempt, without anything of the one before', async () => {
    const request = requestOf('january');
    const run = await proving(db, request);
    await proofs.store(run, proofOf(0));
    await snapshots.fail(run, failure, { actor: 'prover' });
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => snapshots.request(request, REQUEST_KEY)),
    );
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    expect(await snapshots.find('january')).toMatchObject({
      ...{ attempt: 2, state: 'REQUESTED', failure: null, failedAt: null, batchCount: null },
      ...{ sourceDigest: null, ingestingAt: null, provingAt: null },
    });
    for (const table of ['proof', 'batch', 'account_entry']) expect(await count(table)).toBe(0);
    // What is left of the first attempt can do nothing.
    expect(await proofs.store(run, proofOf(0))).toBe('stale');
    expect(await snapshots.beginIngest(run)).toBeNull();
    expect(await snapshots.fail(run, failure, { actor: 'prover' })).toBe(false);
    await expect(snapshots.recordPlan(run, plan, REQUEST_KEY)).rejects.toMatchObject({
      code: 'SNAPSHOT_STALE',
    });
  });

  test('times are UTC whatever the server thinks', async () => {
    await db.pool.query(
      `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET TimeZone = 'America/New_York'`,
    );
    const other = openDatabase(database.url);
    try {
      const { snapshot } = await new SnapshotRepository(other).request(requestOf('january'), REQUEST_KEY);
      expect(snapshot.takenAt.toISOString()).toBe('2026-01-31T00:00:00.000Z');
      expect(Math.abs(Date.now() - snapshot.requestedAt.getTime())).toBeLessThan(600_000);
      const later = await new SnapshotRepository(other).latestPublished();
      expect(later).toBeNull();
    } finally {
      await other.close();
    }
  });
});

describe('ingest', () => {
  const run = { snapshotId: 'january', attempt: 1 };
  beforeEach(() => snapshots.request(requestOf('january'), REQUEST_KEY));

  test('begins once or again, never later or for another attempt', async () => {
    expect(await snapshots.beginIngest({ ...run, attempt: 2 })).toBeNull();
    expect(await snapshots.beginIngest({ ...run, snapshotId: 'unknown' })).toBeNull();
    const first = await snapshots.beginIngest(run);
    expect(first).toMatchObject({ state: 'INGESTING', ingestingAt: expect.any(Date) });
    expect(await snapshots.beginIngest(run)).toEqual(first);
    await snapshots.recordPlan(run, plan, REQUEST_KEY);
    await snapshots.finishIngest(run);
    expect(await snapshots.beginIngest(run)).toBeNull();
  });

  test('the first plan is kept, and a source that changed is refused', async () => {
    await snapshots.beginIngest(run);
    expect(await snapshots.recordPlan(run, plan, REQUEST_KEY)).toEqual(plan);
    expect(
      await snapshots.recordPlan(run, { ...plan, batchesPerProof: 8, batchCount: 1 }, REQUEST_KEY),
    ).toEqual(plan);
    await expect(
      snapshots.recordPlan(run, { ...plan, sourceDigest: toHex(bytesOf('changed')) }, REQUEST_KEY),
    ).rejects.toMatchObject({ code: 'INPUT_CHANGED', kind: 'invalid' });
  });

  test('of two plans at once one is kept, and both get it', async () => {
    await snapshots.beginIngest(run);
    const [one, other] = await Promise.all([
      snapshots.recordPlan(run, plan, REQUEST_KEY),
      snapshots.recordPlan(run, { ...plan, batchesPerProof: 1 }, REQUEST_KEY),
    ]);
    expect(one).toEqual(other);
  });

  test('ends once, and not without a plan', async () => {
    await snapshots.beginIngest(run);
    expect(await snapshots.finishIngest(run)).toBe(false);
    await snapshots.recordPlan(run, plan, REQUEST_KEY);
    expect(await snapshots.finishIngest({ ...run, attempt: 2 })).toBe(false);
    expect(await snapshots.finishIngest(run)).toBe(true);
    expect(await snapshots.finishIngest(run)).toBe(false);
    expect(await snapshots.find('january')).toMatchObject({ state: 'PROVING', provingAt: expect.any(Date) });
  });

  test('a failure is kept, once', async () => {
    expect(await snapshots.fail(run, failure, { actor: 'prover' })).toBe(true);
    expect(await snapshots.fail(run, { code: 'OTHER', message: 'later' }, { actor: 'prover' })).toBe(false);
    expect(await snapshots.progress('january')).toMatchObject({ state: 'FAILED', failure });
  });
});

describe('publish', () => {
  test('puts manifest and tree there together, once', async () => {
    const run = await proving(db, requestOf('january'));
    await proofs.store(run, proofOf(0));
    const publication = publicationOf('january');
    const outcomes = await Promise.all([1, 2, 3].map(() => snapshots.publish(run, publication)));
    expect(outcomes.sort()).toEqual([false, false, true]);
    const stored = await snapshots.latestPublished();
    expect(stored).toMatchObject({ id: 'january', state: 'PUBLISHED', publishedAt: expect.any(Date) });
    expect(Buffer.from(stored!.manifest!)).toEqual(publication.manifest);
    expect(await count('tree_node')).toBe(3);
    expect(await snapshots.fail(run, failure, { actor: 'prover' })).toBe(false);
  });

  test('a proof that is missing is noticed', async () => {
    const run = await proving(db, requestOf('january'), 4);
    await proofs.store(run, proofOf(2));
    await expect(snapshots.publish(run, publicationOf('january'))).rejects.toMatchObject({
      code: 'SNAPSHOT_INCOMPLETE',
    });
    await proofs.store(run, proofOf(0, { accounts: 2 }));
    // Ten accounts instead of twelve.
    await expect(snapshots.publish(run, publicationOf('january'))).rejects.toMatchObject({
      code: 'SNAPSHOT_INCOMPLETE',
    });
    expect(await count('tree_node')).toBe(0);
    expect(await snapshots.find('january')).toMatchObject({ state: 'PROVING', manifest: null });
  });

  test('a failure among the nodes leaves nothing published', async () => {
    const run = await proving(db, requestOf('january'));
    await proofs.store(run, proofOf(0));
    const { nodes, ...rest } = publicationOf('january');
    const twice = [...nodes, ...nodes];
    await expect(snapshots.publish(run, { ...rest, nodes: twice })).rejects.toMatchObject({ code: '23505' });
    expect(await count('tree_node')).toBe(0);
    expect(await snapshots.find('january')).toMatchObject({ state: 'PROVING' });
    expect(await snapshots.publish(run, { ...rest, nodes })).toBe(true);
  });

  test('the chain neither forks nor goes back', async () => {
    await published(db, requestOf('january'));
    const january = bytesOf('digest january');
    const [march, february] = [
      await proving(db, requestOf('march', { takenAt: '2026-03-31T00:00:00Z' })),
      await proving(db, requestOf('february', { takenAt: '2026-02-28T00:00:00Z' })),
    ];
    for (const run of [march, february]) await proofs.store(run, proofOf(0));
    await expect(snapshots.publish(march, publicationOf('march'))).rejects.toMatchObject({
      code: 'CHAIN_MOVED',
    });
    expect(await snapshots.publish(march, publicationOf('march', january))).toBe(true);
    await expect(snapshots.publish(february, publicationOf('february', january))).rejects.toMatchObject({
      code: 'CHAIN_TIME',
    });
    expect(await snapshots.latestPublished()).toMatchObject({ id: 'march' });
  });

  test('of two that are finalised after the same one at once, one is published', async () => {
    await published(db, requestOf('january'));
    const january = bytesOf('digest january');
    const runs = [
      await proving(db, requestOf('march', { takenAt: '2026-03-31T00:00:00Z' })),
      await proving(db, requestOf('april', { takenAt: '2026-04-30T00:00:00Z' })),
    ];
    for (const run of runs) await proofs.store(run, proofOf(0));
    const outcomes = await Promise.allSettled(
      runs.map((run) => snapshots.publish(run, publicationOf(run.snapshotId, january))),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('the database itself refuses a fork, the first one too', async () => {
    const first = await published(db, requestOf('january'));
    const run = await proving(db, requestOf('february', { takenAt: '2026-02-28T00:00:00Z' }));
    const fork = (previous: Buffer | null) =>
      db.pool.query(
        `UPDATE snapshot SET state = 'PUBLISHED', manifest = 'x', manifest_digest = $2, previous_digest = $3, published_at = now() WHERE id = $1`,
        [run.snapshotId, bytesOf('any'), previous],
      );
    await expect(fork(null)).rejects.toMatchObject({ code: '23505', constraint: 'snapshot_chain' });
    await fork(bytesOf(`digest ${first.snapshotId}`));
  });

  test('another operator key has a chain of its own', async () => {
    await published(db, requestOf('january'));
    const other = operatorOf('other');
    await published(db, requestOf('february', { takenAt: '2026-02-28T00:00:00Z', operator: other }));
    expect(await snapshots.latestPublished(other)).toMatchObject({ id: 'february' });
    expect(await snapshots.latestPublished(operatorOf('operator'))).toMatchObject({ id: 'january' });
    expect(await snapshots.latestPublished(operatorOf('nobody'))).toBeNull();
  });
});

describe('a manifest of 2062 that was published', () => {
  const [old, fresh] = [operatorOf('operator'), operatorOf('fresh')];
  beforeEach(async () => {
    await published(db, requestOf('january'));
    await published(db, requestOf('bad', { takenAt: '2062-01-31T00:00:00Z' }), bytesOf('digest january'));
  });

  test('ends its key’s chain, and no other', async () => {
    const february = { takenAt: '2026-02-28T00:00:00Z' };
    await expect(snapshots.request(requestOf('february', february), REQUEST_KEY)).rejects.toMatchObject({
      code: 'CHAIN_TIME',
      message: expect.stringContaining('new key') as string,
    });
    await published(db, requestOf('february', { ...february, operator: fresh }));
    expect(await snapshots.latestPublished(fresh)).toMatchObject({ id: 'february' });
    expect(await snapshots.latestPublished(old)).toMatchObject({ id: 'bad' });
  });

  test('is left behind by a new key, whose first manifest follows an earlier one of the old key or none', async () => {
    const run = await proving(
      db,
      requestOf('february', { takenAt: '2026-02-28T00:00:00Z', operator: fresh }),
    );
    await proofs.store(run, proofOf(0));
    for (const previous of ['digest bad', 'digest unknown'])
      await expect(
        snapshots.publish(run, publicationOf('february', bytesOf(previous))),
      ).rejects.toMatchObject({ code: 'CHAIN_MOVED' });
    expect(await snapshots.publish(run, publicationOf('february', bytesOf('digest january')))).toBe(true);
    const march = { takenAt: '2026-03-31T00:00:00Z', operator: fresh };
    const next = await proving(db, requestOf('march', march));
    await proofs.store(next, proofOf(0));
    // From then on it is a chain like any other.
    for (const previous of [null, bytesOf('digest january')])
      await expect(snapshots.publish(next, publicationOf('march', previous))).rejects.toMatchObject({
        code: 'CHAIN_MOVED',
      });
    expect(await snapshots.publish(next, publicationOf('march', bytesOf('digest february')))).toBe(true);
  });
});

describe('the table refuses what the code would not write', () => {
  test.each([
    ['a published one without manifest', `state = 'PUBLISHED', source_digest = header_digest, accounts = 1, batches_per_proof = 1, batch_count = 1`, 'snapshot_published_whole'],
    ['a manifest before it is published', `manifest = 'x'`, 'snapshot_published_whole'],
    ['a failure without failing', `failure = '{}'`, 'snapshot_failed_whole'],
    ['a short digest', `source_digest = 'x', accounts = 1, batches_per_proof = 1, batch_count = 1`, 'snapshot_digest_lengths'],
    ['half a plan', 'accounts = 1', 'snapshot_plan_whole'],
    ['more accounts than batches hold', `source_digest = header_digest, accounts = 4081, batches_per_proof = 1, batch_count = 1`, 'snapshot_plan_range'],
    ['193 batches a proof', `source_digest = header_digest, accounts = 1, batches_per_proof = 193, batch_count = 1`, 'snapshot_plan_range'],
    ['proving without a plan', `state = 'PROVING'`, 'snapshot_plan_before_proving'],
    ['an id with a slash', `id = 'a/b', header = jsonb_set(header, '{snapshot}', '"a/b"')`, 'snapshot_id_form'],
    ['the header of another', `id = 'other'`, 'snapshot_id_of_header'],
    ['dropped before it is done', 'private_data_dropped_at = now()', 'snapshot_dropped_when_done'],
  ])('%s', async (_, change, constraint) => {
    await snapshots.request(requestOf('january'), REQUEST_KEY);
    await expect(db.pool.query(`UPDATE snapshot SET ${change}`)).rejects.toMatchObject({ code: '23514', constraint });
  }); // prettier-ignore
});

describe('reading', () => {
  const months = ['01-31', '02-28', '03-31', '04-30', '05-31'];
  beforeEach(async () => {
    for (const [i, day] of months.entries())
      await snapshots.request(requestOf(`snapshot-${i}`, { takenAt: `2026-${day}T00:00:00Z` }), REQUEST_KEY);
  });

  test('pages go from the newest to the oldest, without a gap', async () => {
    // Two of the same time.
    await snapshots.request(requestOf('snapshot-2b', { takenAt: '2026-03-31T00:00:00Z' }), REQUEST_KEY);
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const page = await snapshots.page(
        { first: 2, ...(after !== undefined && { after }) },
        { unfinished: true },
      );
      more = page.length > 2;
      seen.push(...page.slice(0, 2).map(({ id }) => id));
      after = snapshots.cursorOf(page.slice(0, 2).at(-1)!);
    }
    expect(seen).toEqual([
      'snapshot-4',
      'snapshot-3',
      'snapshot-2',
      'snapshot-2b',
      'snapshot-1',
      'snapshot-0',
    ]);
    await expect(snapshots.page({ first: 2, after: 'unknown' }, { unfinished: true })).rejects.toMatchObject({
      code: 'CURSOR_MALFORMED',
    });
    expect(await snapshots.page({ first: 9 }, { unfinished: false })).toEqual([]);
  });

  test('unfinished ones are those that are neither published nor failed', async () => {
    await snapshots.fail({ snapshotId: 'snapshot-3', attempt: 1 }, failure, { actor: 'prover' });
    await snapshots.beginIngest({ snapshotId: 'snapshot-0', attempt: 1 });
    const ids = (await snapshots.unfinished()).map(({ id }) => id);
    expect(ids.sort()).toEqual(['snapshot-0', 'snapshot-1', 'snapshot-2', 'snapshot-4']);
  });

  test('progress counts what is proved', async () => {
    expect(await snapshots.progress('unknown')).toBeNull();
    expect(await snapshots.progress('snapshot-0')).toMatchObject({
      batches: null,
      batchesProved: 0,
      proofs: 0,
    });
    const run = await proving(db, requestOf('later', { takenAt: '2026-07-31T00:00:00Z' }), 5, 13);
    await proofs.store(run, proofOf(2));
    await proofs.store(run, proofOf(4, { batches: 1 }));
    expect(await snapshots.progress('later')).toMatchObject({
      ...{
        state: 'PROVING',
        attempt: 1,
        accounts: 13,
        batches: 5,
        batchesProved: 3,
        proofs: 2,
        failure: null,
      },
    });
    expect(await snapshots.provedFirsts('later')).toEqual(new Set([2, 4]));
  });
});

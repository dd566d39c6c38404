import { createHash } from 'node:crypto';
import { SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { lookupKey, type InclusionToKeep, type Kept } from '@solvent-por/services/database';
import { DocumentCache } from './document-cache';
import { InclusionLookup, type LookupOutcome } from './inclusion-lookup';

const ID = new Uint8Array(32).fill(7);
const HEX = toHex(ID);

function harness(options: { documents?: Map<string, Exclude<Kept, null>>; cacheBytes?: number } = {}) {
  const queries: string[] = [];
  const outcomes: LookupOutcome[] = [];
  const documents = options.documents ?? new Map<string, Exclude<Kept, null>>();
  const keeps: InclusionToKeep[] = [];
  const damaged: string[] = [];
  const snapshots = new Map([
    ['published', { state: 'PUBLISHED', privateDataDroppedAt: null as Date | null, attempt: 3 }],
    ['proving', { state: 'PROVING', privateDataDroppedAt: null, attempt: 1 }],
    ['dropped', { state: 'PUBLISHED', privateDataDroppedAt: new Date(), attempt: 1 }],
  ]);
  const state = { computed: 0, idInDocument: HEX };
  const known = lookupKey(ID).toString('hex');
  const lookup = new InclusionLookup({
    look: async (snapshotId, key) => {
      queries.push(`look ${snapshotId} ${key.length}`);
      return {
        snapshot: snapshots.get(snapshotId) ?? null,
        place: key.toString('hex') === known && snapshots.has(snapshotId) ? { batch: 2, row: 5 } : null,
        kept: documents.get(`${snapshotId} ${key.toString('hex')}`) ?? null,
      };
    },
    keep: (proof) => {
      keeps.push(proof);
      documents.set(`${proof.snapshotId} ${Buffer.from(proof.lookupKey).toString('hex')}`, proof.record);
    },
    records: {
      recordOf: (document) => document.slice().reverse(),
      documentOf: async (_id, _account, record) =>
        record.length === 1 ? undefined : record.slice().reverse(),
    },
    onDamaged: (snapshotId, { code }) => damaged.push(`${snapshotId} ${code}`),
    prove: async (_who, snapshotId, batch, row) => {
      state.computed++;
      await new Promise((resolve) => setImmediate(resolve));
      return utf8(JSON.stringify({ id: state.idInDocument, snapshotId, batch, row }));
    },
    cache: new DocumentCache({ bytes: options.cacheBytes ?? 1 << 20, seconds: 60 }),
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  return { lookup, queries, outcomes, documents, state, keeps, damaged };
}

test('computed once, then kept in memory, then in the database', async () => {
  const first = harness();
  const { text, digest } = await first.lookup.get('a', 'published', HEX);
  expect(JSON.parse(text)).toEqual({ id: HEX, snapshotId: 'published', batch: 2, row: 5 });
  expect(digest).toBe(`0x${createHash('sha256').update(text).digest('hex')}`);
  first.queries.length = 0;
  expect(await first.lookup.get('a', 'published', HEX.slice(2).toUpperCase())).toEqual({ text, digest });
  expect(first.queries).toEqual([]);
  expect(first.outcomes).toEqual(['computed', 'kept-memory']);

  const restarted = harness({ documents: first.documents });
  expect(await restarted.lookup.get('a', 'published', HEX)).toEqual({ text, digest });
  expect(restarted.outcomes).toEqual(['kept-database']);
  expect(restarted.state.computed).toBe(0);
});

test.each([
  ['does not open', { damaged: new SolventError('WITNESS_SEAL_BROKEN', 'invalid', 'changed') }],
  ['has another length', Uint8Array.of(1)],
])(
  'a kept proof that %s is answered from the witness, told of, and kept anew',
  async (_, kept: Exclude<Kept, null>) => {
    const whole = await harness().lookup.get('a', 'published', HEX);
    const documents = new Map([[`published ${lookupKey(ID).toString('hex')}`, kept]]);
    const { lookup, outcomes, damaged, keeps } = harness({ documents });
    expect(await lookup.get('a', 'published', HEX)).toEqual(whole);
    expect(outcomes).toEqual(['computed']);
    expect(damaged).toEqual([
      `published ${'damaged' in kept ? 'WITNESS_SEAL_BROKEN' : 'KEPT_PROOF_MALFORMED'}`,
    ]);
    expect(keeps).toMatchObject([{ snapshotId: 'published', attempt: 3, repairs: true }]);
    const restarted = harness({ documents });
    expect(await restarted.lookup.get('a', 'published', HEX)).toEqual(whole);
    expect([restarted.outcomes, restarted.damaged]).toEqual([['kept-database'], []]);
  },
);

test('200 at once compute once', async () => {
  const { lookup, state, outcomes } = harness();
  const answers = await Promise.all(Array.from({ length: 200 }, () => lookup.get('a', 'published', HEX)));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(state.computed).toBe(1);
  expect(outcomes).toHaveLength(200);
});

test('unknown and malformed ids and snapshots answer alike, after the same read', async () => {
  const asked: [string, string][] = [
    ['published', toHex(new Uint8Array(32).fill(8))],
    ['published', 'not an id'],
    ['published', ''],
    ['published', `${HEX}00`],
    ['published', `0y${HEX.slice(2)}`],
    ['published', 'x'.repeat(100_000)],
    ['nowhere', HEX],
    ['nowhere', 'not an id'],
    ['NOT A NAME', HEX],
    ['published\u0000', HEX],
    ['', HEX],
    ['x'.repeat(65), HEX],
    ['proving', HEX],
  ];
  for (const [snapshotId, accountId] of asked) {
    const { lookup, queries, outcomes } = harness();
    const error: unknown = await lookup.get('a', snapshotId, accountId).catch((refused: unknown) => refused);
    expect(error).toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
      message:
        'there is no account with this id in a published snapshot of this name: an id is made for one snapshot from the account key, which is not to be sent',
      details: {},
    });
    // A key of 32 bytes, whatever was given.
    expect(queries).toEqual([expect.stringMatching(/^look .* 32$/s)]);
    expect(outcomes).toEqual(['not-found']);
  }
});

test('what retention dropped is said of the snapshot, whatever the id', async () => {
  const { lookup } = harness();
  for (const id of [HEX, toHex(new Uint8Array(32)), 'not an id'])
    await expect(lookup.get('a', 'dropped', id)).rejects.toMatchObject({ code: 'PRIVATE_DATA_DROPPED' });
});

test('an index that leads to somebody else is never answered', async () => {
  const { lookup, state, documents, outcomes } = harness();
  state.idInDocument = toHex(new Uint8Array(32).fill(9));
  await expect(lookup.get('a', 'published', HEX)).rejects.toMatchObject({
    code: 'LOOKUP_INDEX_WRONG',
    kind: 'internal',
  });
  expect(documents.size).toBe(0);
  expect(outcomes).toEqual(['failed']);
});

test('memory is bounded in bytes', () => {
  const cache = new DocumentCache({ bytes: 10_000, seconds: 60 });
  for (let i = 0; i < 100; i++) cache.set(`key ${i}`, { text: 'x'.repeat(2000), digest: '0x' });
  expect(cache.bytes).toBeLessThanOrEqual(10_000);
  expect(cache.get('key 99')).toBeDefined();
  expect(cache.get('key 0')).toBeUndefined();
  cache.set('larger than all of it', { text: 'x'.repeat(20_000), digest: '0x' });
  expect(cache.get('larger than all of it')).toBeUndefined();
});

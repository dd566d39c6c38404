import { randomBytes } from 'node:crypto';
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { ClaimRecords, type AnsweredClaim } from './claim-records';
import { openDatabase, type Database } from './database';

/** With the gateway's rights: it alone keeps them. */
let database: TestDatabase;
let admin: Database;
let gateway: Database;
let records: ClaimRecords;

beforeAll(async () => {
  database = await testDatabase();
  admin = openDatabase(database.url);
  gateway = openDatabase(database.as('gateway'));
  records = new ClaimRecords(gateway);
});
afterAll(async () => {
  await gateway.close();
  await admin.close();
  await database.drop();
});

const answered = (more: Partial<AnsweredClaim> = {}): AnsweredClaim => ({
  challenge: randomBytes(31),
  scope: Buffer.alloc(31, 7),
  apiKeyId: 'partner',
  claimRoot: Buffer.alloc(32, 1),
  nullifier: randomBytes(32),
  ...more,
});

async function given(more: Partial<AnsweredClaim> = {}): Promise<AnsweredClaim> {
  const claim = answered(more);
  expect((await records.give(claim)).getTime()).toBeGreaterThan(Date.now());
  return claim;
}

const rewind = (challenge: Uint8Array, seconds: number) =>
  admin.pool.query(
    'UPDATE claim_challenge SET expires_at = now() - make_interval(secs => $2) WHERE challenge = $1',
    [challenge, seconds],
  );
const isKept = async (challenge: Uint8Array) =>
  (await admin.pool.query('SELECT FROM claim_challenge WHERE challenge = $1', [challenge])).rowCount === 1;

test('a challenge is taken once', async () => {
  const claim = await given();
  expect(await records.take(claim)).toEqual({ seenBefore: null });
  expect(await records.take(claim)).toEqual({ refused: 'taken' });
});

test('of two that take one challenge at once one wins, and its nullifier alone is kept', async () => {
  for (let i = 0; i < 10; i++) {
    const claim = await given();
    const [one, other] = [claim, { ...claim, nullifier: randomBytes(32) }];
    const taken = await Promise.all([records.take(one), records.take(other)]);
    expect(taken).toEqual(expect.arrayContaining([{ seenBefore: null }, { refused: 'taken' }]));
    const { rowCount } = await admin.pool.query('SELECT FROM claim_nullifier WHERE nullifier = ANY($1)', [
      [one.nullifier, other.nullifier],
    ]);
    expect(rowCount).toBe(1);
  }
});

test('of another scope, of another key, unknown, and expired, none is taken, and no nullifier is kept', async () => {
  const claim = await given();
  expect(await records.take({ ...claim, scope: Buffer.alloc(31, 8) })).toEqual({ refused: 'scope' });
  expect(await records.take({ ...claim, apiKeyId: 'other' })).toEqual({ refused: 'unknown' });
  expect(await records.take(answered())).toEqual({ refused: 'unknown' });
  await rewind(claim.challenge, 1);
  expect(await records.take(claim)).toEqual({ refused: 'expired' });
  const { rowCount } = await admin.pool.query('SELECT FROM claim_nullifier WHERE nullifier = $1', [
    claim.nullifier,
  ]);
  expect(rowCount).toBe(0);
});

test('a nullifier is seen again in its scope and claim tree, and in no other', async () => {
  const first = await given();
  expect(await records.take(first)).toEqual({ seenBefore: null });
  const again = async (more: Partial<AnsweredClaim>) =>
    records.take(await given({ nullifier: first.nullifier, ...more }));
  expect(await again({ scope: Buffer.alloc(31, 8) })).toEqual({ seenBefore: null });
  expect(await again({ claimRoot: Buffer.alloc(32, 2) })).toEqual({ seenBefore: null });
  const { seenBefore } = (await again({ apiKeyId: 'other' })) as { seenBefore: Date };
  expect(seenBefore).toBeInstanceOf(Date);
  expect(await again({})).toEqual({ seenBefore });
  // Two at once, with a challenge each: one of them is the first.
  const nullifier = randomBytes(32);
  const pair = await Promise.all([given({ nullifier }), given({ nullifier })]);
  const seen = await Promise.all(pair.map((claim) => records.take(claim)));
  expect(seen).toEqual(
    expect.arrayContaining([{ seenBefore: null }, { seenBefore: expect.any(Date) as Date }]),
  );
});

test('challenges that expired long ago are forgotten when others are given out; nullifiers never are', async () => {
  const [old, young] = [await given(), await given()];
  await records.take(old);
  await rewind(old.challenge, 7200);
  await rewind(young.challenge, 5);
  await given();
  expect([await isKept(old.challenge), await isKept(young.challenge)]).toEqual([false, true]);
  const { rowCount } = await admin.pool.query('SELECT FROM claim_nullifier WHERE nullifier = $1', [
    old.nullifier,
  ]);
  expect(rowCount).toBe(1);
});

test('a key has so many challenges open and no more, also of those that come at once', async () => {
  await admin.pool.query(
    `INSERT INTO claim_challenge (challenge, scope, api_key_id, expires_at)
     SELECT decode(lpad(to_hex(n), 62, '0'), 'hex'), $1, 'greedy', now() + interval '1 minute' FROM generate_series(1, 9999) n`,
    [Buffer.alloc(31, 7)],
  );
  const asked = await Promise.allSettled([1, 2, 3].map(() => records.give(answered({ apiKeyId: 'greedy' }))));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await expect(records.give(answered({ apiKeyId: 'greedy' }))).rejects.toMatchObject({
    code: 'CLAIM_CHALLENGES_MANY',
  });
  await given({ apiKeyId: 'modest' });
});

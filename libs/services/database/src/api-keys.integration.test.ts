import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { ApiKeyRepository } from './api-keys';
import { AuditLog } from './audit-log';
import { openDatabase, type Database } from './database';

let database: TestDatabase;
let db: Database;
let keys: ApiKeyRepository;

beforeEach(async () => {
  database = await testDatabase();
  db = openDatabase(database.url);
  keys = new ApiKeyRepository(db);
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

const lastUsed = async (id: string) => (await keys.list()).find((key) => key.id === id)?.lastUsedAt ?? null;
const partner = () => keys.create({ name: ' Partner ', role: 'PARTNER', createdBy: 'cli' });

test('a key opens with its role; nothing of its secret is kept or listed', async () => {
  const { id, key } = await partner();
  expect(key).toMatch(new RegExp(`^slv_${id}_[A-Za-z0-9_-]{43}$`));
  expect(await keys.authenticate(key)).toEqual({ id, role: 'PARTNER', partners: [] });
  const [record] = await keys.list();
  expect(record).toMatchObject({
    id,
    name: 'Partner',
    role: 'PARTNER',
    createdBy: 'cli',
    revokedAt: null,
    expiresAt: null,
  });
  expect(record).not.toHaveProperty('secretHash');
  const { rows } = await db.pool.query<{ text: string }>('SELECT k::text AS text FROM api_key k');
  expect(rows[0]!.text).not.toContain(key.slice(-43));
  expect(rows[0]!.text).not.toContain(Buffer.from(key.slice(-43), 'base64url').toString('hex'));
});

test('a key has the partner names that it was given, in the form of a claim’s scope, and no others', async () => {
  const make = (partners: readonly string[]) =>
    keys.create({ name: 'x', role: 'PARTNER', createdBy: 'cli', partners });
  const { key } = await make(['lender.example', 'Zoe\u0308', 'Zo\u00eb']);
  expect(await keys.authenticate(key)).toMatchObject({ partners: ['lender.example', 'Zo\u00eb'] });
  const wrong = [
    '',
    ' lender.example',
    'lender.example\n',
    'a\u202eb',
    '\ud800',
    'x'.repeat(257),
    'ü'.repeat(129),
  ];
  for (const name of wrong)
    await expect(make([name])).rejects.toMatchObject({ code: 'API_KEY_PARTNER', kind: 'usage' });
  const many = Array.from({ length: 17 }, (_, i) => `p${i}.example`);
  await expect(make(many)).rejects.toMatchObject({ code: 'API_KEY_PARTNER' });
});

test('any other key does not open, and says no more', async () => {
  const [one, other] = [await partner(), await partner()];
  const swapped = `slv_${one.id}_${other.key.slice(-43)}`;
  const wrong = [swapped, one.key.slice(0, -1), `${one.key}A`, `slv_${'0'.repeat(16)}_${one.key.slice(-43)}`, '', 'slv_', one.key.toUpperCase(), `Bearer ${one.key}`];
  for (const key of wrong) expect(await keys.authenticate(key)).toBeNull();
  expect(await lastUsed(one.id)).toBeNull();
}); // prettier-ignore

test('a revoked key does not open any more; it is revoked once', async () => {
  const { id, key } = await partner();
  expect(await keys.revoke(id)).toBe(true);
  expect(await keys.revoke(id)).toBe(false);
  expect(await keys.revoke('unknown')).toBe(false);
  expect(await keys.authenticate(key)).toBeNull();
});

test('a key opens until it expires', async () => {
  const { id, key } = await keys.create({ name: 'x', role: 'AUDITOR', createdBy: null, expiresAt: new Date(Date.now() + 3_600_000) });
  expect(await keys.authenticate(key)).toEqual({ id, role: 'AUDITOR', partners: [] });
  await db.pool.query(`UPDATE api_key SET expires_at = now() - interval '1 second'`);
  expect(await keys.authenticate(key)).toBeNull();
}); // prettier-ignore

test('the last use is written, at most once a minute', async () => {
  const { id, key } = await partner();
  await keys.authenticate(key);
  const first = await lastUsed(id);
  expect(first).toBeInstanceOf(Date);
  await Promise.all(Array.from({ length: 5 }, () => keys.authenticate(key)));
  expect(await lastUsed(id)).toEqual(first);
  await db.pool.query(`UPDATE api_key SET last_used_at = now() - interval '2 minutes'`);
  await keys.authenticate(key);
  expect((await lastUsed(id))!.getTime()).toBeGreaterThanOrEqual(first!.getTime());
});

test.each([
  ['an empty name', { name: '  ' }, 'API_KEY_NAME'],
  ['a long name', { name: 'x'.repeat(101) }, 'API_KEY_NAME'],
  ['an end in the past', { expiresAt: new Date(0) }, 'API_KEY_EXPIRY'],
  ['an end that is no time', { expiresAt: new Date('never') }, 'API_KEY_EXPIRY'],
])('%s is refused', async (_, changes, code) => {
  const key = { name: 'x', role: 'PARTNER' as const, createdBy: null, ...changes };
  await expect(keys.create(key)).rejects.toMatchObject({ code, kind: 'usage' });
});

test('what operators did is listed from the newest, and can be neither changed nor removed', async () => {
  const log = new AuditLog(db);
  for (let i = 0; i < 5; i++)
    await log.record({ actor: 'cli', action: 'snapshot.request', target: `snapshot-${i}`, details: { i } });
  const page = await log.list({ first: 2 });
  expect(page.map(({ target }) => target)).toEqual(['snapshot-4', 'snapshot-3']);
  expect(page[0]).toMatchObject({
    actor: 'cli',
    action: 'snapshot.request',
    details: { i: 4 },
    at: expect.any(Date),
  });
  const rest = await log.list({ first: 9, after: page[1]!.id });
  expect(rest.map(({ target }) => target)).toEqual(['snapshot-2', 'snapshot-1', 'snapshot-0']);
  for (const sql of [`UPDATE audit_event SET actor = 'x'`, 'DELETE FROM audit_event', 'TRUNCATE audit_event'])
    await expect(db.pool.query(sql)).rejects.toThrow(/append-only/);
});

import { toHex } from '@solvent-por/kzg';
import { AuditLog } from '@solvent-por/services/database';
import { provedSnapshot, storeSnapshot } from '../../testing/proved-snapshot';
import { codesOf, TestGateway } from '../../testing/test-gateway';

let harness: TestGateway;
let account: string;

beforeAll(async () => {
  const proved = await provedSnapshot('october');
  account = toHex(proved.accounts[3]!.id);
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, proved);
});
afterAll(() => harness?.close());

const LOOK_UP =
  'query ($id: String!) { a: inclusionProof(snapshotId: "october", accountId: $id) { row } b: inclusionProof(snapshotId: "october", accountId: $id) { row } }';

interface Line {
  readonly from?: string;
  readonly keyId?: string;
  readonly msg: string;
}

const lines = () => harness.logged.map((line) => JSON.parse(line) as Line);

test('the line of a request names the key and, by a keyed hash, the address', async () => {
  const { id, key } = await harness.key('AUDITOR');
  harness.logged.length = 0;
  const headers = { authorization: `Bearer ${key}` };
  await harness.ask('{ latestSnapshot { id } }', {}, headers);
  await harness.ask('{ latestSnapshot { id } }');
  await fetch(`${harness.url}/snapshots/october/manifest.json`, { headers });
  const of = (what: string) => lines().filter(({ msg }) => msg.startsWith(what));
  const [withKey, without] = of('POST /graphql 200');
  const [file] = of('GET /snapshots/october/manifest.json 200');
  expect([withKey!.keyId, without!.keyId, file!.keyId]).toEqual([id, undefined, id]);
  expect(withKey!.from).toMatch(/^[0-9a-f]{12}$/);
  expect([without!.from, file!.from]).toEqual([withKey!.from, withKey!.from]);
  await harness.restart({});
  harness.logged.length = 0;
  await harness.ask('{ latestSnapshot { id } }');
  // With another key after a start: no list of hashes of all addresses lasts.
  expect(of('POST /graphql 200')[0]!.from).not.toBe(withKey!.from);
});

test('look-ups are in the audit by key and hour, never by id; the anonymous are not', async () => {
  const { id, key } = await harness.key('PARTNER');
  const headers = { authorization: `Bearer ${key}` };
  await harness.ask(LOOK_UP, { id: account }, headers);
  const hour = `${new Date(harness.clock.now).toISOString().slice(0, 13)}Z`;
  harness.clock.now += 3_600_000;
  await harness.ask(LOOK_UP, { id: account }, headers);
  await harness.ask(LOOK_UP, { id: `0x${'00'.repeat(32)}` }, headers);
  await harness.ask(LOOK_UP, { id: account });
  // What a batch has not written is written when the gateway ends.
  await harness.restart({});
  const events = await new AuditLog(harness.database).list({ first: 100 });
  const counts = events.filter(({ action }) => action === 'lookups.count').reverse();
  const next = `${new Date(harness.clock.now).toISOString().slice(0, 13)}Z`;
  expect(counts.map(({ actor, target, details }) => [actor, target, details])).toEqual([
    [id, hour, { lookups: 2 }],
    [id, next, { lookups: 4 }],
  ]);
  expect(JSON.stringify(counts.map(({ details }) => details))).not.toContain(account.slice(2, 12));
});

test('what is refused for want of a role is counted, and the id of a key that is made is in the audit', async () => {
  const { key } = await harness.key('PARTNER');
  const make = 'mutation { createApiKey(input: { name: "shop", role: PARTNER }) { key } }';
  const refused = await harness.ask(make, {}, { authorization: `Bearer ${key}` });
  expect(codesOf(refused)).toEqual(['FORBIDDEN']);
  expect(await harness.registry.metrics()).toMatch(/^solvent_gateway_forbidden_total 1$/m);
  const operator = { authorization: `Bearer ${(await harness.key('OPERATOR')).key}` };
  const made = (await harness.ask(make, {}, operator)).data!['createApiKey'] as { key: string };
  const [event] = await new AuditLog(harness.database).list({ first: 1 });
  expect(event).toMatchObject({
    action: 'api-key.create.done',
    target: made.key.split('_')[1],
    details: { asked: 'shop' },
  });
});

test('without introspection no message tells what else the schema has; answers are kept by nobody', async () => {
  const asked = await harness.ask('{ latestSnapsho { id } }');
  expect(asked.status).toBe(400);
  expect(asked.text).not.toMatch(/did you mean|latestSnapshot"/i);
  expect(asked.headers.get('cache-control')).toBe('no-store');
  const variable = await harness.ask('query ($r: ApiRole!) { apiKeys { id } }', { r: 'PARTNR' });
  expect(variable.text).not.toMatch(/did you mean/i);
  const found = await harness.ask(LOOK_UP, { id: account });
  expect(found.headers.get('cache-control')).toBe('no-store');
  await harness.restart({ introspection: true });
  expect((await harness.ask('{ latestSnapsho { id } }')).text).toContain('Did you mean');
});

test('the policy of answers lets nothing in, not what helmet would', async () => {
  const { headers } = await fetch(`${harness.url}/healthz`);
  expect(headers.get('content-security-policy')!.split(';').sort()).toEqual([
    "base-uri 'none'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]);
});

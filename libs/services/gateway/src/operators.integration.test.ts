import { AuditLog, SourceListings } from '@solvent-por/services/database';
import { configOf, provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../testing/proved-snapshot';
import { codesOf, TestGateway } from '../testing/test-gateway';

const REQUEST = `mutation ($config: JSON!, $source: String!) { requestSnapshot(input: { config: $config, source: $source }) {
  created snapshot { id state takenAt operations { attempt source requestedBy accounts } progress { state batches batchesProved } } } }`;

let harness: TestGateway;
let proved: ProvedSnapshot;
let operator: Record<string, string>;
let operatorId: string;
const as = (key: string) => ({ authorization: `Bearer ${key}` });

beforeAll(async () => {
  proved = await provedSnapshot('october');
  harness = await TestGateway.start({ operator: proved.header.operator });
  await storeSnapshot(harness.database, harness.keyring, proved);
  const made = await harness.key('OPERATOR');
  [operator, operatorId] = [as(made.key), made.id];
});

afterAll(() => harness?.close());

const december = () => ({
  ...configOf({ ...proved.header, snapshot: 'december', takenAt: '2026-11-01T00:00:00Z' }),
  keys: { file: 'keys.json' },
  previous: 'november/manifest.json',
});

test('each operation lets in its roles, and no other', async () => {
  const config = december();
  const operations: [string, Record<string, unknown>][] = [
    [REQUEST, { config, source: 'balances' }],
    ['{ apiKeys { id } }', {}],
    ['{ sources { more } }', {}],
    ['mutation { createApiKey(input: { name: "x", role: PARTNER }) { id } }', {}],
    ['mutation { revokeApiKey(id: "x") }', {}],
  ];
  const callers = [{}, as((await harness.key('PARTNER')).key), as((await harness.key('AUDITOR')).key)];
  for (const [query, variables] of operations)
    for (const headers of callers)
      expect(codesOf(await harness.ask(query, variables, headers))).toEqual(['FORBIDDEN']);
  expect(harness.published).toEqual([]);
  for (const headers of callers)
    expect(
      (await harness.ask('{ latestSnapshot { id operations { source } progress { state } } }', {}, headers))
        .data,
    ).toEqual({
      latestSnapshot: { id: 'october', operations: null, progress: null },
    });
});

test('a wrong, expired or revoked key is refused, not taken for nobody', async () => {
  const expired = await harness.key('OPERATOR', new Date(Date.now() + 50));
  await new Promise((resolve) => setTimeout(resolve, 60));
  const { id, key } = await harness.key('OPERATOR');
  const revoke = await harness.ask('mutation ($id: String!) { revokeApiKey(id: $id) }', { id }, operator);
  expect(revoke.data).toEqual({ revokeApiKey: true });
  for (const wrong of [expired.key, key, `${key.slice(0, -1)}A`, 'slv_x_y', 'x']) {
    const answer = await harness.ask('{ latestSnapshot { id } }', {}, as(wrong));
    expect([answer.status, codesOf(answer), answer.data]).toEqual([401, ['API_KEY_INVALID'], undefined]);
  }
});

test('a snapshot is requested once, told to ingest, seen by operators alone', async () => {
  const variables = { config: december(), source: 'december/balances' };
  const first = await harness.ask(REQUEST, variables, operator);
  expect(first.errors).toBeUndefined();
  expect(first.data!['requestSnapshot']).toEqual({
    created: true,
    snapshot: {
      id: 'december',
      state: 'REQUESTED',
      takenAt: '2026-11-01T00:00:00Z',
      operations: { attempt: 1, source: 'december/balances', requestedBy: operatorId, accounts: null },
      progress: { state: 'REQUESTED', batches: null, batchesProved: 0 },
    },
  });
  expect((await harness.ask(REQUEST, variables, operator)).data!['requestSnapshot']).toMatchObject({
    created: false,
  });
  const run = { topic: 'solvent.snapshots.requested.v1', message: { snapshotId: 'december', attempt: 1 } };
  expect(harness.published).toEqual([run, run]);
  const { rows } = await harness.database.pool.query<{ config: object }>(
    "SELECT config FROM snapshot WHERE id = 'december'",
  );
  expect(rows[0]!.config).not.toHaveProperty('keys');
  expect(rows[0]!.config).not.toHaveProperty('previous');

  const list = '{ snapshots { nodes { id } } snapshot(id: "december") { id } }';
  expect((await harness.ask(list)).data).toEqual({
    snapshots: { nodes: [{ id: 'october' }] },
    snapshot: null,
  });
  expect((await harness.ask(list, {}, operator)).data).toEqual({
    snapshots: { nodes: [{ id: 'december' }, { id: 'october' }] },
    snapshot: { id: 'december' },
  });
});

test('sources are those that ingest saw last', async () => {
  const query = '{ sources { sources { path files bytes modifiedAt } more readAt } }';
  expect((await harness.ask(query, {}, operator)).data).toEqual({
    sources: { sources: [], more: false, readAt: null },
  });
  const one = { path: 'november', files: 2, bytes: 5e9, modifiedAt: '2026-11-01T00:00:00.000Z' };
  await new SourceListings(harness.database).keep({ sources: [one], more: true });
  expect((await harness.ask(query, {}, operator)).data).toEqual({
    sources: { sources: [one], more: true, readAt: expect.stringMatching(/Z$/) },
  });
});

test('a snapshot that failed says in which file and record, where its balances are at fault', async () => {
  const config = configOf({ ...proved.header, snapshot: 'bad-row', takenAt: '2026-11-03T00:00:00Z' });
  await harness.ask(REQUEST, { config, source: 'x' }, operator);
  await harness.database.pool.query(
    `UPDATE snapshot SET state = 'FAILED', failed_at = now(), failure = $1 WHERE id = 'bad-row'`,
    [
      {
        code: 'ROW_NET_NEGATIVE',
        message: 'b.ndjson, row 4: …',
        details: { file: 'b.ndjson', row: 4, key: '9' },
      },
    ],
  );
  const query = '{ snapshot(id: "bad-row") { progress { failure { code message file row } } } }';
  expect((await harness.ask(query, {}, operator)).data).toEqual({
    snapshot: {
      progress: {
        failure: { code: 'ROW_NET_NEGATIVE', message: 'b.ndjson, row 4: …', file: 'b.ndjson', row: 4 },
      },
    },
  });
});

test('a bus that fails keeps the request', async () => {
  harness.onPublish = () => {
    throw new Error('no broker');
  };
  const config = configOf({ ...proved.header, snapshot: 'lost', takenAt: '2026-11-02T00:00:00Z' });
  const answer = await harness.ask(REQUEST, { config, source: 'x' }, operator);
  harness.onPublish = async () => undefined;
  expect(answer.data!['requestSnapshot']).toMatchObject({ created: true });
  expect(harness.logged.join()).toContain('ingest will find it');
});

test('whatever an operator names, it is recorded', async () => {
  for (const name of ['a\u0000b', 'half a pair: \ud83d'])
    expect(
      codesOf(
        await harness.ask(REQUEST, { config: { ...december(), snapshot: name }, source: name }, operator),
      ),
    ).not.toContain('INTERNAL');
  const [event] = await new AuditLog(harness.database).list({ first: 1 });
  expect(event).toMatchObject({ action: 'snapshot.request.refused', target: 'half a pair: \ufffd' });
});

test('texts that PostgreSQL cannot keep are refused, wherever they stand', async () => {
  for (const text of ['a\u0000b', 'half a pair: \ud83d', '\ud83d'])
    for (const more of [
      { ignoreColumns: [text] },
      { ignoreFiles: [text] },
      { idColumn: text },
      { acceptIds: [text] },
      { columns: { [text]: 'BTC' } },
    ]) {
      const config = { ...december(), snapshot: 'texts', takenAt: '2026-11-03T00:00:00Z', ...more };
      expect(codesOf(await harness.ask(REQUEST, { config, source: 'x' }, operator))).toEqual([
        'CONFIG_INVALID',
      ]);
    }
  for (const id of ['a\u0000b', '\ud83d', '-271821', 'x'.repeat(500)])
    for (const [query, code] of [
      ['query ($id: String!) { snapshot(id: $id) { id } }', undefined],
      ['query ($id: String!) { globalProof(snapshotId: $id) { bytes } }', 'SNAPSHOT_NOT_FOUND'],
      ['query ($id: String!) { globalVerification(snapshotId: $id) { state } }', undefined],
      ['mutation ($id: String!) { verifyGlobal(snapshotId: $id) { state } }', 'SNAPSHOT_NOT_FOUND'],
      [
        'mutation ($id: String!) { sealBundle(snapshotId: $id, keysAreSecret: true) { created } }',
        'SNAPSHOT_NOT_FOUND',
      ],
      ['mutation ($id: String!) { revokeApiKey(id: $id) }', 'API_KEY_NOT_FOUND'],
    ] as const) {
      const { errors } = await harness.ask(query, { id }, operator);
      expect([query, errors?.[0]?.extensions['code']]).toEqual([query, code]);
    }
});

test.each([
  [
    'another operator',
    () => ({ ...december(), operator: `0x${'58'}${'66'.repeat(31)}` }),
    'x',
    ['CONFIG_INVALID', 'OPERATOR_UNEXPECTED'],
  ],
  [
    'other content under a name',
    () => ({ ...december(), takenAt: '2026-11-03T00:00:00Z' }),
    'x',
    ['SNAPSHOT_EXISTS'],
  ],
  [
    'a time before the published',
    () => ({ ...december(), snapshot: 'early', takenAt: '2026-01-01T00:00:00Z' }),
    'x',
    ['CHAIN_TIME'],
  ],
  [
    'a time of 2962 instead of 2026',
    () => ({ ...december(), snapshot: 'late', takenAt: '2962-01-01T00:00:00Z' }),
    'x',
    ['TAKEN_IN_FUTURE'],
  ],
  [
    'more assets than a snapshot holds',
    () => ({
      ...{
        mode: 'spot',
        snapshot: 'wide',
        takenAt: '2026-11-01T00:00:00Z',
        operator: proved.header.operator,
      },
      assets: Array.from({ length: 513 }, (_, i) => ({ symbol: `T${i}`, scale: 0 })),
    }),
    'x',
    ['CONFIG_ASSETS'],
  ],
  ['no configuration', () => ({}), 'x', ['CONFIG_INVALID']],
  ['a list', () => [1], 'x', ['CONFIG_INVALID']],
  ['a path outside', () => december(), '../etc', ['SOURCE_MALFORMED']],
])('refused: %s', async (_what, config, source, codes) => {
  const [refused] = codesOf(await harness.ask(REQUEST, { config: config(), source }, operator))!;
  expect(codes).toContain(refused);
});

test('keys are made, shown once, listed without secrets, and audited', async () => {
  const create = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { id key } }';
  const input = {
    ...{ name: 'a partner app', role: 'PARTNER', expiresAt: '2030-01-01T00:00:00Z' },
    partners: ['lender.example'],
  };
  const { data } = await harness.ask(create, { input }, operator);
  const made = data!['createApiKey'] as { id: string; key: string };
  expect(made.key).toMatch(/^slv_[0-9a-f]+_[A-Za-z0-9_-]{43}$/);
  expect((await harness.ask('{ latestSnapshot { id } }', {}, as(made.key))).errors).toBeUndefined();
  const listed = await harness.ask(
    '{ apiKeys { id name role partners createdBy expiresAt lastUsedAt revokedAt } }',
    {},
    operator,
  );
  expect(listed.text).not.toContain(made.key.slice(-43));
  expect(listed.data!['apiKeys']).toContainEqual({
    id: made.id,
    name: 'a partner app',
    role: 'PARTNER',
    partners: ['lender.example'],
    createdBy: operatorId,
    expiresAt: '2030-01-01T00:00:00.000Z',
    lastUsedAt: expect.any(String) as string,
    revokedAt: null,
  });
  for (const bad of [
    { ...input, name: '' },
    { ...input, name: 'x'.repeat(101) },
    { ...input, name: 'a\u202eb' },
    { ...input, name: 'a\nb' },
    { ...input, expiresAt: '2020-01-01T00:00:00Z' },
  ])
    expect(codesOf(await harness.ask(create, { input: bad }, operator))).toEqual(['ARGUMENT_INVALID']);
  // A year that PostgreSQL cannot read.
  const late = { ...input, expiresAt: '+275760-09-13T00:00:00.000Z' };
  expect(codesOf(await harness.ask(create, { input: late }, operator))).not.toContain('INTERNAL');
  expect(codesOf(await harness.ask(create, { input: { ...input, role: 'ANONYMOUS' } }, operator))).toEqual([
    'QUERY_INVALID',
  ]);
  expect(
    codesOf(await harness.ask('mutation { revokeApiKey(id: "0000000000000000") }', {}, operator)),
  ).toEqual(['API_KEY_NOT_FOUND']);

  const events = await new AuditLog(harness.database).list({ first: 100 });
  const actions = events.map(({ actor, action, target }) => `${actor} ${action} ${target}`);
  for (const action of [
    `${operatorId} snapshot.request december`,
    `${operatorId} snapshot.request.refused early`,
    `${operatorId} api-key.create a partner app`,
    `${operatorId} api-key.create.done ${made.id}`,
    `${operatorId} api-key.create.refused a partner app`,
    `${operatorId} api-key.list *`,
    `${operatorId} api-key.revoke.refused 0000000000000000`,
  ])
    expect(actions).toContain(action);
  expect(JSON.stringify(events.map(({ details }) => details))).not.toContain(made.key);
  expect(harness.logged.join()).not.toContain(made.key.slice(-43));
});

import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { toHex } from '@solvent-por/kzg';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { codesOf, TestGateway } from '../../testing/test-gateway';

let harness: TestGateway;
let proved: ProvedSnapshot;
let account: string;

beforeAll(async () => {
  proved = await provedSnapshot('october');
  account = toHex(proved.accounts[3]!.id);
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, proved);
});

afterAll(() => harness?.close());
afterEach(() => harness.restart({}));

const LATEST = '{ latestSnapshot { id } }';
const aliased = (count: number) =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: inclusionProof(snapshotId: "october", accountId: "${account}") { row }`).join(' ')} }`;

test('POST alone: an id in a URL would stand in every proxy’s log', async () => {
  const query = encodeURIComponent(LATEST);
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    const { status } = await fetch(`${harness.url}/graphql?query=${query}`, { method });
    expect([method, status]).toEqual([method, method === 'GET' || method === 'HEAD' ? 405 : 404]);
  }
});

test.each([
  ['no JSON', '{', 'BODY_MALFORMED', 400],
  ['nothing', '', 'BODY_MALFORMED', 400],
  ['null', 'null', 'BODY_MALFORMED', 400],
  ['a list: no batches', JSON.stringify([{ query: LATEST }]), 'BODY_MALFORMED', 400],
  ['no query', '{}', 'BODY_MALFORMED', 400],
  ['a query that is none', JSON.stringify({ query: 5 }), 'BODY_MALFORMED', 400],
  ['variables that are none', JSON.stringify({ query: LATEST, variables: [1] }), 'BODY_MALFORMED', 400],
  ['a name that is none', JSON.stringify({ query: LATEST, operationName: 1 }), 'BODY_MALFORMED', 400],
  ['a prototype', '{"query":"{ health { ready } }","__proto__":{"x":1}}', 'BODY_MALFORMED', 400],
  ['too long a query', JSON.stringify({ query: `${LATEST}#${'x'.repeat(17_000)}` }), 'QUERY_TOO_LONG', 400],
  ['too many tokens', JSON.stringify({ query: `{ ${'health '.repeat(2100)} }` }), 'QUERY_INVALID', 400],
  ['a syntax tree', JSON.stringify({ query: '{"kind":"Document","definitions":[]}' }), 'QUERY_INVALID', 400],
  ['an empty tree', JSON.stringify({ query: ' {}' }), 'QUERY_INVALID', 400],
  ['null as a query', JSON.stringify({ query: 'null' }), 'QUERY_INVALID', 400],
  ['an empty query', JSON.stringify({ query: '' }), 'QUERY_INVALID', 400],
  ['no such field', JSON.stringify({ query: '{ nothing }' }), 'QUERY_INVALID', 400],
  [
    'a variable too few',
    JSON.stringify({ query: 'query ($s: String!) { snapshot(id: $s) { id } }' }),
    'QUERY_INVALID',
    400,
  ],
  [
    'a variable of another kind',
    JSON.stringify({ query: 'query ($s: String!) { snapshot(id: $s) { id } }', variables: { s: {} } }),
    'QUERY_INVALID',
    400,
  ],
  ['another operation', JSON.stringify({ query: LATEST, operationName: 'Other' }), 'QUERY_INVALID', 400],
  [
    'two operations',
    JSON.stringify({
      query: 'query A { health { ready } } query B { health { ready } }',
      operationName: 'A',
    }),
    'QUERY_INVALID',
    400,
  ],
  [
    'a subscription',
    JSON.stringify({ query: 'subscription { snapshotProgress(snapshotId: "x") { state } }' }),
    'QUERY_INVALID',
    400,
  ],
  [
    'too large a body',
    JSON.stringify({ query: LATEST, variables: { x: 'x'.repeat(70_000) } }),
    'BODY_TOO_LARGE',
    413,
  ],
  [
    'too large a body for a document',
    JSON.stringify({
      query: 'mutation ($x: JSON!) { verifyInclusion(proof: $x) { valid } }',
      variables: { x: 'x'.repeat(5_000_000) },
    }),
    'BODY_TOO_LARGE',
    413,
  ],
])('refused with its code: %s', async (_what, body, code, status) => {
  const answer = await harness.post(body);
  expect([codesOf(answer), answer.status, answer.data]).toEqual([[code], status, undefined]);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.text.length).toBeLessThan(600);
});

test('what other sites can send without leave is not read', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/graphql',
    'multipart/form-data; boundary=x',
  ])
    expect(codesOf(await harness.post(`query=${LATEST}`, { 'content-type': type }))).toEqual([
      'BODY_MALFORMED',
    ]);
});

test('the same answers from documents that are run for the first time and from compiled ones', async () => {
  const query = `query ($a: String!) { inclusionProof(snapshotId: "october", accountId: $a) { row values { amount side } path { hash } document } wrong: snapshot(id: "x") { id } }`;
  const answers = new Set<string>();
  for (let run = 0; run < 12; run++) answers.add((await harness.ask(query, { a: account })).text);
  expect(answers.size).toBe(1);
  const refusals = new Set<string>();
  for (let run = 0; run < 12; run++) refusals.add((await harness.ask(query, { a: 'unknown' })).text);
  expect(refusals.size).toBe(1);
  expect([...refusals][0]).toContain('ACCOUNT_NOT_FOUND');
  for (let run = 0; run < 6; run++)
    expect(codesOf(await harness.ask(query, { a: null }))).toEqual(['QUERY_INVALID']);
});

test('depth and cost: 50 look-ups under 50 names are too many', async () => {
  expect(codesOf(await harness.ask(aliased(20)))).toBeUndefined();
  expect(codesOf(await harness.ask(aliased(50)))).toEqual(['QUERY_TOO_COSTLY']);
  const deep = '{ snapshots { edges { node { manifest { totals { symbol } } } } } }';
  expect(codesOf(await harness.ask(deep))).toBeUndefined();
  await harness.restart({ queryDepth: 5 });
  expect(codesOf(await harness.ask(deep))).toEqual(['QUERY_TOO_DEEP']);
});

test('introspection and the page to try queries on, only where they are allowed', async () => {
  const schema = '{ __schema { types { name } } }';
  expect(new Set(codesOf(await harness.ask(schema)))).toEqual(new Set(['QUERY_INVALID']));
  expect((await fetch(`${harness.url}/graphiql`)).status).toBe(404);
  await harness.restart({ introspection: true });
  expect((await harness.ask(schema)).errors).toBeUndefined();
  const page = await fetch(`${harness.url}/graphiql`);
  const html = await page.text();
  const policy = page.headers.get('content-security-policy')!;
  // The policy lets in what stands in the page, and nothing from elsewhere.
  for (const tag of ['script', 'style']) {
    const content = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)![1]!;
    expect(policy).toContain(`sha256-${createHash('sha256').update(content).digest('base64')}`);
  }
  expect(html).not.toMatch(/https?:\/\//);
});

test('each operation is counted, aliases too, by address and class; the answer says when to come again', async () => {
  await harness.restart({
    rates: {
      lookup: { address: 5, key: 8 },
      verification: { address: 1, key: 1 },
      other: { address: 3, key: 0 },
    },
  });
  const first = await harness.ask(aliased(4));
  expect(first.errors).toBeUndefined();
  const second = await harness.ask(aliased(4));
  expect(codesOf(second)).toEqual(['RATE_LIMITED']);
  const retryAfter = second.errors![0]!.extensions['retryAfter'];
  expect(retryAfter).toBeGreaterThan(0);
  expect(second.headers.get('retry-after')).toBe(String(retryAfter));
  for (let i = 0; i < 3; i++) expect((await harness.ask(LATEST)).errors).toBeUndefined();
  expect(codesOf(await harness.ask(LATEST))).toEqual(['RATE_LIMITED']);
  expect((await fetch(`${harness.url}/snapshots/october/manifest.json`)).status).toBe(429);
  const { key } = await harness.key('PARTNER');
  const partner = await harness.ask(aliased(8), {}, { authorization: `Bearer ${key}` });
  expect(partner.errors).toBeUndefined();
  expect(codesOf(await harness.ask(aliased(1), {}, { authorization: `Bearer ${key}` }))).toEqual([
    'RATE_LIMITED',
  ]);
  const metric = await harness.registry.getSingleMetric('solvent_gateway_rate_limited_total')!.get();
  expect(metric.values.find(({ labels }) => labels['class'] === 'lookup')!.value).toBe(4);
});

test('large bodies are counted before they are read', async () => {
  await harness.restart({
    rates: {
      lookup: { address: 0, key: 0 },
      verification: { address: 2, key: 0 },
      other: { address: 0, key: 0 },
    },
  });
  const body = JSON.stringify({
    query: 'mutation ($p: JSON!) { verifyInclusion(proof: $p) { valid } }',
    variables: { p: 'x'.repeat(100_000) },
  });
  for (let i = 0; i < 2; i++) expect(codesOf(await harness.post(body))).toEqual(['DOCUMENT_TOO_LARGE']);
  const refused = await harness.post(body);
  expect([codesOf(refused), refused.status]).toEqual([['RATE_LIMITED'], 429]);
});

test('addresses are those of the proxies that are trusted', async () => {
  const rates = {
    lookup: { address: 0, key: 0 },
    verification: { address: 0, key: 0 },
    other: { address: 1, key: 0 },
  };
  const from = (address: string) => harness.ask(LATEST, {}, { 'x-forwarded-for': address });
  await harness.restart({ rates });
  await from('10.0.0.1');
  expect(codesOf(await from('10.0.0.2'))).toEqual(['RATE_LIMITED']);
  await harness.restart({ rates, trustProxy: ['127.0.0.1'] });
  expect(codesOf(await from('10.0.0.1'))).toBeUndefined();
  expect(codesOf(await from('10.0.0.2'))).toBeUndefined();
  expect(codesOf(await from('10.0.0.1'))).toEqual(['RATE_LIMITED']);
});

test('documents that cannot be run are counted, too', async () => {
  await harness.restart({
    rates: {
      lookup: { address: 0, key: 0 },
      verification: { address: 0, key: 0 },
      other: { address: 2, key: 0 },
    },
  });
  expect(codesOf(await harness.ask('{ nothing }'))).toEqual(['QUERY_INVALID']);
  expect(codesOf(await harness.ask('query ($n: Int!) { snapshots(first: $n) { nodes { id } } }'))).toEqual([
    'QUERY_INVALID',
  ]);
  const refused = await harness.ask('{ nothing }');
  expect([codesOf(refused), refused.status]).toEqual([['RATE_LIMITED'], 429]);
});

test('guessing keys ends after a while', async () => {
  const guess = () => harness.ask(LATEST, {}, { authorization: 'Bearer slv_0000000000000000_x' });
  const codes = new Set<unknown>();
  for (let i = 0; i < 32; i++) codes.add(codesOf(await guess())![0]);
  expect([...codes]).toEqual(['API_KEY_INVALID', 'RATE_LIMITED']);
  // Downloads count the same guesses.
  const wrong = { headers: { authorization: 'Bearer slv_0000000000000000_x' } };
  expect((await fetch(`${harness.url}/snapshots/october/manifest.json`, wrong)).status).toBe(429);
});

test('CORS as configured; security headers on every answer', async () => {
  const preflight = (origin: string) =>
    fetch(`${harness.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
  expect((await preflight('https://wallet.example')).headers.get('access-control-allow-origin')).toBeNull();
  await harness.restart({ corsOrigins: ['https://wallet.example', 'https://audit.example'] });
  const allowed = await preflight('https://wallet.example');
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://wallet.example');
  expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  for (const path of ['/graphql', '/healthz', '/snapshots/october/manifest.json', '/nothing']) {
    const { headers } = await fetch(`${harness.url}${path}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toContain('max-age');
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

test('what goes wrong here says only a request id; the log has the rest', async () => {
  const { pool } = harness.asGateway;
  const query = pool.query.bind(pool);
  pool.query = (() =>
    Promise.reject(new Error('password of the database is hunter2'))) as unknown as typeof pool.query;
  const answer = await harness.ask(aliased(1));
  const file = await fetch(`${harness.url}/snapshots/fresh/manifest.json`);
  pool.query = query as typeof pool.query;
  expect(codesOf(answer)).toEqual(['INTERNAL']);
  expect(answer.text).not.toContain('hunter2');
  const { requestId } = answer.errors![0]!.extensions;
  const lines = harness.logged.filter((line) => line.includes(String(requestId)));
  expect(lines.some((line) => line.includes('hunter2'))).toBe(true);
  expect([file.status, ((await file.json()) as { code: string }).code]).toEqual([500, 'INTERNAL']);
});

test('health, ready, metrics on a port of their own; requests are timed by route, not by address', async () => {
  await harness.restart({ probes: { host: '127.0.0.1', port: 0 } });
  expect(
    (await harness.ask('{ health { ready version checks { name ok } } }')).data!['health'],
  ).toMatchObject({
    version: '0.0.0-test',
    checks: expect.arrayContaining([
      { name: 'database', ok: true },
      { name: 'bus', ok: true },
    ]) as unknown,
  });
  await fetch(`${harness.url}/snapshots/october/manifest.json`);
  await fetch(`${harness.url}/some/other/path`);
  for (const url of [harness.url, harness.probesUrl!])
    for (const path of ['/healthz', '/readyz']) expect((await fetch(`${url}${path}`)).status).toBe(200);
  // What a service counts is not for the world.
  expect((await fetch(`${harness.url}/metrics`)).status).toBe(404);
  const metrics = await (await fetch(`${harness.probesUrl}/metrics`)).text();
  expect(metrics).toContain('route="/graphql",method="POST",status="200"');
  expect(metrics).toContain('route="/snapshots/:id/manifest.json",method="GET",status="200"');
  expect(metrics).not.toMatch(/october|some\/other/);
});

test('a body that comes without its length is bounded as well', async () => {
  const status = await new Promise<number | undefined>((resolve) => {
    const post = request(
      `${harness.url}/graphql`,
      { method: 'POST', headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' } },
      (response) => resolve(response.statusCode),
    );
    post.on('error', () => resolve(undefined));
    for (let i = 0; i < 100; i++) post.write('x'.repeat(100_000));
    post.end();
  });
  expect([413, undefined]).toContain(status);
});

import { connect } from 'node:net';
import WebSocket from 'ws';
import { provedSnapshot, storeSnapshot } from '../../testing/proved-snapshot';
import { TestGateway } from '../../testing/test-gateway';

let harness: TestGateway;

beforeAll(async () => {
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, await provedSnapshot('october'));
});
afterAll(() => harness?.close());

const WRONG = `Bearer slv_0123456789abcdef_${'A'.repeat(43)}`;
const json = { 'content-type': 'application/json' };
const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${harness.url}/graphql`, { method: 'POST', headers: { ...json, ...headers }, body });

/** Status of an upgrade that is refused, 101 where it is not. */
function upgrade(path: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${harness.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws');
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
  });
}

/** Status of a request whose address fetch would not send. */
function raw(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(harness.url);
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(Number(/^HTTP\/1.1 (\d{3})/.exec(text)?.[1])));
    socket.on('error', reject);
  });
}

const statusOf = async (answer: Promise<Response>) => {
  const response = await answer;
  await response.body?.cancel();
  return response.status;
};

test.each<[string, () => Promise<number>]>([
  ['an empty look at the schema', () => statusOf(post('{"query":"{ __typename }"}'))],
  ['an invalid document', () => statusOf(post('{"query":"{ nothing }"}'))],
  ['a document that is none', () => statusOf(post('{"query":"}{"}'))],
  ['a malformed body', () => statusOf(post('{'))],
  ['a body of another kind', () => statusOf(post('x', { 'content-type': 'text/plain' }))],
  ['a wrong key', () => statusOf(post('{"query":"{ __typename }"}', { authorization: WRONG }))],
  ['a path nobody serves', () => statusOf(fetch(`${harness.url}/nothing`))],
  ['a path that is none', () => raw('/%zz')],
  ['a method nobody serves', () => statusOf(fetch(`${harness.url}/graphql`, { method: 'DELETE' }))],
  ['a file', () => statusOf(fetch(`${harness.url}/snapshots/october/manifest.json`))],
  ['a file that is not there', () => statusOf(fetch(`${harness.url}/snapshots/x/manifest.json`))],
  ['a probe', () => statusOf(fetch(`${harness.url}/healthz`))],
  ['a leave for another site', () => statusOf(fetch(`${harness.url}/graphql`, { method: 'OPTIONS' }))],
  ['a WebSocket', () => upgrade('/graphql')],
])('%s counts as a request: the sixth of five is refused before anything is made of it', async (_, ask) => {
  await harness.restart({ rates: { request: { address: 5, key: 100 } } });
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) statuses.push(await ask());
  expect(statuses).not.toContain(429);
  const queries = harness.countQueries();
  expect([await ask(), await ask()]).toEqual([429, 429]);
  expect(queries.stop()).toBe(0);
  // Whatever else comes from there is refused, too.
  expect(await statusOf(post('{"query":"{ latestSnapshot { id } }"}'))).toBe(429);
});

test('an upgrade that is refused holds no socket', async () => {
  await harness.restart({ rates: { request: { address: 1, key: 1 } } });
  await fetch(`${harness.url}/nothing`);
  const { hostname, port } = new URL(harness.url);
  const socket = connect(Number(port), hostname);
  const text: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => text.push(chunk));
  socket.write(
    'GET /graphql HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  // The client would keep it open.
  await new Promise((resolve) => socket.once('end', resolve));
  expect(Buffer.concat(text).toString('latin1')).toMatch(/^HTTP\/1.1 429 /);
  socket.destroy();
});

test('the refusal says when to come again, in the form of the place, and pages of other sites can read it', async () => {
  await harness.restart({ corsOrigins: ['*'], rates: { request: { address: 1, key: 100 } } });
  harness.logged.length = 0;
  await post('{}');
  const origin = { origin: 'https://wallet.example' };
  const [query, file] = [
    await post('{}', origin),
    await fetch(`${harness.url}/nothing`, { headers: origin }),
  ];
  for (const { headers } of [query, file]) {
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('access-control-allow-origin')).toBe('*');
  }
  expect(await query.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  expect(await file.json()).toMatchObject({ code: 'RATE_LIMITED' });
  // Told once, however many there were; never by its address.
  const told = harness.logged.filter((line) => line.includes('more often than its allowance'));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/"from":"[0-9a-f]{12}"/);
  expect(harness.logged.join()).not.toContain('127.0.0.1"');
});

test('who shows a good key has its allowance, whatever others behind the same address ask', async () => {
  await harness.restart({ rates: { request: { address: 5, key: 40 } } });
  const authorization = `Bearer ${(await harness.key('PARTNER')).key}`;
  const ask = () => statusOf(post('{"query":"{ latestSnapshot { id } }"}', { authorization }));
  expect(await ask()).toBe(200);
  for (let i = 0; i < 10; i++) await fetch(`${harness.url}/nothing`);
  const statuses = [];
  for (let i = 0; i < 45; i++) statuses.push(await ask());
  expect([statuses.indexOf(429), statuses.lastIndexOf(200)]).toEqual([40, 39]);
});

test('wrong keys cost the same tries with queries, with files and on WebSockets, and count', async () => {
  await harness.restart({});
  const wrong = (i: number) => `Bearer slv_${i.toString(16).padStart(16, '0')}_${'B'.repeat(43)}`;
  const file = (i: number) =>
    fetch(`${harness.url}/snapshots/october/manifest.json`, { headers: { authorization: wrong(i) } });
  const codes: number[] = [];
  for (let i = 0; i < 20; i++)
    codes.push(await statusOf(post('{"query":"{ latestSnapshot { id } }"}', { authorization: wrong(i) })));
  for (let i = 20; i < 28; i++) codes.push(await statusOf(file(i)));
  expect(new Set(codes)).toEqual(new Set([401]));
  for (let i = 28; i < 30; i++) expect(await introduced(wrong(i))).toBe(4403);
  const queries = harness.countQueries();
  expect(await statusOf(post('{"query":"{ latestSnapshot { id } }"}', { authorization: wrong(30) }))).toBe(
    429,
  );
  expect(await statusOf(file(31))).toBe(429);
  expect(await introduced(wrong(32))).toBe(4403);
  expect(queries.stop()).toBe(0);
  const metrics = await harness.registry.metrics();
  expect(metrics).toMatch(/solvent_gateway_keys_refused_total 30/);
  expect(metrics).toMatch(/solvent_gateway_rate_limited_total\{class="key"\} 3/);
});

/** The code with which a socket is closed whose client shows this key. */
function introduced(authorization: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${harness.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })),
    );
    socket.on('close', (code) => resolve(code));
    socket.on('error', () => undefined);
  });
}

test('X-Forwarded-For from whom nobody trusts is warned of, once; from a proxy that is trusted it is whose request it is', async () => {
  await harness.restart({ rates: { request: { address: 3, key: 100 } } });
  harness.logged.length = 0;
  const from = (address: string) =>
    statusOf(fetch(`${harness.url}/nothing`, { headers: { 'x-forwarded-for': address } }));
  const untrusted = [];
  for (let i = 0; i < 5; i++) untrusted.push(await from(`192.0.2.${i}`));
  expect(untrusted).toEqual([404, 404, 404, 429, 429]);
  const warnings = () => harness.logged.filter((line) => line.includes('SOLVENT_TRUST_PROXY'));
  expect(warnings()).toHaveLength(1);

  await harness.restart({ trustProxy: 1, rates: { request: { address: 3, key: 100 } } });
  harness.logged.length = 0;
  const trusted = [];
  for (let i = 0; i < 12; i++) trusted.push(await from(`192.0.2.${i % 4}`));
  expect(new Set(trusted)).toEqual(new Set([404]));
  expect(await from('192.0.2.0')).toBe(429);
  expect(warnings()).toHaveLength(0);
});

test('two gateways on one database share an allowance', async () => {
  const rates = { request: { address: 32, key: 100 } };
  await harness.restart({ rates });
  const other = await harness.another({ rates });
  try {
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, i) => statusOf(fetch(`${i % 2 ? harness.url : other.url}/nothing`))),
    );
    const served = statuses.filter((status) => status !== 429).length;
    expect(served).toBeGreaterThanOrEqual(32);
    // Each may be ahead by a sixteenth.
    expect(served).toBeLessThanOrEqual(32 + 2 * 2);
  } finally {
    await other.stop();
  }
});

test('connections of whoever goes on after hundreds of refusals are dropped unread, until the minute is over', async () => {
  await harness.restart({
    rates: { request: { address: 5, key: 100 } },
    probes: { host: '127.0.0.1', port: 0 },
  });
  const ask = () => raw('/healthz').catch(() => 0);
  const statuses: number[] = [];
  for (let i = 0; i < 40; i++) statuses.push(...(await Promise.all(Array.from({ length: 20 }, ask))));
  expect(statuses.filter((status) => status === 200)).toHaveLength(5);
  const told = statuses.filter((status) => status === 429).length;
  // Answers that were on their way to the last of them go with their connections.
  expect(told).toBeGreaterThanOrEqual(560);
  expect(told).toBeLessThanOrEqual(600);
  expect(await ask()).not.toBe(429);
  expect(await (await fetch(`${harness.probesUrl}/metrics`)).text()).toMatch(
    /solvent_gateway_rate_limited_total\{class="connection"\} \d/,
  );
});

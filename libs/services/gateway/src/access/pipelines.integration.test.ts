import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import WebSocket from 'ws';
import { TestGateway } from '../../testing/test-gateway';

let harness: TestGateway;

beforeAll(async () => {
  harness = await TestGateway.start();
});
afterAll(() => harness?.close());

const UPGRADE = [
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
].join('\r\n');

/** What a connection answers to all that is sent at once, until the gateway ends it. */
async function sent(requests: string): Promise<string> {
  const { hostname, port } = new URL(harness.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(requests);
  return text(socket).catch(() => '');
}

const limited = async () => {
  const { values } = await harness.registry.getSingleMetric('solvent_gateway_rate_limited_total')!.get();
  return (what: string) => values.find(({ labels }) => labels['class'] === what)?.value ?? 0;
};

test.each([
  ['requests', ''],
  ['requests that expect what nobody knows', 'expect: it\r\n'],
])('thousands of %s in one piece: their connection is cut, and is counted', async (_, header) => {
  const before = (await limited())('connection');
  const answers = await sent(`GET /nothing HTTP/1.1\r\nhost: g\r\n${header}\r\n`.repeat(5000));
  expect(answers.split('HTTP/1.1 ').length).toBeLessThan(20);
  expect((await limited())('connection')).toBe(before + 1);
});

test('a request that expects what nobody knows is counted and answered like any other', async () => {
  expect(await sent('GET /healthz HTTP/1.1\r\nhost: g\r\nconnection: close\r\nexpect: it\r\n\r\n')).toMatch(
    /^HTTP\/1.1 200 /,
  );
});

test('an upgrade by POST, whose body nobody would read, is refused at once and its socket closed', async () => {
  expect(
    await sent(
      `POST /graphql HTTP/1.1\r\nhost: g\r\n${UPGRADE}\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{`,
    ),
  ).toMatch(/^HTTP\/1.1 404 /);
});

test('connections kept open by a flood are dropped, not answered for the rest of the minute', async () => {
  await harness.restart({ rates: { request: { address: 5, key: 0 } } });
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => sent('GET /nothing HTTP/1.1\r\nhost: g\r\n\r\n'.repeat(12))),
  );
  expect(answers.join('').split('HTTP/1.1 429').length).toBeLessThanOrEqual(601);
  expect(await sent('GET /healthz HTTP/1.1\r\nhost: g\r\n\r\n')).toBe('');
});

test('invalid subscriptions are counted like any request: a socket that sends too many is closed', async () => {
  await harness.restart({ rates: { request: { address: 10, key: 0 } } });
  const socket = new WebSocket(`${harness.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('open', () => socket.send('{"type":"connection_init"}'));
  socket.on('message', (data: Buffer) => {
    const { type } = JSON.parse(data.toString()) as { type: string };
    if (type === 'connection_ack')
      for (let i = 0; i < 30; i++)
        socket.send(
          JSON.stringify({ id: String(i), type: 'subscribe', payload: { query: `subscription { no${i} }` } }),
        );
  });
  const [code] = await new Promise<[number]>((resolve) =>
    socket.once('close', (...closed) => resolve([closed[0]])),
  );
  expect(code).toBe(4429);
  expect((await limited())('request')).toBeGreaterThan(0);
});

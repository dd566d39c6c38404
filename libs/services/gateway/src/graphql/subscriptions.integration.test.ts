import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { SnapshotRepository } from '@solvent-por/services/database';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from '../../testing/proved-snapshot';
import { TestGateway } from '../../testing/test-gateway';

const PROGRESS =
  'subscription ($id: String!) { snapshotProgress(snapshotId: $id) { snapshotId state batches batchesProved failure { code message } } }';

let harness: TestGateway;
let proved: ProvedSnapshot;
let next: ProvedSnapshot;
let key: string;
const clients: Client[] = [];

beforeAll(async () => {
  proved = await provedSnapshot('october');
  next = await provedSnapshot('november', {
    takenAt: '2026-11-30T00:00:00Z',
    accounts: 10,
    previous: proved.manifest,
  });
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, proved);
  key = (await harness.key('OPERATOR')).key;
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
});
afterAll(() => harness?.close());

function client(options: { key?: string; header?: string } = {}): Client {
  const Socket = class extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, options.header ? { headers: { authorization: options.header } } : {});
    }
  };
  const made = createClient({
    url: address(),
    webSocketImpl: Socket,
    retryAttempts: 0,
    ...(options.key && { connectionParams: { authorization: `Bearer ${options.key}` } }),
  });
  clients.push(made);
  return made;
}

const address = () => `${harness.url.replace('http', 'ws')}/graphql`;

async function drain(at: Client, query: string, id: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const { data, errors } of at.iterate<{ snapshotProgress: unknown }>({
    query,
    variables: { id },
  }))
    seen.push(errors ? errors.map(({ extensions }) => extensions?.['code']) : data!.snapshotProgress);
  return seen;
}

test('each change, the last one, and the end', async () => {
  const watching = (async () => {
    // The request is there before anybody watches.
    const snapshots = new SnapshotRepository(harness.database);
    while (!(await snapshots.find('november'))) await pause(10);
    return drain(client({ key }), PROGRESS, 'november');
  })();
  await storeSnapshot(harness.database, harness.keyring, next, 'PROVING');
  await pause(300);
  const snapshots = new SnapshotRepository(harness.database);
  await snapshots.fail(
    { snapshotId: 'november', attempt: 1 },
    { code: 'INPUT_CHANGED', message: 'it changed', details: { file: 'secret.csv' } },
    { actor: 'ingest' },
  );
  const seen = (await watching) as { state: string; failure: unknown }[];
  expect(seen.at(-1)).toEqual({
    snapshotId: 'november',
    state: 'FAILED',
    batches: 1,
    batchesProved: 1,
    failure: { code: 'INPUT_CHANGED', message: 'it changed' },
  });
});

test('a published one: its state, and the end; for anybody', async () => {
  expect(await drain(client(), PROGRESS, 'october')).toEqual([
    { snapshotId: 'october', state: 'PUBLISHED', batches: 3, batchesProved: 3, failure: null },
  ]);
});

test('unfinished ones are for operators, and unknown ones look the same', async () => {
  for (const id of ['november', 'nowhere', '\u0000'])
    expect(await drain(client(), PROGRESS, id)).toEqual([['SNAPSHOT_NOT_FOUND']]);
});

test('the key may come with the upgrade; a wrong one ends the connection', async () => {
  expect(await drain(client({ header: `Bearer ${key}` }), PROGRESS, 'november')).toHaveLength(1);
  await expect(drain(client({ key: 'wrong' }), PROGRESS, 'october')).rejects.toMatchObject({ code: 4403 });
});

test.each([
  ['a query', '{ latestSnapshot { id } }', 'QUERY_INVALID'],
  ['a mutation', 'mutation { verifyGlobal(snapshotId: "october") { state } }', 'QUERY_INVALID'],
  ['no document', '{', 'QUERY_INVALID'],
  ['no such field', 'subscription { nothing }', 'QUERY_INVALID'],
  ['introspection', 'subscription { __schema { types { name } } }', 'QUERY_INVALID'],
  ['a long one', `${PROGRESS}#${'x'.repeat(17_000)}`, 'QUERY_TOO_LONG'],
])('refused: %s', async (_what, query, code) => {
  const failed: unknown = await drain(client(), query, 'october').catch((error: unknown) => error);
  expect(JSON.stringify(failed)).toContain(`"code":"${code}"`);
});

/** Speaks the protocol by hand. @returns the code of the close */
async function closeCode(
  messages: (socket: WebSocket) => void,
  protocols = ['graphql-transport-ws'],
): Promise<number> {
  const socket = new WebSocket(address(), protocols);
  return new Promise((resolve) => {
    socket.on('open', () => messages(socket));
    socket.on('error', () => undefined);
    socket.on('close', resolve);
  });
}

test('who does not keep to the protocol is let go', async () => {
  const init = JSON.stringify({ type: 'connection_init' });
  const subscribe = JSON.stringify({
    type: 'subscribe',
    id: '1',
    payload: { query: PROGRESS, variables: { id: 'october' } },
  });
  expect(await closeCode((socket) => socket.send('no JSON'))).toBe(4400);
  expect(await closeCode((socket) => socket.send(subscribe))).toBe(4401);
  expect(await closeCode((socket) => (socket.send(init), socket.send(init)))).toBe(4429);
  expect(await closeCode((socket) => socket.send(JSON.stringify({ type: 'x'.repeat(40_000) })))).toBe(1009);
});

/** Asks for a WebSocket by hand. @returns the answer's status, when its socket is gone or has been opened */
async function upgraded(path: string): Promise<number> {
  const { port } = new URL(harness.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  );
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString('latin1');
    if (answer.startsWith('HTTP/1.1 101')) socket.destroy();
  });
  await once(socket, 'close');
  return Number(answer.split(' ')[1]);
}

async function refused(reason: string): Promise<number | undefined> {
  const { values } = await harness.registry.getSingleMetric('solvent_gateway_sockets_refused_total')!.get();
  return values.find(({ labels }) => labels['reason'] === reason)?.value;
}

test('no other path is upgraded, and the socket is closed at once', async () => {
  const before = (await refused('path')) ?? 0;
  for (const path of ['/healthz', '/snapshots/october/manifest.json', '/nowhere'])
    expect([path, await upgraded(path)]).toEqual([path, 404]);
  expect(await refused('path')).toBe(before + 3);
  expect(await upgraded('/graphql')).toBe(101);
});

test('a client that pings and never reads is not read either, and gets its payload back from nobody', async () => {
  const socket = new WebSocket(address(), ['graphql-transport-ws']);
  await once(socket, 'open');
  const pong = once(socket, 'pong');
  socket.ping('y'.repeat(125));
  expect(String((await pong)[0])).toBe('');
  const closed = once(socket, 'close');
  for (let i = 0; i < 1000; i++) socket.ping('y'.repeat(125));
  expect((await closed)[0]).toBe(1006);
  expect(await refused('messages')).toBe(1);
});

test('a key that is revoked loses its open connections, at the next subscription at the latest', async () => {
  const { id, key: own } = await harness.key('OPERATOR');
  const socket = new WebSocket(address(), ['graphql-transport-ws']);
  const ended = once(socket, 'close');
  const told: string[] = [];
  socket.on('message', (data: Buffer) => told.push(data.toString()));
  await once(socket, 'open');
  const acknowledged = once(socket, 'message');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${own}` } }));
  await acknowledged;
  const revoked = await harness.ask(
    'mutation ($id: String!) { revokeApiKey(id: $id) }',
    { id },
    { authorization: `Bearer ${key}` },
  );
  expect(revoked.data).toEqual({ revokeApiKey: true });
  const payload = { query: PROGRESS, variables: { id: 'november' } };
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
  expect((await ended)[0]).toBe(4403);
  expect(told.filter((text) => text.includes('"next"'))).toEqual([]);
  expect(await refused('key')).toBe(1);
});

test('one address holds a bounded number of connections, and gets its places back', async () => {
  const sockets = Array.from({ length: 20 }, () => new WebSocket(address(), ['graphql-transport-ws']));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))));
  expect(await upgraded('/graphql')).toBe(429);
  expect(await refused('connections')).toBe(1);
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => (socket.once('close', resolve), socket.terminate()))),
  );
  let places: unknown[] = [];
  while (places.length === 0) places = await drain(client(), PROGRESS, 'october').catch(() => []);
  expect(places).toHaveLength(1);
});

test('ending the gateway ends whoever watches', async () => {
  await harness.database.pool.query(
    "UPDATE snapshot SET state = 'PROVING', failure = NULL, failed_at = NULL WHERE id = 'november'",
  );
  let restarted: Promise<void> | undefined;
  const closed = new Promise<number>((resolve) => {
    const socket = new WebSocket(address(), ['graphql-transport-ws']);
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })),
    );
    socket.on('message', (data: Buffer) => {
      if (data.toString().includes('connection_ack'))
        socket.send(
          JSON.stringify({
            type: 'subscribe',
            id: '1',
            payload: { query: PROGRESS, variables: { id: 'november' } },
          }),
        );
      else if (data.toString().includes('"next"')) restarted ??= harness.restart();
    });
    socket.on('close', resolve);
  });
  expect(typeof (await closed)).toBe('number');
  await restarted;
});

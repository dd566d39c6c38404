// What one stranger with a fast line can do to a gateway, one attack a name. Each runs until it is told to
// stop, from one address, and says how many answers of each status it got.
import { createConnection } from 'node:net';
import { Agent, request as httpRequest } from 'node:http';
import { randomBytes } from 'node:crypto';

/**
 * @typedef {object} Target
 * @property {string} host
 * @property {number} port
 * @property {string} from the loopback address that the attack comes from
 * @property {string} snapshotId
 * @property {string} inclusion a true inclusion proof, to be sent back for verification
 *
 * @typedef {(target: Target, until: () => boolean, count: (outcome: string) => void) => Promise<void>} Attack
 */

/** Requests at once of an attack that asks and waits for its answers. */
const CONNECTIONS = 32;
/** So long a connection is held that is never read. */
const GIVEN_UP_MS = 10_000;

/** @type {Record<string, Attack>} */
export const attacks = {
  'paths that take long to be logged': flood(() => get(`/${'a.'.repeat(7_500)}`)),
  'addresses that nothing answers': flood(() => get(`/${randomBytes(8).toString('hex')}`)),
  'the cheapest query': flood(() => graphql('{ __typename }')),
  'bodies that are no JSON': flood(() => post('/graphql', '{"query":')),
  'queries that are no GraphQL': flood(() => graphql('{'.repeat(1_500))),
  'fields that overlap': flood(() => graphql(overlapping(490))),
  'long lists under aliases': flood(({ snapshotId }) =>
    graphql(
      aliases(
        60,
        (i) =>
          `a${i}: globalProof(snapshotId: "${snapshotId}") { batches(first: 50) { nodes { batch hash sum } } }`,
      ),
    ),
  ),
  'heavy leaves under aliases': flood(({ snapshotId }) =>
    graphql(aliases(60, (i) => `a${i}: snapshot(id: "${snapshotId}") { manifest { document columns } }`)),
  ),
  'wrong keys': flood(() =>
    graphql('{ __typename }', { authorization: `Bearer sv_${randomBytes(32).toString('hex')}` }),
  ),
  'wrong keys for files': flood(({ snapshotId }) => ({
    ...get(`/snapshots/${snapshotId}/manifest.json`),
    headers: { authorization: `Bearer sv_${randomBytes(32).toString('hex')}` },
  })),
  'proofs to verify': flood(({ inclusion }) => verification(inclusion)),
  'global proofs to verify': flood(({ snapshotId }) =>
    graphql(`mutation { verifyGlobal(snapshotId: "${snapshotId}") { valid } }`),
  ),
  'values that are deep and long': flood(() =>
    post(
      '/graphql',
      JSON.stringify({
        query: 'mutation ($d: JSON!) { verifyInclusion(proof: $d) { valid } }',
        variables: { d: Array.from({ length: 200_000 }, () => ({})) },
      }),
    ),
  ),
  'downloads that are never read': hold(
    ({ snapshotId }) => get(`/snapshots/${snapshotId}/global-proof.ndjson`),
    150,
  ),
  'thousands of requests in one piece': (target, until, count) =>
    hoard(target, until, count, 8, (socket) => {
      socket.write('GET /nothing HTTP/1.1\r\nhost: gateway\r\n\r\n'.repeat(5_000));
    }),
  'requests over connections that stay': async (target, until, count) => {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const one = async () => {
      while (!until()) count(await answered(target, graphql('{ __typename }'), agent));
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, one));
    agent.destroy();
  },
  'subscriptions to nothing': (target, until, count) =>
    hoard(target, until, count, 8, (socket) => {
      upgrade(socket, '/graphql');
      socket.write(frame('{"type":"connection_init"}'));
      const subscribe = (id) =>
        frame(
          JSON.stringify({
            id: String(id),
            type: 'subscribe',
            payload: { query: `subscription { no${id} }` },
          }),
        );
      for (let id = 0; id < 1_000; id++) socket.write(subscribe(id));
    }),
  'headers that never end': (target, until, count) =>
    hoard(target, until, count, 200, (socket) => {
      socket.write('GET / HTTP/1.1\r\nhost: gateway\r\n');
      const timer = setInterval(() => socket.writable && socket.write('x-more: 1\r\n'), 1_000);
      socket.once('close', () => clearInterval(timer));
    }),
  'bodies that never end': (target, until, count) =>
    hoard(target, until, count, 200, (socket) => {
      socket.write(
        'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n{',
      );
      const timer = setInterval(() => socket.writable && socket.write(' '), 1_000);
      socket.once('close', () => clearInterval(timer));
    }),
  'pings whose answers are never read': (target, until, count) =>
    hoard(
      target,
      until,
      count,
      8,
      (socket) => {
        upgrade(socket, '/graphql');
        const frames = pings(4_096);
        const send = () => {
          while (socket.writable && socket.write(frames));
        };
        socket.on('drain', send);
        setTimeout(send, 200).unref();
      },
      true,
    ),
  'sockets that say nothing': (target, until, count) =>
    hoard(target, until, count, 400, (socket) => upgrade(socket, '/graphql')),
  'sockets where none are': (target, until, count) =>
    hoard(target, until, count, 400, (socket) => upgrade(socket, '/healthz')),
};

/** @typedef {{ method: string, path: string, headers?: Record<string, string>, body?: string }} Sent */

/** @returns {Sent} */
function get(path) {
  return { method: 'GET', path };
}

/** @returns {Sent} */
function post(path, body, headers = {}) {
  return { method: 'POST', path, body, headers: { 'content-type': 'application/json', ...headers } };
}

/** @returns {Sent} */
function graphql(query, headers = {}) {
  return post('/graphql', JSON.stringify({ query }), headers);
}

function verification(inclusion) {
  return post(
    '/graphql',
    JSON.stringify({
      query: 'mutation ($d: JSON!) { verifyInclusion(proof: $d) { valid } }',
      variables: { d: JSON.parse(inclusion) },
    }),
  );
}

function aliases(count, field) {
  return `{ ${Array.from({ length: count }, (_, i) => field(i)).join(' ')} }`;
}

/** Each pair of them must be compared, says the specification's rule on fields that can be merged. */
function overlapping(count) {
  return `{ health { ${'status '.repeat(count)} } }`;
}

/**
 * Asks as fast as answers come, over a few connections.
 * @param {(target: Target) => Sent} make
 * @returns {Attack}
 */
function flood(make) {
  return async (target, until, count) => {
    const one = async () => {
      while (!until()) count(await answered(target, make(target)));
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, one));
  };
}

/**
 * @param {Target} target
 * @param {Sent} sent
 * @param {Agent} [agent]
 * @returns {Promise<string>} the status, or why there is none
 */
function answered({ host, port, from }, { method, path, headers, body }, agent) {
  return new Promise((resolve) => {
    const asked = httpRequest(
      { host, port, method, path, headers, localAddress: from, agent: agent ?? false },
      (answer) => {
        answer.resume();
        answer.once('close', () => resolve(String(answer.statusCode)));
      },
    );
    asked.once('error', (error) =>
      resolve(/** @type {NodeJS.ErrnoException} */ (error).code ?? error.message),
    );
    asked.end(body);
  });
}

/**
 * Asks for something long and never reads it.
 * @param {(target: Target) => Sent} make
 * @returns {Attack}
 */
function hold(make, connections) {
  return (target, until, count) =>
    hoard(
      target,
      until,
      count,
      connections,
      (socket) => {
        const { method, path } = make(target);
        socket.write(`${method} ${path} HTTP/1.1\r\nhost: gateway\r\n\r\n`);
      },
      true,
    );
}

/**
 * Keeps so many connections open; one that the gateway ends is replaced.
 * @param {Target} target
 * @param {() => boolean} until
 * @param {(outcome: string) => void} count
 * @param {number} connections
 * @param {(socket: import('node:net').Socket) => void} begin
 * @param {boolean} [deaf] whether answers stay unread
 */
async function hoard({ host, port, from }, until, count, connections, begin, deaf = false) {
  /** With the time when each was begun. @type {Map<import('node:net').Socket, number>} */
  const open = new Map();
  while (!until()) {
    // Who doesn't read isn't told that a connection was ended.
    for (const [socket, begun] of open) if (deaf && Date.now() - begun > GIVEN_UP_MS) socket.destroy();
    while (open.size < connections) {
      const socket = createConnection({ host, port, localAddress: from });
      open.set(socket, Date.now());
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        count('ended');
      });
      socket.once('connect', () => {
        count('opened');
        begin(socket);
      });
      if (deaf) socket.pause();
      else socket.resume();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const socket of open.keys()) socket.destroy();
}

function upgrade(socket, path) {
  socket.write(
    [
      `GET ${path} HTTP/1.1`,
      'host: gateway',
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
      'sec-websocket-protocol: graphql-transport-ws',
      '\r\n',
    ].join('\r\n'),
  );
}

/** A message of a client; a mask of zeros leaves it as it is. */
function frame(text) {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

/** So many pings with the longest payload that one may have; a mask of zeros leaves it as it is. */
function pings(count) {
  const frame = Buffer.alloc(2 + 4 + 125);
  frame[0] = 0x89;
  frame[1] = 0x80 | 125;
  return Buffer.concat(Array.from({ length: count }, () => frame));
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fastify from 'fastify';
import { Downloads } from './downloads';
import { endConnections } from './end-connections';

const MEBIBYTE = 1 << 20;
/** More than any buffers of sockets hold. */
const FILE = 64 * MEBIBYTE;

const opened: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(opened.splice(0).map((close) => close())));

async function served(downloads: Downloads) {
  const made: number[] = [];
  async function* file() {
    const mine = made.push(0) - 1;
    for (let at = 0; at < FILE; at += MEBIBYTE) {
      made[mine] = at + MEBIBYTE;
      yield Buffer.alloc(MEBIBYTE);
    }
  }
  const app = fastify({ forceCloseConnections: 'idle' });
  app.setErrorHandler((error: { code?: string }, _request, reply) =>
    reply.code(429).send({ code: error.code }),
  );
  app.get('/file', (request, reply) => {
    const send = downloads.take(request, reply);
    return reply.header('content-length', FILE).send(send(file()));
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  opened.push(async () => {
    downloads.close();
    app.server.closeAllConnections();
    await app.close();
  });
  /** Asks for the file, and reads none of it. */
  const stall = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    const before = downloads.taken;
    socket.write('GET /file HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => downloads.taken > before);
    return socket;
  };
  return { app, url, made, stall };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('who does not read is cut off, and of the file no more was read than sockets hold', async () => {
  const downloads = new Downloads({ address: 10, all: 10 }, 300);
  const { made, stall } = await served(downloads);
  await Promise.all([stall(), stall(), stall()]);
  await until(() => downloads.taken === 0);
  expect(made).toHaveLength(3);
  expect(Math.max(...made)).toBeLessThan(FILE / 2);
});

test('who reads gets all of it', async () => {
  const { url } = await served(new Downloads({ address: 1, all: 1 }));
  const whole = await (await fetch(`${url}/file`)).arrayBuffer();
  expect(whole.byteLength).toBe(FILE);
  expect((await fetch(`${url}/file`, { method: 'HEAD' })).status).toBeLessThan(500);
});

test.each([
  [{ address: 2, all: 10 }, 'RATE_LIMITED'],
  [{ address: 10, all: 2 }, 'DOWNLOADS_BUSY'],
])('no more than may run at once: %p', async (places, code) => {
  const downloads = new Downloads(places);
  const { url, stall } = await served(downloads);
  const [first] = await Promise.all([stall(), stall()]);
  expect(await (await fetch(`${url}/file`)).json()).toEqual({ code });
  first.destroy();
  await until(() => downloads.taken === 1);
  const next = await fetch(`${url}/file`);
  expect(next.status).toBe(200);
  await next.body!.cancel();
});

test('a server ends in time though clients do not read', async () => {
  const { app, stall } = await served(new Downloads({ address: 10, all: 10 }));
  const stalled = await stall();
  const cut = once(stalled, 'close');
  await Promise.all([app.close(), endConnections(app.server, 20)]);
  stalled.resume();
  await cut;
  expect(await new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)))).toBe(
    0,
  );
});

import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { buildSchema } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { serveSocket } from './serve-socket';

const opened: SlowSocket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.emit('close', 1000, Buffer.from(''));
});

/** A socket whose messages leave when the test says so. */
class SlowSocket extends EventEmitter {
  readonly protocol = 'graphql-transport-ws';
  readonly OPEN = 1;
  readyState = 1;
  readonly sent: string[] = [];
  readonly closed: unknown[][] = [];
  readonly pongs: string[] = [];
  bufferedAmount = 0;
  isPaused = false;
  terminated = false;
  #left: (() => void)[] = [];

  constructor() {
    super();
    opened.push(this);
  }

  send(data: string, left: () => void): void {
    this.sent.push(data);
    this.#left.push(left);
  }

  pong(data: string, _mask: boolean, left: () => void): void {
    this.pongs.push(data);
    this.#left.push(left);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  terminate(): void {
    this.terminated = true;
    this.readyState = 3;
  }

  close(...reason: unknown[]): void {
    this.closed.push(reason);
  }

  /** All that waits leaves. */
  async leave(): Promise<void> {
    for (const left of this.#left.splice(0)) left();
    await turns();
  }

  async receive(message: object): Promise<void> {
    this.emit('message', Buffer.from(JSON.stringify(message)));
    await turns();
  }
}

async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

function served(options: { readonly ends?: () => void } = {}) {
  const made: number[] = [];
  const unexpected: unknown[] = [];
  const schema = buildSchema('type Query { none: Int } type Subscription { count: Int }');
  const server = makeServer({
    schema,
    roots: {
      subscription: {
        async *count() {
          try {
            for (let count = 1; ; count++) {
              made.push(count);
              yield { count };
            }
          } finally {
            options.ends?.();
          }
        },
      },
    },
  });
  const socket = new SlowSocket();
  const cut: string[] = [];
  serveSocket(
    server,
    socket as unknown as WebSocket,
    {},
    {
      onUnexpected: (error) => void unexpected.push(error),
      onTerminated: (why) => void cut.push(why),
    },
  );
  const subscribe = async () => {
    await socket.receive({ type: 'connection_init' });
    await socket.leave();
    await socket.receive({ type: 'subscribe', id: '1', payload: { query: 'subscription { count }' } });
  };
  return { socket, made, unexpected, cut, subscribe };
}

test('for a client that is slow, nothing is made before the message before has left', async () => {
  const { socket, made, subscribe } = served();
  await subscribe();
  expect(made).toEqual([1]);
  await socket.leave();
  expect(made).toEqual([1, 2]);
  await socket.leave();
  expect(made).toEqual([1, 2, 3]);
  expect(socket.sent.filter((text) => text.includes('"next"'))).toHaveLength(3);
  socket.emit('close', 1000, Buffer.from(''));
});

test('a failure while a connection is closed is told, and does not end the process', async () => {
  const failed = new Error('the database is away');
  const { socket, unexpected, subscribe } = served({
    ends: () => {
      throw failed;
    },
  });
  await subscribe();
  socket.readyState = 3;
  socket.emit('close', 1006, Buffer.from(''));
  await socket.leave();
  expect(unexpected).toContainEqual(failed);
});

test('pings are answered without what came with them, and nothing is read while an answer waits to leave', async () => {
  const { socket } = served();
  socket.emit('ping', Buffer.from('x'.repeat(125)));
  expect([socket.pongs, socket.isPaused]).toEqual([[''], true]);
  await socket.leave();
  expect(socket.isPaused).toBe(false);
  await socket.receive({ type: 'ping', payload: { text: 'x'.repeat(1000) } });
  expect([socket.sent, socket.isPaused]).toEqual([['{"type":"pong"}'], true]);
  await socket.leave();
  expect(socket.isPaused).toBe(false);
});

test('a client for whom too much waits is cut', async () => {
  const { socket, cut } = served();
  socket.bufferedAmount = 256 * 1024;
  await socket.receive({ type: 'ping' });
  expect([socket.terminated, cut, socket.sent]).toEqual([true, ['buffered'], []]);
});

test.each(['ping', 'pong', 'message'])('a client that sends too much of one kind is cut: %s', (kind) => {
  const { socket, cut } = served();
  for (let i = 0; i < 1000 && !socket.terminated; i++) socket.emit(kind, Buffer.from('{"type":"pong"}'));
  expect([socket.terminated, cut]).toEqual([true, ['messages']]);
  expect(socket.pongs.length).toBeLessThan(200);
});

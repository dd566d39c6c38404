import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { buildSchema } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { serveSocket } from './serve-socket';

/** A socket whose messages leave when the test says so. */
class SlowSocket extends EventEmitter {
  readonly protocol = 'graphql-transport-ws';
  readonly OPEN = 1;
  readyState = 1;
  readonly sent: string[] = [];
  readonly closed: unknown[][] = [];
  #left: (() => void)[] = [];

  send(data: string, left: () => void): void {
    this.sent.push(data);
    this.#left.push(left);
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
  serveSocket(server, socket as unknown as WebSocket, {}, (error) => unexpected.push(error));
  const subscribe = async () => {
    await socket.receive({ type: 'connection_init' });
    await socket.leave();
    await socket.receive({ type: 'subscribe', id: '1', payload: { query: 'subscription { count }' } });
  };
  return { socket, made, unexpected, subscribe };
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

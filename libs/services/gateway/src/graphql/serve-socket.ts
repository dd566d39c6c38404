import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { MessageRate } from './message-rate';

/** Between pings. */
const KEEP_ALIVE_MS = 30_000;
/** So much may wait for a client that does not read. */
const MOST_BUFFERED_BYTES = 256 * 1024;

/** So long a client may take to close what is closed; then it is cut. */
const CLOSE_MS = 2000;

/** Why a connection was cut that had been taken on. */
export type Terminated = 'messages' | 'buffered';

export interface SocketEvents {
  readonly onUnexpected: (error: unknown) => void;
  readonly onTerminated: (why: Terminated) => void;
}

/** Closes a connection in good order, or not, if its client does not answer. */
export function endSocket(socket: WebSocket, code?: number, reason?: string): void {
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), CLOSE_MS).unref();
  socket.once('close', () => clearTimeout(cut));
}

/**
 * One connection. What its client does wrong ends it, and is no news to anybody else. Nothing is read from a
 * client while something waits to be read by it, and nothing it sends is sent back: neither a ping's payload of
 * the WebSocket protocol nor one of graphql-transport-ws.
 *
 * Not `graphql-ws/use/@fastify/websocket`, though that waits for slow clients too: it writes to the console
 * what clients do wrong and what fails, past our logs and what they hide, and leaves a failure of closing to
 * nobody, which ends the process (ADR 9).
 */
export function serveSocket<E extends object>(
  server: Server<E>,
  socket: WebSocket,
  connection: E,
  { onUnexpected, onTerminated }: SocketEvents,
): void {
  const rate = new MessageRate();
  let pending = 0;

  const terminate = (why: Terminated) => {
    onTerminated(why);
    socket.terminate();
  };
  /** Whether what came is within bounds, whatever it is. */
  const mayCome = () => {
    if (socket.readyState > socket.OPEN) return false;
    if (rate.take()) return true;
    terminate('messages');
    return false;
  };
  /** Resolves when it has left, or never will. */
  const leave = (bytes: number, send: (left: () => void) => void) =>
    new Promise<void>((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      if (socket.bufferedAmount + bytes > MOST_BUFFERED_BYTES) {
        terminate('buffered');
        return resolve();
      }
      if (pending++ === 0) socket.pause();
      send(() => {
        if (--pending === 0) socket.resume();
        resolve();
      });
    });
  // One message waits for a slow client, no more: the next is sent when this one has gone.
  const send = (data: string) => leave(data.length, (left) => socket.send(data, left));

  const closed = server.opened(
    {
      protocol: socket.protocol,
      send,
      close: (code, reason) => endSocket(socket, code, reason),
      onPing: () => send('{"type":"pong"}'),
      onMessage: (handle) =>
        socket.on('message', (data: Buffer) => {
          if (!mayCome()) return;
          handle(data.toString()).catch((error: unknown) => {
            onUnexpected(error);
            endSocket(socket, 1011, 'Internal server error');
          });
        }),
    },
    connection,
  );
  let heard = true;
  socket.on('pong', () => {
    if (mayCome()) heard = true;
  });
  socket.on('ping', () => {
    if (mayCome()) void leave(0, (left) => socket.pong('', false, left));
  });
  const pings = setInterval(() => {
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, KEEP_ALIVE_MS).unref();
  socket.once('close', (code, reason) => {
    clearInterval(pings);
    Promise.resolve(closed(code, reason.toString())).catch(onUnexpected);
  });
}

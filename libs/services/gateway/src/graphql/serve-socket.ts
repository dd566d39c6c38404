import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

/** Between pings. */
const KEEP_ALIVE_MS = 30_000;

/**
 * One connection. What its client does wrong ends it, and is no news to anybody else.
 *
 * Not `graphql-ws/use/@fastify/websocket`, though that waits for slow clients too: it writes to the console
 * what clients do wrong and what fails, past our logs and what they hide, and leaves a failure of closing to
 * nobody, which ends the process (ADR 9).
 */
export function serveSocket<E extends object>(
  server: Server<E>,
  socket: WebSocket,
  connection: E,
  onUnexpected: (error: unknown) => void,
): void {
  const closed = server.opened(
    {
      protocol: socket.protocol,
      // One message waits for a slow client, no more: the next is sent when this one has gone.
      send: (data) =>
        new Promise((resolve) => {
          if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
          else resolve();
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data: Buffer) => {
          handle(data.toString()).catch((error: unknown) => {
            onUnexpected(error);
            socket.close(1011, 'Internal server error');
          });
        }),
    },
    connection,
  );
  let heard = true;
  socket.on('pong', () => (heard = true));
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

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection whose answers may be due; browsers, proxies and our own clients send one at a time. */
const MOST_DUE = 16;

/**
 * Cuts connections that go on sending requests without waiting for answers (pipelining): thousands of them come
 * in one piece, and would be taken on before anybody else is heard. What is refused here never gets to the
 * server's own listeners. An `Expect` that nobody knows makes a request like any other, to be counted like it.
 *
 * @param onCut is told of each connection
 */
export function boundPipelines(server: Server, onCut: (socket: Socket) => void): void {
  const due = new WeakMap<Socket, number>();
  const listeners = server.listeners('request');
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    // The rest of a piece that was read already.
    if (socket.destroyed) return;
    const now = (due.get(socket) ?? 0) + 1;
    if (now > MOST_DUE) {
      onCut(socket);
      socket.destroy();
      return;
    }
    due.set(socket, now);
    response.once('close', () => due.set(socket, due.get(socket)! - 1));
    for (const listener of listeners) listener.call(server, request, response);
  };
  server.removeAllListeners('request');
  server.on('request', handle);
  server.on('checkExpectation', handle);
}

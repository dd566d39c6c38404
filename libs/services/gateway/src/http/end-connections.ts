import type { Server } from 'node:http';

/** So long requests under way may still take when the server ends. */
const GRACE_MS = 8000;

/**
 * Waits for a server that takes no requests any more until all are answered, and cuts off those that never
 * would be: a client that does not read must not keep a gateway from ending.
 */
export async function endConnections(server: Server, grace = GRACE_MS): Promise<void> {
  if (!server.listening && (await connectionsOf(server)) === 0) return;
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections();
      resolve();
    }, grace);
    server.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
  });
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)));
}

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { ServiceIdentity } from '../kit/tokens';
import type { Readiness } from './readiness';

export interface Probed {
  readonly identity: ServiceIdentity;
  readonly readiness: Readiness;
  readonly registry: Registry;
}

/**
 * Answers /healthz, /readyz and /metrics on a port of their own, which the world does not reach; nothing that
 * it does to the public port delays or limits them but the work of the process itself.
 */
export async function serveProbes(
  { identity, readiness, registry }: Probed,
  at: { readonly host: string; readonly port: number },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const answers: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/healthz': async (response) => json(response, 200, { status: 'ok', ...identity }),
    '/readyz': async (response) => {
      const report = await readiness.read();
      json(response, report.ready ? 200 : 503, report);
    },
    '/metrics': async (response) => {
      const text = await registry.metrics();
      response.writeHead(200, { ...NOT_KEPT, 'content-type': registry.contentType }).end(text);
    },
  };
  const server = createServer((request, response) => {
    const answer = Object.hasOwn(answers, request.url ?? '') ? answers[request.url!] : undefined;
    if (!answer || request.method !== 'GET') return json(response, 404, { code: 'NOT_FOUND' });
    answer(response).catch(() => response.destroy());
    return undefined;
  });
  await listening(server, at);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${at.host}:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const NOT_KEPT = { 'cache-control': 'no-store' };

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...NOT_KEPT, 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function listening(server: Server, { host, port }: { readonly host: string; readonly port: number }) {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

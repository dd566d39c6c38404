import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stub answers; undefined: nothing ever comes. */
export interface StubAnswer {
  readonly status?: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Stub {
  readonly url: string;
  readonly requests: readonly {
    readonly path: string;
    readonly authorization?: string;
    readonly body: string;
  }[];
}

/** Starts servers that answer in the form of nodes that cannot be run here, and ends them after each test. */
export function stubs(): (
  answer: (path: string, body: string, request: IncomingMessage) => StubAnswer | undefined,
) => Promise<Stub> {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end()));
  });
  return async (answer) => {
    const requests: { path: string; authorization?: string; body: string }[] = [];
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const body = Buffer.concat(pieces).toString();
        const { authorization } = request.headers;
        requests.push({ path: request.url!, body, ...(authorization !== undefined && { authorization }) });
        const given = answer(request.url!, body, request);
        if (!given) return;
        response.writeHead(given.status ?? 200, given.headers);
        response.end(given.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
  };
}

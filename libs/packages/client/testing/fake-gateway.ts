import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request got: kept for tests to look at. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Of GraphQL. */
  readonly operation?: string;
}

/** Answers of GraphQL fields, by name. What they throw is answered as a refusal when it is a Refused. */
export type Fields = Record<string, (args: never, request: SeenRequest) => unknown>;

/** A file that is served with Range and If-Range, and with misfortunes. */
export interface FakeFile {
  bytes: Buffer;
  etag: string | undefined;
  /** Bytes after which a connection is cut, one for each request in its order; later ones are not. */
  cuts: number[];
  /** A gateway, or a proxy before it, may ignore ranges. */
  ranges: boolean;
}

/** Thrown by a field, or given for a path: how the service refuses. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 200,
    readonly details: Readonly<Record<string, string | number>> = {},
  ) {
    super(message);
  }
}

/**
 * A gateway that says what a test wants, on a free port of loopback: for the client and whatever is built on
 * it.
 */
export class FakeGateway {
  readonly fields: Fields = {};
  readonly files = new Map<string, FakeFile | Refused>();
  readonly seen: SeenRequest[] = [];
  /** Answers everything instead, while it is set: a proxy's error page, say. */
  instead: ((response: ServerResponse, request: SeenRequest) => void) | undefined;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/graphql`;
  }

  /** @param port that of one that was stopped, to come back at the same address */
  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  file(path: string, bytes: Buffer, etag: string | undefined = '"1"'): FakeFile {
    const file = { bytes, etag, cuts: [], ranges: true };
    this.files.set(path, file);
    return file;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!;
    const seen = { method: request.method!, path, headers: request.headers };
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const file = this.files.get(path);
    if (path === '/graphql' && !this.instead) return this.#graphql(Buffer.concat(chunks), seen, response);
    this.seen.push(seen);
    if (this.instead) this.instead(response, seen);
    else if (file === undefined) refuseFile(response, new Refused('NOT_FOUND', 'there is nothing here', 404));
    else if (file instanceof Refused) refuseFile(response, file);
    else serveFile(response, file, request.headers);
  }

  async #graphql(body: Buffer, request: SeenRequest, response: ServerResponse): Promise<void> {
    const { operationName, variables } = JSON.parse(body.toString('utf8')) as {
      operationName: string;
      variables: never;
    };
    const seen = { ...request, operation: operationName };
    this.seen.push(seen);
    const name = operationName[0]!.toLowerCase() + operationName.slice(1);
    try {
      const field = this.fields[name];
      if (!field) throw new Refused('QUERY_INVALID', `Cannot query field "${name}"`, 400);
      const value = await field(variables, seen);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { [name]: value } }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refuse(response, error);
    }
  }
}

function refuse(response: ServerResponse, { code, message, status, details }: Refused): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ data: null, errors: [{ message, extensions: { code, ...details } }] }));
}

/** Downloads are refused in another form than GraphQL has. */
function refuseFile(response: ServerResponse, { code, message, status, details }: Refused): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code, message, ...details }));
}

function serveFile(response: ServerResponse, file: FakeFile, headers: IncomingMessage['headers']): void {
  const { bytes, etag } = file;
  if (etag !== undefined) response.setHeader('etag', etag);
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const ranged =
    file.ranges && start > 0 && (headers['if-range'] === undefined || headers['if-range'] === etag);
  if (ranged && start >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const sent = ranged ? bytes.subarray(start) : bytes;
  response.writeHead(ranged ? 206 : 200, {
    'content-length': sent.length,
    ...(ranged && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  });
  const cut = file.cuts.shift();
  if (cut === undefined) response.end(sent);
  // Only once it is on its way: destroyed at once, nothing of it would arrive.
  else response.write(sent.subarray(0, cut), () => setTimeout(() => response.destroy(), 50));
}

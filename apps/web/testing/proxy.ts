import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { LocalServer } from './local-server';

/** One request as it came over the wire. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: string;
  readonly body: string;
}

/** What a test answers in the server's place; nothing lets the server answer. */
export type Rule = (seen: Seen, response: ServerResponse) => boolean | Promise<boolean>;

/** Stands before a real server: writes down all that is asked of it, and lies where a test says so. */
export class Proxy extends LocalServer {
  readonly seen: Seen[] = [];
  rule: Rule | undefined;

  readonly #tunnels = new Set<Duplex>();

  constructor(private readonly target: URL) {
    super();
    this.server.on('upgrade', (incoming, socket: Duplex, head: Buffer) =>
      this.#tunnel(incoming, socket, head),
    );
  }

  /** WebSockets are taken through as they are: what is said there, the browser tells. */
  #tunnel(
    { method = 'GET', url: path = '/', rawHeaders, headers }: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ) {
    this.seen.push({ method, path, headers: JSON.stringify(headers), body: '' });
    const { hostname, port } = this.target;
    const server = connect(Number(port), hostname, () => {
      const lines = rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`));
      server.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
      server.write(head);
      socket.pipe(server).pipe(socket);
    });
    for (const [one, other] of [
      [socket, server],
      [server, socket],
    ] as const) {
      this.#tunnels.add(one);
      one.once('error', () => other.destroy());
      one.once('close', () => {
        this.#tunnels.delete(one);
        other.destroy();
      });
    }
  }

  /** Cuts every WebSocket, as a network that fails does. */
  cut(): void {
    for (const socket of this.#tunnels) socket.destroy();
  }

  override close(): void {
    this.cut();
    super.close();
  }

  protected async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const { method = 'GET', url: path = '/', headers } = incoming;
    const seen = { method, path, headers: JSON.stringify(headers), body: body.toString('utf8') };
    this.seen.push(seen);
    if (await this.rule?.(seen, response)) return;
    const { hostname, port } = this.target;
    const outgoing = request({ hostname, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    outgoing.end(body);
  }
}

/** Whether a request asks the API for a field. */
export function asks({ path, body }: Seen, field: string): boolean {
  const name = field[0]!.toUpperCase() + field.slice(1);
  return path === '/graphql' && body.includes(`"operationName":"${name}"`);
}

export function json(response: ServerResponse, value: unknown, status = 200): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  return true;
}

import { request, type IncomingMessage, type ServerResponse } from 'node:http';
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

  constructor(private readonly target: URL) {
    super();
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

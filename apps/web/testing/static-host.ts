import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { LocalServer } from './local-server';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** A plain host of files, as a CDN is one: no program behind it. */
export class StaticHost extends LocalServer {
  readonly seen: string[] = [];
  /** Changes what is sent, to damage it; undefined: there is no such file; null: it begins, and never ends. */
  change: ((path: string, content: Buffer) => Buffer | undefined | null) | undefined;

  /** @param headers what it sends with every file; none of its own when left out */
  constructor(
    private readonly folder: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super();
  }

  protected answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    const path = normalize(new URL(url, 'http://host').pathname);
    this.seen.push(url);
    const file = join(this.folder, path.endsWith('/') ? `${path}index.html` : path);
    if (!isFile(file)) return void response.writeHead(404).end();
    const content = readFileSync(file);
    const sent = this.change ? this.change(path, content) : content;
    if (sent === undefined) return void response.writeHead(404).end();
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { ...this.headers, 'content-type': type });
    if (sent === null) response.write(content.subarray(0, 100));
    else response.end(sent);
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

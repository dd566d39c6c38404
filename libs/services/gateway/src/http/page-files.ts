import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
/** Names that hold the digest of their content. */
const NAMED_BY_CONTENT = /^assets\//;
/** To be opened from disk: its own policy allows what those headers do not. */
const TO_KEEP = 'solvent-verify.html';
/** Compressed already. */
const PACKED = new Set(['.woff2', '.png', '.webp']);

interface PageFile {
  /** All that its build names for it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly etag: string;
  readonly content: Buffer;
  readonly packed: Buffer | undefined;
  readonly cache: string;
  readonly keep: boolean;
}

/**
 * Serves the web page that was built: its files and no others, each read once, so that no path from outside ever
 * reaches a disk. The headers are those that its build names.
 * @param folder dist/web
 * @param framedBy origins that may show the page in a frame
 * @returns whether there is one
 */
export function registerPage(
  fastify: FastifyInstance,
  folder: string,
  framedBy: readonly string[] = [],
): boolean {
  if (!existsSync(join(folder, 'build.json'))) return false;
  const { headers, fileHeaders } = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8')) as {
    readonly headers: Readonly<Record<string, string>>;
    readonly fileHeaders: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  const all = framed(headers, framedBy);
  for (const name of filesIn(folder)) {
    const file = readPageFile(join(folder, name), name, { ...all, ...fileHeaders[name] });
    const send = async (request: FastifyRequest, reply: FastifyReply) => sendFile(file, request, reply);
    fastify.get(name === 'index.html' ? '/' : `/${name}`, send);
  }
  return true;
}

/** Nobody may, unless the operator names who: a page in a frame of a stranger's can be made to say what it does not. */
function framed(
  headers: Readonly<Record<string, string>>,
  by: readonly string[],
): Readonly<Record<string, string>> {
  if (by.length === 0) return headers;
  const policy = headers['content-security-policy'] ?? '';
  return {
    ...headers,
    'content-security-policy': policy.replace("frame-ancestors 'none'", `frame-ancestors ${by.join(' ')}`),
  };
}

function sendFile(
  { headers, type, etag, content, packed, cache, keep }: PageFile,
  { headers: asked }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply
    .headers(headers)
    .header('etag', etag)
    .header('cache-control', cache)
    .header('vary', 'accept-encoding');
  if (asked['if-none-match'] === etag) return reply.code(304).send();
  reply.type(type);
  if (keep) reply.header('content-disposition', `attachment; filename="${TO_KEEP}"`);
  const packs = packed && /\bgzip\b/.test(asked['accept-encoding'] ?? '');
  return packs ? reply.header('content-encoding', 'gzip').send(packed) : reply.send(content);
}

function readPageFile(path: string, name: string, headers: Readonly<Record<string, string>>): PageFile {
  const content = readFileSync(path);
  const kind = extname(name);
  return {
    headers,
    type: TYPES[kind] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(content).digest('hex')}"`,
    content,
    packed: PACKED.has(kind) ? undefined : gzipSync(content, { level: 9 }),
    cache: NAMED_BY_CONTENT.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    keep: name === TO_KEEP,
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}

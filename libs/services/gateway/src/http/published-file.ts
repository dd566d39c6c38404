import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ifRange, noneMatch, parseRange, type ByteRange } from '../global/byte-range';

/** What is published never changes. */
const FOREVER = 'public, max-age=31536000, immutable';

/** What names a version of a file, and when it came to be. */
export interface Version {
  readonly etag: string;
  readonly modified: string;
}

/** Sets what every answer carries. @returns false when 304 was the answer */
export function describe(
  { etag, modified }: Version,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): boolean {
  reply.header('etag', etag).header('last-modified', modified).header('cache-control', FOREVER);
  if (noneMatch(text(headers['if-none-match']), etag)) return true;
  void reply.code(304).send();
  return false;
}

/** A file of which ranges are served. */
export interface RangedFile {
  readonly version: Version;
  readonly type: string;
  readonly size: number;
  read(range: ByteRange): AsyncGenerator<Uint8Array>;
}

/** Answers with the file, or the one range of it that is asked for. @param send undefined for a HEAD */
export async function sendRanged(
  { version, type, size, read }: RangedFile,
  send: ((pieces: AsyncIterable<Uint8Array>) => Readable) | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (!describe(version, request, reply)) return;
  reply.header('content-type', type).header('accept-ranges', 'bytes');
  const { headers, method } = request;
  const wanted =
    method === 'GET' && ifRange(text(headers['if-range']), version.etag, version.modified)
      ? parseRange(headers.range, size)
      : undefined;
  if (wanted === 'unsatisfiable') {
    await reply.code(416).header('content-range', `bytes */${size}`).send();
    return;
  }
  const range = wanted ?? { start: 0, end: size };
  if (wanted) reply.code(206).header('content-range', `bytes ${range.start}-${range.end - 1}/${size}`);
  reply.header('content-length', range.end - range.start);
  await reply.send(send && send(await begun(read(range))));
}

/**
 * A body whose first piece is there before any header says that all is well: what cannot be served is an error,
 * not the beginning of a file.
 */
export async function begun(pieces: AsyncGenerator<Uint8Array>): Promise<AsyncGenerator<Uint8Array>> {
  const first = await pieces.next();
  async function* all() {
    try {
      if (!first.done) yield first.value;
      yield* pieces;
    } finally {
      await pieces.return(undefined);
    }
  }
  return all();
}

/** A header that came once, or several times. */
export function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

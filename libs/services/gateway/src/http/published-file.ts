import type { FastifyReply, FastifyRequest } from 'fastify';
import { noneMatch } from '../global/byte-range';

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

import { boundedBody, piecesOf } from './body';
import { SolventApiError } from './errors';
import type { RequestOptions, Transport } from './transport';

/** Where an interrupted download of a long file goes on. */
export interface ResumeOptions extends RequestOptions {
  /** Bytes that are there already; 0 when left out. */
  readonly from?: number | undefined;
  /** The `etag` of the download that brought them: another one means another file. */
  readonly etag?: string | undefined;
}

/** A long file on its way: a global proof, or the lines of reserves. */
export interface GlobalProofStream {
  /**
   * Where it starts: as asked for, or 0 when the file is another one, or the service cannot go on in the
   * middle.
   */
  readonly from: number;
  /** Length of the whole file in bytes, where the service tells. */
  readonly total: number | undefined;
  /** Strong entity tag, for going on later; undefined where the service gives none. */
  readonly etag: string | undefined;
  /**
   * To be read to its end, or left by `break` or `return`, which ends the connection.
   * @throws SolventApiError NETWORK_FAILED, TIMED_OUT
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Most bytes of a manifest (specification, section 10). */
const MAX_MANIFEST_BYTES = 262_144;

/** Most bytes of reserves.json (the reserves page, section 3). */
const MAX_RESERVES_BYTES = 8 * 1024 * 1024;

/** The canonical bytes of a signed manifest: what its digest is of. */
export function downloadManifest(
  transport: Transport,
  snapshotId: string,
  options: RequestOptions,
): Promise<Uint8Array> {
  return downloadSmall(transport, pathOf(snapshotId, 'manifest.json'), MAX_MANIFEST_BYTES, options);
}

/** The canonical bytes of a signed reserves.json. */
export function downloadReserves(
  transport: Transport,
  snapshotId: string,
  options: RequestOptions,
): Promise<Uint8Array> {
  return downloadSmall(transport, pathOf(snapshotId, 'reserves.json'), MAX_RESERVES_BYTES, options);
}

async function downloadSmall(
  transport: Transport,
  path: string,
  most: number,
  options: RequestOptions,
): Promise<Uint8Array> {
  const { response, limit } = await transport.get(path, {}, [200], options);
  try {
    return await boundedBody(response, most, limit.touch);
  } catch (error) {
    throw limit.explain(error);
  } finally {
    limit.done();
  }
}

function pathOf(snapshotId: string, file: string): string {
  return `snapshots/${encodeURIComponent(snapshotId)}/${file}`;
}

/**
 * Starts, or goes on with, the download of a long file of a snapshot (RFC 9110, sections 13.1.5 and 14).
 * @param file its name: global-proof.ndjson
 */
export async function streamFile(
  transport: Transport,
  snapshotId: string,
  file: string,
  { from = 0, etag, signal }: ResumeOptions,
): Promise<GlobalProofStream> {
  const path = pathOf(snapshotId, file);
  const resumes = from > 0 && etag !== undefined;
  const headers = resumes ? { range: `bytes=${from}-`, 'if-range': etag } : {};
  const { response, limit } = await transport.get(path, headers, resumes ? [200, 206, 416] : [200], {
    signal,
  });
  const { status } = response;
  const [tag, range] = [strongTag(response), contentRange(response)];
  const nothing = async () => {
    limit.done();
    await response.body?.cancel().catch(() => undefined);
  };
  if (status === 416) {
    await nothing();
    // All of it is there already; or more than there is, which no download of this file can have brought.
    if (range?.total === from) return { from, total: from, etag, body: noBytes() };
    return streamFile(transport, snapshotId, file, { signal });
  }
  if (status === 206 && (range?.from !== from || tag !== etag)) {
    await nothing();
    throw new SolventApiError(
      'RESPONSE_MALFORMED',
      'the service sent another part of the file than was asked for',
      {
        status,
      },
    );
  }
  const body = (async function* () {
    try {
      yield* piecesOf(response, limit.touch);
    } catch (error) {
      throw limit.explain(error);
    } finally {
      limit.done();
    }
  })();
  const total = status === 206 ? range?.total : contentLength(response);
  return { from: status === 206 ? from : 0, total, etag: tag, body };
}

/** Weak ones do not promise the same bytes. */
function strongTag({ headers }: Response): string | undefined {
  const tag = headers.get('etag');
  return tag !== null && /^"[\x21\x23-\x7e]{1,256}"$/.test(tag) ? tag : undefined;
}

/** Of `bytes 100-199/200`; of an unsatisfied range, which has a star for the first part, only the total. */
function contentRange({
  headers,
}: Response): { from: number | undefined; total: number | undefined } | undefined {
  const parts = /^bytes (?:(\d{1,15})-\d{1,15}|\*)\/(?:(\d{1,15})|\*)$/.exec(
    headers.get('content-range') ?? '',
  );
  if (!parts) return undefined;
  const number = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));
  return { from: number(parts[1]), total: number(parts[2]) };
}

/** Of a compressed answer the length is not that of the file. */
function contentLength({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length !== null && /^\d{1,15}$/.test(length) && !headers.has('content-encoding')
    ? Number(length)
    : undefined;
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

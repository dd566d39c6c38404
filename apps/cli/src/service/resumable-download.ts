import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { SolventError } from '@solvent-por/kzg';
import { SolventApiError, type GlobalProofStream } from '@solvent-por/client';
import { writeWhole } from '@solvent-por/snapshot/files';
import { printable } from '../format';
import { secondsBeforeRetry } from './retry';
import { setTimeout as sleep } from 'node:timers/promises';

/** A download that a later call, or a later run, goes on with. */
export interface DownloadOptions {
  /**
   * Where it will stand when all of it is there; until then it is `<file>.part`, beside `<file>.part.etag`.
   */
  readonly file: string;
  readonly start: (options: {
    from: number;
    etag: string | undefined;
    signal: AbortSignal;
  }) => Promise<GlobalProofStream>;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number, total: number | undefined) => void;
  /** The connection failed and is made again after a pause. */
  readonly onPause: (error: SolventApiError, seconds: number) => void;
}

export interface Downloaded {
  readonly bytes: number;
  /** Bytes that an earlier run had brought. */
  readonly resumed: number;
}

/**
 * Failures in a row, without a byte in between, after which it gives up; what is there stays for the next
 * run.
 */
const MOST_FAILURES = 8;

/**
 * Downloads a file, going on after failures where it stood. The entity tag says that it still is the same
 * file; when it isn't, it starts over.
 *
 * @throws SolventError INTERRUPTED; SolventApiError when it gives up; errors of the system (ENOSPC)
 */
export async function download({
  file,
  start,
  signal,
  onProgress,
  onPause,
}: DownloadOptions): Promise<Downloaded> {
  const [part, tagFile] = [`${file}.part`, `${file}.part.etag`];
  const handle = await open(part, existsSync(part) ? 'r+' : 'w+');
  try {
    let { position, etag } = await kept((await handle.stat()).size, tagFile);
    const resumed = position;
    let earlier = resumed;
    for (let failures = 0; ;) {
      try {
        const stream = await start({ from: position, etag, signal });
        if (stream.from === 0) {
          // Another file than the one begun, or nothing begun.
          earlier = 0;
          position = 0;
          await handle.truncate(0);
          etag = stream.etag;
          await (etag === undefined ? rm(tagFile, { force: true }) : writeFile(tagFile, etag));
        }
        onProgress(position, stream.total);
        for await (const piece of stream.body) {
          await writeWhole(handle, piece, position);
          position += piece.length;
          failures = 0;
          onProgress(position, stream.total);
        }
        if (stream.total === undefined || position === stream.total) break;
        throw new SolventApiError('NETWORK_FAILED', 'the connection was cut');
      } catch (error) {
        if (signal.aborted)
          throw new SolventError(
            'INTERRUPTED',
            'usage',
            `stopped; the same command goes on from here (${printable(part)})`,
          );
        if (!(error instanceof SolventApiError && error.transient) || ++failures >= MOST_FAILURES)
          throw error;
        const seconds = secondsBeforeRetry(failures, error.retryAfter);
        onPause(error, seconds);
        // An abort shows at the next start.
        await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      }
    }
    await handle.sync();
    await handle.close();
    await rename(part, file);
    await rm(tagFile, { force: true });
    return { bytes: position, resumed: earlier };
  } finally {
    await handle.close().catch(() => undefined);
  }
}

/** What an earlier run left; without the tag that it came under, it is worth nothing. */
async function kept(size: number, tagFile: string): Promise<{ position: number; etag: string | undefined }> {
  const known = existsSync(tagFile) && (await stat(tagFile)).size <= 1024;
  const etag = known ? await readFile(tagFile, 'utf8') : undefined;
  return etag && size > 0 ? { position: size, etag } : { position: 0, etag: undefined };
}

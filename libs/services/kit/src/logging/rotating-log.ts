import { renameSync, statSync } from 'node:fs';
import { destination as openDestination, type DestinationStream } from 'pino';

/** So much is kept of what cannot be written: as long as a disk is full, say. */
const KEPT_BYTES = 1 << 20;

export interface Rotation {
  /** A file is put aside before it grows beyond so many bytes. */
  readonly bytes: number;
  /** How many are kept aside, `FILE.1` the newest. */
  readonly keep: number;
}

const DEFAULT_ROTATION: Rotation = { bytes: 16 << 20, keep: 4 };

/**
 * A log file that does not fill a disk: once it is full it becomes `FILE.1`, the one before `FILE.2`, and so
 * on; the oldest goes. Only its owner can read it. What cannot be written or renamed costs lines, never the
 * service.
 *
 * @param rotation 16 MiB, and four of them aside, by default
 */
export function openRotatingLog(file: string, rotation = DEFAULT_ROTATION): DestinationStream {
  const log = openDestination({ dest: file, sync: true, mode: 0o600, maxLength: KEPT_BYTES });
  log.on('error', () => undefined);
  // A burst of lines may fill several files before the closing of the first is noticed.
  log.setMaxListeners(0);
  let size = sizeOf(file);
  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (size > 0 && size + bytes > rotation.bytes) {
        putAside(file, rotation.keep);
        log.reopen();
        // Not 0 where it could not be renamed: then it goes on where it is, until it can.
        size = sizeOf(file);
      }
      size += bytes;
      log.write(line);
    },
  };
}

function putAside(file: string, keep: number): void {
  for (let n = keep - 1; n >= 0; n--)
    try {
      renameSync(n === 0 ? file : `${file}.${n}`, `${file}.${n + 1}`);
    } catch {
      // Not there yet, or not ours to rename.
    }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

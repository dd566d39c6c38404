import { randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storageError } from '@solvent-por/snapshot/files';
import { ENTRY, EntrySet, type Duplicate, type EntryPlace } from './entry-set';

const BUCKETS = 256;
/** Words of a bucket that stay in memory: about 8 MiB for all of them. */
const BLOCK = 819 * ENTRY;
const BLOCK_BYTES = 4 * BLOCK;

/**
 * Finds an account key that was added twice, in constant memory: keys are divided into 256 buckets which go
 * to disk where they outgrow memory, then each bucket is looked at by itself. A bucket of 2^28 keys' share
 * takes about 100 MB.
 *
 * The bucket is taken from a tabulation hash with fresh random tables, so that whoever chooses the keys
 * cannot fill one bucket; the file has mode 0600 and, except on Windows, no name as soon as it is open:
 * nothing is left behind by a crash.
 */
export class DuplicateFinder {
  private readonly tables = new Uint32Array(32 * 256);
  private readonly pending = new Uint32Array(BUCKETS * BLOCK);
  private readonly fill = new Int32Array(BUCKETS);
  /** Which blocks of the file belong to a bucket. */
  private readonly blocks: number[][] = Array.from({ length: BUCKETS }, () => []);
  private written = 0;
  private spill: { readonly descriptor: number; readonly folder: string } | undefined;

  /** @param directory for the temporary file; the system's own when missing */
  constructor(private readonly directory?: string) {
    randomFillSync(this.tables);
  }

  /** @param key 32 bytes @throws SolventError STORAGE_FAILED (internal), which names the temporary folder */
  add(key: Uint8Array, file: number, row: number): void {
    const { tables, pending } = this;
    let hash = 0;
    for (let i = 0; i < 32; i++) hash ^= tables[(i << 8) | key[i]!]!;
    const bucket = hash >>> 24;
    let at = bucket * BLOCK + this.fill[bucket]!;
    for (let i = 0; i < 32; i += 4)
      pending[at++] = key[i]! | (key[i + 1]! << 8) | (key[i + 2]! << 16) | (key[i + 3]! << 24);
    pending[at++] = hash;
    pending[at++] = file;
    pending[at] = row;
    this.fill[bucket]! += ENTRY;
    if (this.fill[bucket] === BLOCK) this.spillOut(bucket);
  }

  /** The duplicate whose second place comes first in the input. */
  find(): Duplicate | undefined {
    let earliest: Duplicate | undefined;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const found = this.findIn(bucket);
      if (found && (!earliest || before(found.second, earliest.second))) earliest = found;
    }
    return earliest;
  }

  /** Removes the temporary file; to be called in any case. */
  close(): void {
    if (!this.spill) return;
    closeSync(this.spill.descriptor);
    rmSync(this.spill.folder, { recursive: true, force: true });
    this.spill = undefined;
  }

  private spillOut(bucket: number): void {
    try {
      this.flush(bucket);
    } catch (error) {
      const folder =
        this.directory ?? `${tmpdir()}, the folder for temporary files (TMPDIR names another one)`;
      throw storageError(error, folder);
    }
  }

  private flush(bucket: number): void {
    const { descriptor } = (this.spill ??= this.open());
    const bytes = new Uint8Array(this.pending.buffer, bucket * BLOCK_BYTES, BLOCK_BYTES);
    for (let done = 0; done < BLOCK_BYTES;)
      done += writeSync(descriptor, bytes, done, BLOCK_BYTES - done, this.written * BLOCK_BYTES + done);
    this.blocks[bucket]!.push(this.written++);
    this.fill[bucket] = 0;
  }

  private open(): { descriptor: number; folder: string } {
    const folder = mkdtempSync(join(this.directory ?? tmpdir(), 'solvent-keys-'));
    const file = join(folder, 'keys');
    const descriptor = openSync(file, 'wx+', 0o600);
    if (process.platform !== 'win32') {
      unlinkSync(file);
      rmSync(folder, { recursive: true });
    }
    return { descriptor, folder };
  }

  /** Blocks in the order in which they were filled, so the first duplicate met is the bucket's earliest. */
  private findIn(bucket: number): Duplicate | undefined {
    const seen = new EntrySet();
    const block = new Uint32Array(BLOCK);
    const bytes = new Uint8Array(block.buffer);
    for (const index of this.blocks[bucket]!) {
      for (let done = 0; done < BLOCK_BYTES;) {
        const at = index * BLOCK_BYTES + done;
        const read = readSync(this.spill!.descriptor, bytes, done, BLOCK_BYTES - done, at);
        if (read === 0) throw new Error('the temporary file of account keys was cut off by someone else');
        done += read;
      }
      const found = seen.addAll(block);
      if (found) return found;
    }
    const start = bucket * BLOCK;
    return seen.addAll(this.pending.subarray(start, start + this.fill[bucket]!));
  }
}

function before(a: EntryPlace, b: EntryPlace): boolean {
  return a.file < b.file || (a.file === b.file && a.row < b.row);
}

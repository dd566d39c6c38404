import { randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUCKETS = 256;
/** 32 bytes of id, file (u32), row (u32). */
const ENTRY = 40;
/** What of a bucket stays in memory: about 8 MiB for all of them. */
const BLOCK = 819 * ENTRY;

/** Where an id stands for the second time, and where it stood first. */
export interface Duplicate {
  readonly id: Uint8Array;
  readonly first: { readonly file: number; readonly row: number };
  readonly second: { readonly file: number; readonly row: number };
}

/**
 * Finds an id that was added twice, in constant memory: ids are divided into 256 buckets which go to disk where they outgrow memory, then
 * each bucket is looked at by itself. A bucket of 2^28 ids' share takes about 50 MB.
 *
 * The bucket is taken from a tabulation hash with fresh random tables, so that whoever chooses the ids cannot fill one bucket; the file has
 * mode 0600 and, except on Windows, no name as soon as it is open: nothing is left behind by a crash.
 */
export class DuplicateFinder {
  private readonly tables = new Uint32Array(32 * 256);
  private readonly pending = Buffer.alloc(BUCKETS * BLOCK);
  private readonly fill = new Int32Array(BUCKETS);
  /** Which blocks of the file belong to a bucket. */
  private readonly blocks: number[][] = Array.from({ length: BUCKETS }, () => []);
  private written = 0;
  private spill: { readonly descriptor: number; readonly folder: string } | undefined;

  /** @param directory for the temporary file; the system's own when missing */
  constructor(private readonly directory: string = tmpdir()) {
    randomFillSync(this.tables);
  }

  add(id: Uint8Array, file: number, row: number): void {
    const bucket = this.hash(id, 0) >>> 24;
    const at = bucket * BLOCK + this.fill[bucket]!;
    this.pending.set(id, at);
    this.pending.writeUInt32LE(file, at + 32);
    this.pending.writeUInt32LE(row, at + 36);
    this.fill[bucket]! += ENTRY;
    if (this.fill[bucket] === BLOCK) this.flush(bucket);
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

  private hash(bytes: Uint8Array, offset: number): number {
    let hash = 0;
    for (let i = 0; i < 32; i++) hash ^= this.tables[(i << 8) | bytes[offset + i]!]!;
    return hash >>> 0;
  }

  private flush(bucket: number): void {
    const { descriptor } = (this.spill ??= this.open());
    for (let done = 0; done < BLOCK;)
      done += writeSync(
        descriptor,
        this.pending,
        bucket * BLOCK + done,
        BLOCK - done,
        this.written * BLOCK + done,
      );
    this.blocks[bucket]!.push(this.written++);
    this.fill[bucket] = 0;
  }

  private open(): { descriptor: number; folder: string } {
    const folder = mkdtempSync(join(this.directory, 'solvent-ids-'));
    const file = join(folder, 'ids');
    const descriptor = openSync(file, 'wx+', 0o600);
    if (process.platform !== 'win32') {
      unlinkSync(file);
      rmSync(folder, { recursive: true });
    }
    return { descriptor, folder };
  }

  /** Blocks in the order in which they were filled, so the first duplicate met is the bucket's earliest. */
  private findIn(bucket: number): Duplicate | undefined {
    const seen = new EntrySet((bytes, offset) => this.hash(bytes, offset));
    const block = Buffer.alloc(BLOCK);
    for (const index of this.blocks[bucket]!) {
      for (let done = 0; done < BLOCK;) {
        const read = readSync(this.spill!.descriptor, block, done, BLOCK - done, index * BLOCK + done);
        if (read === 0) throw new Error('the temporary file of ids was cut off by someone else');
        done += read;
      }
      const found = seen.addAll(block, BLOCK);
      if (found) return found;
    }
    const start = bucket * BLOCK;
    return seen.addAll(this.pending.subarray(start, start + BLOCK), this.fill[bucket]!);
  }
}

/** Entries by id, open addressing. It holds different ids only: a million times the same one takes no memory. */
class EntrySet {
  private entries = Buffer.alloc(1024 * ENTRY);
  private slots = new Int32Array(4096).fill(-1);
  private count = 0;

  constructor(private readonly hash: (bytes: Uint8Array, offset: number) => number) {}

  addAll(block: Buffer, length: number): Duplicate | undefined {
    for (let at = 0; at < length; at += ENTRY) {
      const slot = this.slotOf(block, at);
      const known = this.slots[slot]!;
      if (known >= 0)
        return {
          id: Uint8Array.from(block.subarray(at, at + 32)),
          first: placeAt(this.entries, known * ENTRY),
          second: placeAt(block, at),
        };
      if ((this.count + 1) * ENTRY > this.entries.length) {
        this.grow();
        at -= ENTRY;
        continue;
      }
      block.copy(this.entries, this.count * ENTRY, at, at + ENTRY);
      this.slots[slot] = this.count++;
    }
    return undefined;
  }

  /** The slot of this id: taken by it, or free. */
  private slotOf(bytes: Buffer, at: number): number {
    const mask = this.slots.length - 1;
    for (let slot = this.hash(bytes, at) & mask; ; slot = (slot + 1) & mask) {
      const known = this.slots[slot]!;
      if (known < 0 || this.entries.compare(bytes, at, at + 32, known * ENTRY, known * ENTRY + 32) === 0)
        return slot;
    }
  }

  private grow(): void {
    this.entries = Buffer.concat([this.entries], 2 * this.entries.length);
    this.slots = new Int32Array(2 * this.slots.length).fill(-1);
    for (let i = 0; i < this.count; i++) this.slots[this.slotOf(this.entries, i * ENTRY)] = i;
  }
}

function placeAt(bytes: Buffer, at: number): { file: number; row: number } {
  return { file: bytes.readUInt32LE(at + 32), row: bytes.readUInt32LE(at + 36) };
}

function before(a: Duplicate['second'], b: Duplicate['second']): boolean {
  return a.file < b.file || (a.file === b.file && a.row < b.row);
}

import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import {
  LabelledFile,
  labelledParts,
  PRIVATE,
  PRIVATE_DIRECTORY,
  writeAtomic,
  type Origin,
} from '@solvent-por/snapshot/files';
import { ID_BYTES, type AccountBatch } from '@solvent-por/verifier';
import { missingFile } from './missing-file';

/** Where each account stands. */
export interface AccountPlace {
  readonly batch: number;
  readonly row: number;
}

export const INDEX_FILE = 'index.bin';
const KIND = 'index of accounts';
/** First 16 bytes of SHA-256(id), u32be batch, u16be row. Ids themselves stand only in the batches. */
const KEY_BYTES = 16;
const ENTRY_BYTES = KEY_BYTES + 4 + 2;
const BUCKETS = 256;
/**
 * Entries that have a digest of their own. A look-up reads some blocks of 90 KB; opening reads 32 bytes for
 * each: 80 KB for 10 million accounts, 2 MB for the most there can be (2^28), instead of all 220 MB or 6 GB.
 */
const BLOCK_ENTRIES = 4096;
const BLOCK_BYTES = BLOCK_ENTRIES * ENTRY_BYTES;

/**
 * Writes the index from account id to place: entries sorted by the id's hash, bucket by bucket, so that
 * memory stays bounded.
 */
export class AccountIndexWriter {
  readonly #directory: string;
  readonly #pending: Buffer[][] = Array.from({ length: BUCKETS }, () => []);
  #handles: FileHandle[] = [];
  #count = 0;

  constructor(private readonly witness: string) {
    this.#directory = join(witness, '.index');
  }

  async add(batch: number, { count, ids }: AccountBatch): Promise<void> {
    if (this.#handles.length === 0) await this.#open();
    this.#count += count;
    for (let row = 0; row < count; row++) {
      const entry = Buffer.alloc(ENTRY_BYTES);
      entry.set(key(ids.subarray(ID_BYTES * row, ID_BYTES * (row + 1))));
      entry.writeUInt32BE(batch, KEY_BYTES);
      entry.writeUInt16BE(row, KEY_BYTES + 4);
      this.#pending[entry[0]!]!.push(entry);
    }
    for (const [bucket, entries] of this.#pending.entries())
      if (entries.length > 0) await this.#handles[bucket]!.appendFile(Buffer.concat(entries.splice(0)));
  }

  /**
   * @param origin of the manifest
   * @throws SolventError ACCOUNT_REPEATED (invalid): an id stands in two rows
   */
  async finish(origin: Origin): Promise<void> {
    if (this.#handles.length === 0) await this.#open();
    const label = () => ({ kind: KIND, origin, count: this.#count });
    const file = labelledParts(this.#sorted(), label, BLOCK_BYTES);
    await writeAtomic(join(this.witness, INDEX_FILE), file, PRIVATE);
  }

  /** Closes and removes the buckets. */
  async close(): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle.close()));
    this.#handles = [];
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #open(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
    await mkdir(this.#directory, { mode: PRIVATE_DIRECTORY });
    for (let bucket = 0; bucket < BUCKETS; bucket++)
      this.#handles.push(await open(this.#bucketFile(bucket), 'wx', PRIVATE));
  }

  async *#sorted(): AsyncGenerator<Uint8Array> {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const file = await readFile(this.#bucketFile(bucket));
      const entries = Array.from({ length: file.length / ENTRY_BYTES }, (_, i) =>
        file.subarray(i * ENTRY_BYTES, (i + 1) * ENTRY_BYTES),
      );
      entries.sort(Buffer.compare);
      entries.forEach((entry, i) => {
        const before = entries[i - 1];
        if (before && Buffer.compare(before.subarray(0, KEY_BYTES), entry.subarray(0, KEY_BYTES)) === 0)
          throw repeated(before, entry);
      });
      yield Buffer.concat(entries);
    }
  }

  #bucketFile(bucket: number): string {
    return join(this.#directory, String(bucket));
  }
}

/** Looks places up by binary search in the index file, of which it believes no byte unchecked. */
export class AccountIndex {
  #last: { readonly index: number; readonly block: Buffer } | undefined;

  private constructor(private readonly file: LabelledFile) {}

  /**
   * @param origin of the manifest
   * @throws SolventError WITNESS_MISSING (usage), WITNESS_FILE_DAMAGED | WITNESS_FILE_FOREIGN (invalid)
   */
  static async open(witness: string, origin: Origin): Promise<AccountIndex> {
    const file = await LabelledFile.open(join(witness, INDEX_FILE), { kind: KIND, origin }).catch(
      missingFile(witness, INDEX_FILE),
    );
    if (file.bytes === ENTRY_BYTES * file.count) return new AccountIndex(file);
    await file.close();
    throw new SolventError(
      'WITNESS_FILE_DAMAGED',
      'invalid',
      `${INDEX_FILE} is damaged: it does not hold ${file.count} accounts`,
      { file: INDEX_FILE },
    );
  }

  /** Accounts there are. */
  get count(): number {
    return this.file.count;
  }

  /**
   * Where an account may stand: the caller compares the id there. More than one only if hashes collide.
   * @throws SolventError WITNESS_FILE_DAMAGED (invalid)
   */
  async find(id: Uint8Array): Promise<AccountPlace[]> {
    const wanted = key(id);
    let [low, high] = [0, this.file.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Buffer.compare((await this.#entry(middle)).subarray(0, KEY_BYTES), wanted) < 0) low = middle + 1;
      else high = middle;
    }
    const places: AccountPlace[] = [];
    for (; low < this.file.count; low++) {
      const entry = await this.#entry(low);
      if (Buffer.compare(entry.subarray(0, KEY_BYTES), wanted) !== 0) break;
      places.push({ batch: entry.readUInt32BE(KEY_BYTES), row: entry.readUInt16BE(KEY_BYTES + 4) });
    }
    return places;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  async #entry(i: number): Promise<Buffer> {
    const index = Math.floor(i / BLOCK_ENTRIES);
    if (this.#last?.index !== index)
      this.#last = { index, block: Buffer.from((await this.file.block(index)).buffer) };
    const at = (i % BLOCK_ENTRIES) * ENTRY_BYTES;
    return this.#last.block.subarray(at, at + ENTRY_BYTES);
  }
}

/** Section 5: ids are unique in a snapshot, and a prover refuses a second row. */
function repeated(a: Buffer, b: Buffer): SolventError<'ACCOUNT_REPEATED'> {
  const [first, second] = [a, b].map(
    (entry) => `row ${entry.readUInt16BE(KEY_BYTES + 4)} of batch ${entry.readUInt32BE(KEY_BYTES)}`,
  );
  return new SolventError(
    'ACCOUNT_REPEATED',
    'invalid',
    `${first} and ${second} hold the same account id: give each account once, with all it holds`,
  );
}

function key(id: Uint8Array): Buffer {
  return createHash('sha256').update(id).digest().subarray(0, KEY_BYTES);
}

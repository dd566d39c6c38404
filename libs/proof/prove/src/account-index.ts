import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SolventError } from '@solvent/algebra';
import { ID_BYTES, type AccountBatch } from '@solvent/proof/verify';
import { PRIVATE, writeAtomic } from './files';

/** Where each account stands. */
export interface AccountPlace {
  readonly batch: number;
  readonly row: number;
}

const INDEX_FILE = 'index.bin';
/** First 16 bytes of SHA-256(id), u32be batch, u16be row. Ids themselves stand only in the batches. */
const KEY_BYTES = 16;
const ENTRY_BYTES = KEY_BYTES + 4 + 2;
const BUCKETS = 256;

/** Writes the index from account id to place: entries sorted by the id's hash, bucket by bucket, so that memory stays bounded. */
export class AccountIndexWriter {
  readonly #directory: string;
  readonly #pending: Buffer[][] = Array.from({ length: BUCKETS }, () => []);
  #handles: FileHandle[] = [];

  constructor(private readonly witness: string) {
    this.#directory = join(witness, '.index');
  }

  async add(batch: number, { count, ids }: AccountBatch): Promise<void> {
    if (this.#handles.length === 0) await this.#open();
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

  /** @throws SolventError ACCOUNT_REPEATED (invalid): an id stands in two rows */
  async finish(): Promise<void> {
    if (this.#handles.length === 0) await this.#open();
    await writeAtomic(join(this.witness, INDEX_FILE), this.#sorted(), PRIVATE);
  }

  /** Closes and removes the buckets. */
  async close(): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle.close()));
    this.#handles = [];
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #open(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
    await mkdir(this.#directory, { mode: 0o700 });
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

/** Looks places up by binary search in the index file. */
export class AccountIndex {
  private constructor(
    private readonly handle: FileHandle,
    private readonly entries: number,
  ) {}

  /** @throws SolventError WITNESS_MISSING | WITNESS_FILE_DAMAGED (not a whole number of entries) */
  static async open(witness: string): Promise<AccountIndex> {
    const handle = await open(join(witness, INDEX_FILE), 'r').catch(() => {
      throw new SolventError(
        'WITNESS_MISSING',
        'usage',
        `${witness} is not a finished snapshot's witness folder (${INDEX_FILE} is missing)`,
      );
    });
    const entries = (await handle.stat()).size / ENTRY_BYTES;
    if (!Number.isInteger(entries)) {
      await handle.close();
      throw new SolventError('WITNESS_FILE_DAMAGED', 'invalid', `${INDEX_FILE} of the witness is damaged`);
    }
    return new AccountIndex(handle, entries);
  }

  /** Where an account may stand: the caller compares the id there. More than one only if hashes collide. */
  async find(id: Uint8Array): Promise<AccountPlace[]> {
    const wanted = key(id);
    let [low, high] = [0, this.entries];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Buffer.compare((await this.#entry(middle)).subarray(0, KEY_BYTES), wanted) < 0) low = middle + 1;
      else high = middle;
    }
    const places: AccountPlace[] = [];
    for (; low < this.entries; low++) {
      const entry = await this.#entry(low);
      if (Buffer.compare(entry.subarray(0, KEY_BYTES), wanted) !== 0) break;
      places.push({ batch: entry.readUInt32BE(KEY_BYTES), row: entry.readUInt16BE(KEY_BYTES + 4) });
    }
    return places;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  async #entry(i: number): Promise<Buffer> {
    const entry = Buffer.alloc(ENTRY_BYTES);
    await this.handle.read(entry, 0, ENTRY_BYTES, i * ENTRY_BYTES);
    return entry;
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

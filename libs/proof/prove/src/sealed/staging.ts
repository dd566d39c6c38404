import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, SolventError } from '@solvent/algebra';
import { decodeLabelled, encodeLabelled, PRIVATE, PRIVATE_DIRECTORY, writeAtomic } from '@solvent/files';
import {
  compareTags,
  entryBytes,
  MAX_SHARD_BITS,
  shardNumber,
  sizeOf,
  type Manifest,
} from '@solvent/proof/verify';
import { manifestOrigin } from '../origin';
import { readAt } from './read-at';
import { PREFIX_BYTES } from './seal-entry';

/** Where a bundle's entries wait until all are there; gone when it is finished. */
export const STAGING = '.sealing';

const PLAN_FILE = 'plan.bin';
const PLAN = 'sealed bundle';
/** So much of all entries is in memory at once while they are sorted. */
const BUDGET_BYTES = 64 * 1024 * 1024;

/**
 * The entries of a bundle batch by batch, on disk: a batch that is there is whole, and a run that goes on doesn't seal it again. They are sorted into shards by
 * going through all batches several times, each time for as many shards as fit into memory.
 */
export class Staging {
  readonly #origin;
  readonly #entryBytes: number;

  constructor(
    private readonly directory: string,
    private readonly manifest: Manifest,
  ) {
    this.#origin = manifestOrigin(manifest);
    this.#entryBytes = entryBytes(sizeOf(manifest.header).published);
  }

  /** Begins, or goes on with what an earlier run left. @throws SolventError RESUME_MISMATCH (usage): it was of another manifest */
  async begin(): Promise<void> {
    const file = join(this.directory, PLAN_FILE);
    const label = { kind: PLAN, origin: this.#origin, count: this.manifest.batchCount };
    const found = await readFile(file).catch(absent);
    if (found && equalBytes(found, encodeLabelled(new Uint8Array(0), label))) return;
    if (found)
      throw new SolventError(
        'RESUME_MISMATCH',
        'usage',
        `${this.directory} holds an unfinished bundle of another manifest: give another output folder, or remove it`,
      );
    await rm(this.directory, { recursive: true, force: true });
    await mkdir(this.directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    await writeAtomic(file, encodeLabelled(new Uint8Array(0), label), PRIVATE);
  }

  /** @param packed of `packEntries` */
  async put(batch: number, packed: Uint8Array): Promise<void> {
    const count = packed.length / (PREFIX_BYTES + this.#entryBytes);
    const label = { kind: kindOf(batch), origin: this.#origin, count };
    await writeAtomic(this.#file(batch), encodeLabelled(packed, label), PRIVATE);
  }

  /** Whether a batch's entries are there, whole. */
  async has(batch: number, count: number): Promise<boolean> {
    const file = await readFile(this.#file(batch)).catch(absent);
    if (!file) return false;
    try {
      const expected = { kind: kindOf(batch), origin: this.#origin, name: this.#file(batch) };
      return decodeLabelled(file, expected).count === count;
    } catch (error) {
      if (error instanceof SolventError) return false;
      throw error;
    }
  }

  /**
   * The entries of each shard, shard by shard, in the order of their tags.
   * @param counts accounts of each batch
   * @param budget bytes in memory at once
   */
  async *shards(
    counts: readonly number[],
    bits: number,
    budget = BUDGET_BYTES,
  ): AsyncGenerator<Uint8Array[]> {
    const total = this.#entryBytes * counts.reduce((sum, count) => sum + count, 0);
    let passes = 1;
    while (passes < 2 ** bits && total > budget * passes) passes *= 2;
    const width = 2 ** bits / passes;
    for (let first = 0; first < 2 ** bits; first += width) {
      const shards = Array.from({ length: width }, (): Uint8Array[] => []);
      for (const [batch, count] of counts.entries())
        for (const { shard, entry } of await this.#slice(batch, count, [first, first + width], bits))
          shards[shard - first]!.push(entry);
      for (const entries of shards) yield entries.sort(compareTags);
    }
  }

  /** A batch's entries of the shards from…to − 1. */
  async #slice(
    batch: number,
    count: number,
    [from, to]: readonly [number, number],
    bits: number,
  ): Promise<{ readonly shard: number; readonly entry: Uint8Array }[]> {
    const file = await open(this.#file(batch));
    try {
      const prefixes = await readAt(file, 0, PREFIX_BYTES * count);
      const first = (shard: number) => firstFrom(prefixes, shard * 2 ** (MAX_SHARD_BITS - bits));
      const [start, end] = [first(from), first(to)];
      const at = PREFIX_BYTES * count + this.#entryBytes * start;
      const entries = await readAt(file, at, this.#entryBytes * (end - start));
      return Array.from({ length: end - start }, (_, i) => ({
        shard: shardNumber(prefixes.readUInt16BE(PREFIX_BYTES * (start + i)), bits),
        entry: entries.subarray(this.#entryBytes * i, this.#entryBytes * (i + 1)),
      }));
    } finally {
      await file.close();
    }
  }

  #file(batch: number): string {
    return join(this.directory, `batch-${String(batch).padStart(5, '0')}.bin`);
  }
}

function kindOf(batch: number): string {
  return `sealed batch ${batch}`;
}

/** How many of the ascending prefixes are below a bound. */
function firstFrom(prefixes: Buffer, bound: number): number {
  let [low, high] = [0, prefixes.length / PREFIX_BYTES];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (prefixes.readUInt16BE(PREFIX_BYTES * middle) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, SolventError } from '@solvent-por/kzg';
import {
  decodeLabelled,
  encodeLabelled,
  PRIVATE,
  PRIVATE_DIRECTORY,
  writeAtomic,
} from '@solvent-por/snapshot/files';
import { entryBytes, sizeOf, type Manifest } from '@solvent-por/verifier';
import { manifestOrigin } from '../origin';
import { entriesByShard } from './entries-by-shard';
import { decodePrefixes, PREFIX_BYTES } from './prefixes';
import { readAt } from './read-at';

/** Where a bundle's entries wait until all are there; gone when it is finished. */
export const STAGING = '.sealing';

const PLAN_FILE = 'plan.bin';
const PLAN = 'sealed bundle';
/**
 * The entries of a bundle batch by batch, on disk: a batch that is there is whole, and a run that goes on
 * doesn't seal it again.
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

  /**
   * Begins, or goes on with what an earlier run left.
   * @throws SolventError RESUME_MISMATCH (usage): it was of another manifest
   */
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
  shards(counts: readonly number[], bits: number, budget?: number): AsyncGenerator<Uint8Array[]> {
    const each = this.#entryBytes;
    return entriesByShard({
      ...{ bits, each, counts, ...(budget !== undefined && { budget }) },
      withBatch: async (batch, work) => {
        const count = counts[batch]!;
        const file = await open(this.#file(batch));
        try {
          const prefixes = decodePrefixes(await readAt(file, 0, PREFIX_BYTES * count));
          const at = PREFIX_BYTES * count;
          return await work({ prefixes, read: (first, n) => readAt(file, at + each * first, each * n) });
        } finally {
          await file.close();
        }
      },
    });
  }

  #file(batch: number): string {
    return join(this.directory, `batch-${String(batch).padStart(5, '0')}.bin`);
  }
}

function kindOf(batch: number): string {
  return `sealed batch ${batch}`;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, utf8 } from '@solvent-por/kzg';
import { PRIVATE, PRIVATE_DIRECTORY, removeTemporary, writeAtomic } from '@solvent-por/snapshot/files';
import { PARTS } from './file-writer';
import { packEntries } from './pack-index';
import type { ProofWork } from './tasks';

/**
 * What says which batches are done, while others are not: for each the lines that its files get in the index.
 */
export class Parts {
  readonly #folder: string;

  constructor(
    private readonly output: string,
    private readonly work: ProofWork,
  ) {
    this.#folder = join(output, PARTS);
  }

  /** Whether there is a run to go on from: of this manifest, these accounts and kind of document. */
  async goOn(): Promise<boolean> {
    return existsSync(this.#run) && (await readFile(this.#run, 'utf8')) === this.work.run;
  }

  /** Begins anew where another run left something. */
  async open(): Promise<void> {
    if (!(await this.goOn())) {
      await rm(this.#folder, { recursive: true, force: true });
      await mkdir(this.#folder, { mode: PRIVATE_DIRECTORY });
      await writeAtomic(this.#run, utf8(this.work.run), PRIVATE);
    }
    await removeTemporary(this.#folder);
  }

  /**
   * How many files of a batch were written; undefined where not all were, or one is not there any more as it
   * was written: files are not flushed, so that a machine that failed may have lost some.
   */
  async written(batch: number): Promise<number | undefined> {
    const file = this.#file(batch);
    if (!existsSync(file)) return undefined;
    const lines = await readFile(file);
    for await (const { name, sha256 } of packEntries(once(lines)))
      if ((await digestOf(join(this.output, name))) !== sha256) return undefined;
    return countLines(lines.toString());
  }

  add(batch: number, lines: string): Promise<void> {
    return writeAtomic(this.#file(batch), utf8(lines), PRIVATE);
  }

  async *lines(): AsyncGenerator<Uint8Array> {
    for (const { batch } of this.work.batches) yield await readFile(this.#file(batch));
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  get #run(): string {
    return join(this.#folder, 'run');
  }

  #file(batch: number): string {
    return join(this.#folder, `batch-${batch}.ndjson`);
  }
}

/** Lines of an index, each with its end. */
export function countLines(text: string): number {
  return text.split('\n').length - 1;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Undefined where it cannot be read. */
async function digestOf(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes && toHex(createHash('sha256').update(bytes).digest());
}

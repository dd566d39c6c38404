import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { PRIVATE, storing, writeAtomic, writeWhole } from '@solvent-por/snapshot/files';
import { manifestDigest } from '@solvent-por/verifier';
import { WitnessDirectory } from '../witness-directory';
import { openPool } from '../work/open-pool';
import { linesCoding, type LinesCoding } from './lines-coding';
import { linesIndexOf, writeLinesIndex } from './lines-index';
import {
  toolsFor,
  type InclusionsProgress,
  type ProvedInclusions,
  type ProveInclusionsOptions,
} from './prove-inclusions';
import { inOrder, refuseInterrupted, workOf, type ProofWork } from './tasks';

/** How far an unfinished file has come. */
interface Mark {
  readonly run: string;
  readonly batches: number;
  readonly accounts: number;
  readonly bytes: number;
}

/**
 * Writes inclusion proofs, or claim files, into one file, a document and a line feed for each account, in order of batch and
 * row, in constant memory; beside it `<file>.index.json`: manifest, count, name and digest. Compressed, each
 * batch is a member (gzip) or frame (zstd) of its own, so that a run that was stopped goes on.
 *
 * @param options output names the file, not a folder; the caller holds it
 * @throws SolventError as proveInclusions; OUTPUT_EXISTS, FORMAT_UNSUPPORTED (usage)
 */
export async function proveInclusionLines(
  options: Omit<ProveInclusionsOptions, 'lock'>,
): Promise<ProvedInclusions> {
  const { witness, ids, documents = 'inclusions', output } = options;
  const coding = linesCoding(output);
  if (existsSync(output))
    throw new SolventError(
      'OUTPUT_EXISTS',
      'usage',
      `${output} exists already, and nothing is replaced in silence: name another file, or move it away`,
      { file: output },
    );
  const directory = await WitnessDirectory.open(witness);
  try {
    const work = await workOf(directory, ids, documents);
    const { count, missing } = work;
    if (count === 0) return { written: 0, resumed: 0, missing };
    // All that the proofs are made of is read and checked before the first is written; a list was looked up
    // in its batches.
    await directory.place(0);
    if (ids === 'all') for (const { batch } of work.batches) await directory.readBatch(batch);
    const file = await storing(dirname(output), () => LinesFile.open(output, work.run));
    const resumed = file.mark.accounts;
    try {
      await writeLines(options, work, coding, file);
      const manifest = toHex(manifestDigest(directory.manifest));
      await storing(dirname(output), () => file.finish({ manifest, count }));
    } finally {
      await file.close();
    }
    return { written: count, resumed, missing };
  } finally {
    await directory.close();
  }
}

async function writeLines(
  { witness, documents = 'inclusions', workers, signal, onProgress }: Omit<ProveInclusionsOptions, 'lock'>,
  { batches, count }: ProofWork,
  coding: LinesCoding,
  file: LinesFile,
): Promise<void> {
  const resumed = file.mark.accounts;
  const report = () =>
    onProgress?.({ written: file.mark.accounts, wanted: count, resumed } satisfies InclusionsProgress);
  const left = batches.slice(file.mark.batches);
  report();
  if (left.length === 0) return;
  const threads = Math.min(workers, left.length);
  const data = { witness, ...(await toolsFor(documents, count - resumed)) };
  const pool = openPool('witness-folder', { threads, data });
  try {
    await inOrder(
      left,
      { threads, signal },
      (task) => pool.run('lines', { ...task, coding }),
      async ({ bytes, accounts }) => {
        await storing(dirname(file.name), () => file.add(bytes, accounts));
        report();
      },
    );
  } finally {
    await pool.end();
  }
  refuseInterrupted(signal, { written: file.mark.accounts, count, documents });
}

/** The file while it grows, under another name; what is beyond its mark was not finished, and is cut off. */
class LinesFile {
  private constructor(
    readonly name: string,
    private readonly handle: FileHandle,
    private readonly hash: Hash,
    public mark: Mark,
  ) {}

  static async open(name: string, run: string): Promise<LinesFile> {
    const [part, marks] = [`${name}.part`, `${name}.progress`];
    const known = existsSync(part) ? await readMark(marks) : undefined;
    const size = known && (await stat(part)).size;
    const goesOn = known?.run === run && size! >= known.bytes;
    const mark = goesOn ? known : { run, batches: 0, accounts: 0, bytes: 0 };
    const handle = await open(part, goesOn ? 'r+' : 'w', PRIVATE);
    await handle.truncate(mark.bytes);
    const hash = createHash('sha256');
    if (mark.bytes > 0)
      for await (const piece of createReadStream(part, { end: mark.bytes - 1 })) hash.update(piece as Buffer);
    return new LinesFile(name, handle, hash, mark);
  }

  async add(bytes: Uint8Array, accounts: number): Promise<void> {
    const { run, batches, bytes: before, accounts: earlier } = this.mark;
    await writeWhole(this.handle, bytes, before);
    await this.handle.sync();
    this.hash.update(bytes);
    this.mark = { run, batches: batches + 1, accounts: earlier + accounts, bytes: before + bytes.length };
    await writeAtomic(`${this.name}.progress`, utf8(JSON.stringify(this.mark)), PRIVATE);
  }

  async finish(head: { readonly manifest: string; readonly count: number }): Promise<void> {
    const index = { ...head, name: basename(this.name), sha256: toHex(this.hash.digest()) };
    await writeLinesIndex(linesIndexOf(this.name), index, PRIVATE);
    await rename(`${this.name}.part`, this.name);
    await rm(`${this.name}.progress`, { force: true });
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

async function readMark(file: string): Promise<Mark | undefined> {
  try {
    const mark = JSON.parse(await readFile(file, 'utf8')) as Mark;
    const counts = [mark.batches, mark.accounts, mark.bytes];
    return counts.every((count) => Number.isSafeInteger(count) && count >= 0) ? mark : undefined;
  } catch {
    return undefined;
  }
}

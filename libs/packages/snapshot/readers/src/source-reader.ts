import { createHash } from 'node:crypto';
import { SolventError, u32be } from '@solvent-por/kzg';
import { MAX_BATCHES, ACCOUNT_ROWS, type Header } from '@solvent-por/verifier';
import { accountRow, type AccountRow, type SnapshotConfig } from '@solvent-por/snapshot';
import { contentOf } from './byte-source';
import { CsvRecords } from './csv-records';
import { JsonRecords } from './json-records';
import type { RecordReader } from './record-reader';
import { NameCounter, type NamesRead } from './names-read';
import { lineOf, located } from './locate';
import type { SourceFile } from './source-file';
import { listSources, type SourceListing } from './source-files';
import type { NotRead } from './unread-names';

/** Most accounts of a snapshot: 65,536 batches of 4,080. */
export const MAX_ACCOUNTS = MAX_BATCHES * ACCOUNT_ROWS;

/** How far reading has come; bytes are those on disk. */
export interface ReadProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly accounts: number;
}

export interface SourceOptions {
  /** A balance file, or a directory of them. */
  readonly input: string;
  readonly config: SnapshotConfig;
  readonly header: Header;
  /** Called at most ten times a second, and once at the end. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** What can be read without a header. */
export type SurveyOptions = Omit<SourceOptions, 'header'>;

/** What was read. */
export interface SourceSummary {
  readonly accounts: number;
  /** On disk. */
  readonly bytes: number;
  readonly files: number;
  /**
   * 0x and SHA-256 over each file's name, size and SHA-256, in order: it changes with any byte, name or order
   * of the input.
   */
  readonly sourceDigest: string;
  /** Under which names amounts were read, and columns that were not. */
  readonly names: NamesRead;
  /** Names in the input's directory that were not read. */
  readonly notRead: readonly NotRead[];
  /**
   * What was recognised in a file although its name or form is another than usual, one sentence for all files
   * of a kind.
   */
  readonly notes: readonly string[];
}

/**
 * The rows of all files of an input, in constant memory.
 *
 *     const source = await SourceReader.open(options);
 *     for await (const file of source.chunks()) while (source.next()) use(source.row, file,
 * source.rowNumber);
 *     source.summary();
 */
export class SourceReader {
  accounts = 0;
  private bytes = 0;
  private reader: RecordReader | undefined;
  private reportedAt = 0;
  private readonly totalBytes: number;
  private readonly digest = createHash('sha256').update('solvent/v1/source');
  /** Files by what is to be told of them. */
  private readonly notes = new Map<string, string[]>();
  private readonly names: NameCounter;
  readonly files: readonly SourceFile[];
  /** As RecordReader's. */
  onRefused: ((error: SolventError) => void) | undefined;

  private constructor(
    private readonly listing: SourceListing,
    private readonly options: SurveyOptions,
    readonly row: AccountRow,
  ) {
    const { files } = listing;
    this.files = files;
    this.names = new NameCounter(options.config);
    this.totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  }

  /** @throws SolventError as listSources */
  static async open(options: SourceOptions): Promise<SourceReader> {
    return SourceReader.survey(options, accountRow(options.config, options.header));
  }

  /** The same into a row that need not be one that can be proved. */
  static async survey(options: SurveyOptions, row: AccountRow): Promise<SourceReader> {
    return new SourceReader(await listSources(options.input, options.config.ignoreFiles), options, row);
  }

  /** An error of reading with its line. */
  async located(error: unknown): Promise<unknown> {
    return located(error, this.files);
  }

  /** The line of a row that was read, by reading its file once more; undefined where it is another now. */
  async lineOf(fileIndex: number, row: number): Promise<number | undefined> {
    const file = this.files[fileIndex]!;
    const reader = recordsOf(file, this.options.config);
    try {
      for await (const chunk of contentOf(file)) {
        reader.feed(chunk);
        while (reader.rows < row && reader.next(this.row));
        if (reader.rows === row) return await lineOf(file, reader.byte);
      }
      reader.finish();
      while (reader.rows < row && reader.next(this.row));
      return reader.rows === row ? await lineOf(file, reader.byte) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Record of its file that `row` holds, from 1. */
  get rowNumber(): number {
    return this.reader!.rows;
  }

  /** The reader of the file that is being read. */
  get records(): RecordReader {
    return this.reader!;
  }

  /** Yields a file's index whenever `next` may have rows; it must be called until it returns false. */
  async *chunks(): AsyncGenerator<number, void, void> {
    for (const [index, file] of this.files.entries()) {
      const reader = recordsOf(file, this.options.config);
      this.reader = reader;
      reader.onRefused = this.onRefused;
      const hash = createHash('sha256');
      let size = 0;
      const content = contentOf(file, {
        onRaw: (raw) => {
          hash.update(raw);
          size += raw.length;
        },
        onNote: (note) => this.note(note, file),
      });
      const before = this.bytes;
      for await (const chunk of content) {
        reader.feed(chunk);
        yield index;
        this.bytes = before + size;
        this.report(false);
      }
      reader.finish();
      yield index;
      this.bytes = before + size;
      if (reader.rows === 0) throw emptyFile(file);
      this.names.add(reader.namesRead());
      for (const note of reader.notes) this.note(note, file);
      const name = Buffer.from(file.name, 'utf8');
      const sizeBytes = Buffer.alloc(8);
      sizeBytes.writeBigUInt64BE(BigInt(size));
      this.digest.update(u32be(name.length)).update(name).update(sizeBytes).update(hash.digest());
    }
    this.report(true);
  }

  /** The next row of the piece that was read last; false when there is none. */
  next(): boolean {
    if (!this.reader!.next(this.row)) return false;
    if (++this.accounts > MAX_ACCOUNTS)
      throw new SolventError(
        'INPUT_TOO_LARGE',
        'invalid',
        `the input has more than ${MAX_ACCOUNTS} accounts`,
        {
          reason: `more than ${MAX_ACCOUNTS} accounts`,
        },
      );
    return true;
  }

  /** To be called once, after the last row. */
  summary(): SourceSummary {
    return {
      accounts: this.accounts,
      bytes: this.bytes,
      files: this.files.length,
      sourceDigest: `0x${this.digest.digest('hex')}`,
      names: this.names.found(),
      notRead: this.listing.notRead,
      notes: [...this.notes].map(
        ([note, [first, ...more]]) =>
          `${first}${more.length === 0 ? '' : ` and ${more.length} more`}: ${note}`,
      ),
    };
  }

  private note(note: string, { name }: SourceFile): void {
    const files = this.notes.get(note);
    if (files) files.push(name);
    else this.notes.set(note, [name]);
  }

  private report(always: boolean): void {
    const now = Date.now();
    if (!always && now - this.reportedAt < 100) return;
    this.reportedAt = now;
    this.options.onProgress?.({ bytes: this.bytes, totalBytes: this.totalBytes, accounts: this.accounts });
  }
}

function recordsOf({ format, name }: SourceFile, config: SnapshotConfig): RecordReader {
  return format === 'csv' ? new CsvRecords(name, config) : new JsonRecords(name, config, format === 'ndjson');
}

function emptyFile({ name }: SourceFile): SolventError {
  const reason = 'holds no accounts: remove the file if that is right';
  return new SolventError('INPUT_EMPTY', 'invalid', `${name} ${reason}`, { file: name, reason });
}

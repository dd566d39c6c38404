import { RowRefusal, type AccountRow } from '@solvent-por/snapshot';
import type { SolventError } from '@solvent-por/kzg';
import { malformedInput, rowError, type Place } from './input-error';

/** Longest record (or CSV line) in bytes; 4,096 tokens with 64-bit amounts take a tenth of it. */
export const MAX_RECORD_BYTES = 1 << 20;

/** A column of CSV, or a token of JSON. */
export interface ReadName {
  readonly name: string;
  /** Index into `readTokens`. */
  readonly token?: number;
}

/** Thrown by a record's parser where the bytes end before the record does. */
const MORE = Symbol('more bytes needed');

/**
 * Takes records out of bytes that arrive in pieces of any size. What of a record has arrived is kept and read
 * again from its start when more is there: parsers see contiguous bytes and no states. `bytes[end]` is always
 * 0, which no grammar here accepts, so that parsers need not compare positions before every byte they look
 * at.
 */
export abstract class RecordReader {
  protected bytes: Uint8Array = new Uint8Array(1);
  /** Start of what is not yet read; parsers move it past whole records only. */
  protected at = 0;
  protected end = 0;
  /** Where the record being parsed begins. */
  protected start = 0;
  /** No more bytes will come. */
  protected final = false;
  /** Records read so far. */
  rows = 0;
  /**
   * Where it is set, a whole record whose account cannot be proved is told to it and passed over, so that all
   * of them can be named.
   */
  onRefused: ((error: SolventError) => void) | undefined;
  private refusal: RowRefusal | undefined;
  /** What was recognised, and should be told. */
  readonly notes: string[] = [];
  /** Where the id of the record that was read last stands, without quotes. */
  protected idStart = 0;
  protected idEnd = 0;
  /** How much was copied by `copyRecord` and `copyRest`. */
  private copied = 0;
  private firstBytes = true;
  private before = 0;
  private wanted = 1;

  constructor(protected readonly file: string) {}

  /** What was read under which name, so far; `token` is missing where a column was ignored. */
  abstract namesRead(): readonly ReadName[];

  /** The plain identifier of the record that was read last. */
  abstract identifier(): string;

  /** An identifier as it stands in the place of that one. */
  abstract encodeIdentifier(identifier: string): string;

  /**
   * Gives away what was passed since the last call, byte for byte but for the identifier of the record that
   * was read last.
   */
  copyRecord(write: (bytes: Uint8Array) => void, identifier: string): void {
    write(this.bytes.slice(this.copied, this.idStart));
    write(Buffer.from(this.encodeIdentifier(identifier), 'utf8'));
    write(this.bytes.slice(this.idEnd, this.at));
    this.copied = this.at;
  }

  /** Gives away what was passed since the last call; to be called before more is fed, and at the end. */
  copyRest(write: (bytes: Uint8Array) => void): void {
    const end = this.final ? this.end : this.at;
    write(this.bytes.slice(this.copied, end));
    this.copied = end;
  }

  /** Takes a copy of the next bytes of the file. A byte order mark at its start is skipped. */
  feed(chunk: Uint8Array): void {
    const rest = this.end - this.at;
    const size = rest + chunk.length;
    if (size + 1 > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, size + 1));
      larger.set(this.bytes.subarray(this.at, this.end));
      this.bytes = larger;
    } else {
      this.bytes.copyWithin(0, this.at, this.end);
    }
    this.bytes.set(chunk, rest);
    this.before += this.at;
    this.at = 0;
    this.copied = 0;
    this.end = size;
    this.bytes[size] = 0;
  }

  /** Tells that the file ends here. */
  finish(): void {
    this.final = true;
  }

  /**
   * Reads the next record into `row`.
   * @returns false when more bytes must be fed first or, after `finish`, when there are no more records
   * @throws SolventError RowCode (kind invalid), INPUT_TRUNCATED, INPUT_MALFORMED (kind malformed)
   */
  next(row: AccountRow): boolean {
    if (!this.final && this.end - this.at < this.wanted) return false;
    if (this.firstBytes && !this.skipByteOrderMark()) return false;
    try {
      while (this.nextRecord(row)) {
        if (!this.refusal) {
          this.rows++;
          return true;
        }
        this.onRefused!(rowError(this.refusal, this.place(), row.key));
        this.rows++;
      }
      return false;
    } catch (error) {
      if (error === MORE) return this.wait();
      if (error instanceof RowRefusal) throw rowError(error, this.place(), row.hasKey ? row.key : undefined);
      throw error;
    }
  }

  private nextRecord(row: AccountRow): boolean {
    this.refusal = undefined;
    const found = this.record(row);
    this.wanted = 1;
    // Whether a long record is refused must not depend on how its bytes arrived.
    if (found && this.at - this.start > MAX_RECORD_BYTES) throw this.tooLong();
    return found;
  }

  /** For the parser: the record is whole. @throws RowRefusal unless `onRefused` is there to be told */
  protected finishRow(row: AccountRow): void {
    try {
      row.finish();
    } catch (error) {
      if (!(error instanceof RowRefusal) || !this.onRefused) throw error;
      this.refusal = error;
    }
  }

  /**
   * Parses from `at` on and moves `at`; false where the file has no more records or, before `finish`, no
   * bytes are left.
   */
  protected abstract record(row: AccountRow): boolean;

  /** For the parser: position `p` holds something else than the grammar wants. Throws. */
  protected unexpected(p: number, wanted: string): never {
    if (p < this.end)
      throw this.malformed(`there should be ${wanted} at byte ${this.before + p} of the content`, p);
    this.needMore(`the file is cut off where there should be ${wanted}`);
  }

  /** For the parser: it has come to the end of the bytes within a record. Throws. */
  protected needMore(problem: string): never {
    if (!this.final) throw MORE;
    throw malformedInput('INPUT_TRUNCATED', this.place(), problem);
  }

  /** @param p where the fault is, when that is not the beginning of the record */
  protected malformed(reason: string, p?: number): SolventError {
    return malformedInput('INPUT_MALFORMED', this.place(p), reason);
  }

  /**
   * For the parser: the last line, which begins at `p`, has no line break, and nobody said that it need not.
   * Throws.
   */
  protected unterminated(p: number): never {
    throw malformedInput(
      'INPUT_TRUNCATED',
      this.place(p),
      'the last line does not end in a line break, so the file may be cut off (in CSV within its last number): fetch it again or, if it is ' +
        'whole, set "allowUnterminated": true in the configuration',
    );
  }

  protected place(p = this.start): Required<Place> {
    return { file: this.file, row: this.rows + 1, byte: this.before + p };
  }

  /** Where the record that was read last begins: a byte of the content. */
  get byte(): number {
    return this.before + this.start;
  }

  /** Waits for twice the bytes, so that a record that comes in many pieces is not read again for each. */
  private wait(): false {
    const held = this.end - this.at;
    if (held > MAX_RECORD_BYTES) throw this.tooLong();
    this.wanted = Math.min(2 * held, MAX_RECORD_BYTES + 1);
    return false;
  }

  private tooLong(): SolventError {
    return this.malformed(`the record is longer than ${MAX_RECORD_BYTES} bytes`);
  }

  private skipByteOrderMark(): boolean {
    if (!this.final && this.end - this.at < 3) return false;
    const [a, b, c] = this.bytes;
    if (a === 0xef && b === 0xbb && c === 0xbf && this.end >= 3) this.at = 3;
    this.firstBytes = false;
    return true;
  }
}

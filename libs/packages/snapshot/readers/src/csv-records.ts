import { SolventError } from '@solvent-por/kzg';
import { RowRefusal, type AccountRow, type SnapshotConfig } from '@solvent-por/snapshot';
import { AmountReader } from './amount-reader';
import { namesOf, planColumns, type AmountColumn, type Column } from './csv-columns';
import {
  HEADER_SEARCH_BYTES,
  delimiterName,
  headerLineAt,
  headerProblem,
  namedDelimiter,
  splitHeader,
  type HeaderLine,
} from './csv-header';
import { CTRL_Z, ODD_LINE_BYTES, PADDING, oddLine } from './csv-oddities';
import { MAX_NUMBER_CHARACTERS } from './number-forms';
import { IdReader, MAX_ID_BYTES, decodeIdentifier } from './id-reader';
import { placeText, type Place } from './input-error';
import { RecordReader, type ReadName } from './record-reader';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
/** First byte of a byte order mark. */
const BOM = 0xef;
const LF = 0x0a;

/**
 * RFC 4180 with a header line; lines end in CRLF or LF, the last one too unless the configuration says
 * `allowUnterminated`; empty lines are skipped. Any cell may be quoted. Where commas don't, semicolons, tabs
 * or bars may divide the cells, or what a first line `sep=` names.
 *
 * Read from bytes by our own hand because csv-parse, which makes a string of every cell, reads 13 MB/s here
 * and this 60 (see libs/dev/benchmarks/readers.mjs); csv-parse is the oracle of the tests instead.
 */
export class CsvRecords extends RecordReader {
  private columns: readonly Column[] | undefined;
  private names: readonly string[] = [];
  private delimiter = COMMA;
  /** The delimiter by a line `sep=`. */
  private named: string | undefined;
  private p = 0;
  private readonly ids: IdReader;
  private readonly amount = new AmountReader(true);

  constructor(
    file: string,
    private readonly config: SnapshotConfig,
  ) {
    super(file);
    this.ids = new IdReader(config);
  }

  override identifier(): string {
    return this.ids.identifier;
  }

  override encodeIdentifier(identifier: string): string {
    const doubled = identifier.replaceAll('"', '""');
    if (this.bytes[this.idStart - 1] === QUOTE) return doubled;
    // What divides cells may be any character that `sep=` names.
    return identifier.includes(String.fromCharCode(this.delimiter)) ? `"${doubled}"` : identifier;
  }

  override namesRead(): readonly ReadName[] {
    return namesOf(this.names, this.columns ?? []);
  }

  protected override record(row: AccountRow): boolean {
    this.skipEmptyLines();
    if (this.columns === undefined) {
      if (this.at === this.end) return false;
      this.readHeader();
      this.skipEmptyLines();
    }
    if (this.at === this.end) return false;
    this.start = this.p = this.at;
    if (this.final) this.refuseUnterminated();
    row.begin();
    try {
      this.cells(this.columns!, row);
      this.finishRow(row);
    } catch (error) {
      throw error instanceof RowRefusal ? this.explained(error) : error;
    }
    this.at = this.p;
    return true;
  }

  private cells(columns: readonly Column[], row: AccountRow): void {
    for (let i = 0; i < columns.length; i++) {
      if (i > 0) this.comma();
      this.cell(columns[i]!, row);
    }
    if (this.bytes[this.p] === this.delimiter) this.wrongCount();
    this.endOfLine();
  }

  /** Reads what the columns mean, and moves `at` to the first row. */
  private readHeader(): void {
    this.start = this.at;
    let line = this.headerLine();
    this.named ??= namedDelimiter(line.text);
    if (this.named !== undefined && namedDelimiter(line.text) !== undefined) {
      this.at = line.next;
      this.skipEmptyLines();
      this.start = this.at;
      line = this.headerLine();
    }
    if (line.open) this.needMore('the file is cut off within a quoted cell');
    const header = splitHeader(line.text, this.config, this.named);
    if (!header) this.noHeader(line.text, line.next);
    if (!line.terminated && !this.config.allowUnterminated) this.unterminated(this.start);
    if (header.delimiter !== ',') this.notes.push(`cells are divided by ${delimiterName(header.delimiter)}`);
    this.delimiter = header.delimiter.charCodeAt(0);
    this.names = header.names;
    this.columns = planColumns(header.names, this.config, this.place());
    this.at = line.next;
  }

  /** The line at `at`, whole. */
  private headerLine(): HeaderLine {
    const line = headerLineAt(this.bytes, this.at, this.end);
    if (!line.terminated && !this.final) this.needMore('');
    return line;
  }

  private noHeader(line: string, next: number): never {
    if (!this.final && this.end - this.at < HEADER_SEARCH_BYTES) this.needMore('');
    const following = Buffer.from(this.bytes.subarray(next, Math.min(this.end, next + HEADER_SEARCH_BYTES)));
    const { code, reason, column } = headerProblem(line, following.toString('utf8'), this.config);
    throw new SolventError(code, 'invalid', `${placeText(this.place())}: ${reason}`, {
      ...this.place(),
      ...(column === undefined ? {} : { column }),
      reason,
    });
  }

  protected override place(p = this.start): Required<Place> {
    const place = super.place(p);
    return this.columns === undefined ? { ...place, row: 0 } : place;
  }

  /** What the line is, where it is no account at all. */
  private explained(refusal: RowRefusal): RowRefusal {
    const { bytes, start, end } = this;
    const limit = Math.min(end, start + ODD_LINE_BYTES);
    const rest = Buffer.from(bytes.subarray(start, limit));
    const length = rest.indexOf(LF);
    if (length < 0 && limit === end && !this.final) this.needMore('');
    const line = rest.subarray(0, length < 0 ? undefined : length).toString('utf8');
    const odd = oddLine(line.replace(/\r$/, ''), this.names, String.fromCharCode(this.delimiter));
    if (odd === undefined) return refusal;
    // An identifier may begin with # too, so what is wrong with it is said as well.
    return new RowRefusal(
      refusal.code,
      line.startsWith('#') ? `${refusal.reason}; ${odd}` : odd,
      refusal.token,
    );
  }

  /**
   * At the last row: before anything is said of its cells, which may be cut off, that it has no line break.
   */
  private refuseUnterminated(): void {
    const last = this.bytes[this.end - 1];
    if (last === 0 || last === CTRL_Z) throw this.malformed(PADDING);
    if (this.config.allowUnterminated || last === LF) return;
    if (this.bytes.indexOf(LF, this.at) < 0) this.unterminated(this.at);
  }

  private cell(column: Column, row: AccountRow): void {
    if (column.kind === 'ignored') this.textCell();
    else if (column.kind === 'id') this.id(row);
    else if (column.kind === 'empty') this.emptyCell();
    else this.amountCell(column, row);
  }

  /** Under a column without a name, at the end. */
  private emptyCell(): void {
    const { start, end } = this.textCell();
    if (end > start)
      throw new RowRefusal(
        'ROW_COLUMN_COUNT',
        'the last column has no name, so it must be empty, and here it is not: a number with a comma in it (1,234.5) makes a cell more. Write numbers without ' +
          'commas or, if the column holds something, give it a name and list that in ignoreColumns',
      );
  }

  private id(row: AccountRow): void {
    const { start, end } = this.textCell();
    [this.idStart, this.idEnd] = [start, end];
    if (!this.ids.plain) this.ids.readHashed(this.bytes, start, end, row);
    else if (end - start > MAX_ID_BYTES) throw new RowRefusal('ROW_ID_MALFORMED', 'the id is too long');
    else if (this.bytes[start] === BOM && start === this.start && this.bytes[start + 1] === 0xbb)
      throw new RowRefusal('ROW_ID_MALFORMED', 'the identifier begins with a byte order mark');
    else this.ids.readPlain(unquoted(decodeIdentifier(this.bytes.subarray(start, end))), row);
  }

  private amountCell(column: AmountColumn, row: AccountRow): void {
    const { bytes, amount, delimiter } = this;
    const isQuoted = bytes[this.p] === QUOTE;
    let p = amount.read(bytes, isQuoted ? this.p + 1 : this.p, column.scale);
    if (isQuoted && bytes[p] === QUOTE) p++;
    else if (isQuoted) amount.wellFormed = false;
    const c = bytes[p]!;
    if (p === this.end && (!this.final || (isQuoted && bytes[p - 1] !== QUOTE)))
      this.needMore('the file is cut off within a quoted cell');
    if (!amount.wellFormed || (c !== delimiter && c !== LF && c !== CR && p !== this.end))
      p = this.otherForm(column, row);
    if (column.kind !== 'net' && amount.negative)
      throw row.refusal(
        'ROW_AMOUNT_MALFORMED',
        column.token,
        `must not be negative in ${column.kind === 'pool' ? "a pool's column" : 'an e_ or d_ column'}`,
      );
    this.p = p;
    if (column.kind === 'pool') row.takePool(column.token, column.pool!, amount);
    else row.take(column.token, amount, column.kind === 'debt' || amount.negative);
  }

  /** A cell that is no plain number: one with an exponent, or none. Returns the position after it. */
  private otherForm({ token, scale }: AmountColumn, row: AccountRow): number {
    const { bytes } = this;
    const refuse = (problem: string) => row.refusal('ROW_AMOUNT_MALFORMED', token, problem);
    if (bytes[this.p] === QUOTE) {
      const limit = Math.min(this.end, this.p + MAX_NUMBER_CHARACTERS);
      const closing = bytes.subarray(this.p + 1, limit).findIndex((c) => c === QUOTE || c === LF);
      if (closing >= 0 && bytes[this.p + 1 + closing] === LF)
        throw refuse('has an opening quote, but no closing one');
    }
    const { start, end } = this.textCell();
    const text = Buffer.from(bytes.subarray(start, Math.min(end, start + 4 * MAX_NUMBER_CHARACTERS)));
    const problem = this.amount.readText(text.toString('utf8'), scale);
    if (problem !== undefined) throw refuse(problem);
    return this.p;
  }

  /** Any cell; p moves past it. The range is what stands between the quotes, where there are some. */
  private textCell(): { start: number; end: number } {
    const { bytes, delimiter } = this;
    let p = this.p;
    if (bytes[p] !== QUOTE) {
      const start = p;
      for (;;) {
        const c = bytes[p]!;
        if (c === delimiter || c === LF || c === CR || (c === 0 && p === this.end)) break;
        if (c === QUOTE)
          throw this.malformed('a cell that holds quotes must stand in quotes itself, each of them doubled');
        p++;
      }
      if (p === this.end && !this.final) this.needMore('');
      this.p = p;
      return { start, end: p };
    }
    const start = ++p;
    for (;;) {
      while (bytes[p] !== QUOTE && p < this.end) p++;
      if (p === this.end || (p + 1 === this.end && !this.final))
        this.needMore('the file is cut off within a quoted cell');
      if (bytes[p + 1] !== QUOTE) break;
      p += 2;
    }
    this.p = p + 1;
    return { start, end: p };
  }

  private comma(): void {
    const c = this.bytes[this.p]!;
    if (c === this.delimiter) this.p++;
    else if (c === LF || c === CR || (this.p === this.end && this.final)) this.wrongCount();
    else this.unexpected(this.p, `${JSON.stringify(String.fromCharCode(this.delimiter))} after the cell`);
  }

  private wrongCount(): never {
    throw new RowRefusal(
      'ROW_COLUMN_COUNT',
      `the row must have ${this.columns!.length} cells, as the header has (a cell that holds what divides cells must stand in quotes)`,
    );
  }

  private endOfLine(): void {
    if (this.p === this.end && this.final) {
      if (!this.config.allowUnterminated) this.unterminated(this.start);
      return;
    }
    if (this.bytes[this.p] === CR) this.p++;
    if (this.bytes[this.p] !== LF) this.unexpected(this.p, 'the end of the line');
    this.p++;
  }

  private skipEmptyLines(): void {
    for (;;) {
      const c = this.bytes[this.at]!;
      if (c === LF) this.at++;
      else if (c === CR && this.bytes[this.at + 1] === LF) this.at += 2;
      else if (c === CR && this.at + 1 === this.end) this.needMore('the file is cut off within a line break');
      else return;
    }
  }
}

function unquoted(text: string): string {
  return text.replaceAll('""', '"');
}

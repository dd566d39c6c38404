import { RowRefusal, type AccountRow, type SnapshotConfig } from '@solvent/snapshot';
import { AmountReader } from './amount-reader';
import { namesOf, planColumns, type AmountColumn, type Column } from './csv-columns';
import { IdReader, MAX_ID_BYTES, decodeIdentifier } from './id-reader';
import { RecordReader, type ReadName } from './record-reader';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;

/**
 * RFC 4180 with a header line; lines end in CRLF or LF, the last one need not, empty lines are skipped. Any cell may be quoted.
 *
 * Read from bytes by our own hand because csv-parse, which makes a string of every cell, reads 13 MB/s here and this 60 (see
 * benchmarks/readers.mjs); csv-parse is the oracle of the tests instead.
 */
export class CsvRecords extends RecordReader {
  private columns: readonly Column[] | undefined;
  private header: readonly string[] = [];
  private p = 0;
  private readonly ids: IdReader;
  private readonly amount = new AmountReader();

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
    return this.bytes[this.idStart - 1] === QUOTE ? identifier.replaceAll('"', '""') : identifier;
  }

  override namesRead(): readonly ReadName[] {
    return namesOf(this.header, this.columns ?? []);
  }

  protected override record(row: AccountRow): boolean {
    if (this.columns === undefined) {
      this.skipEmptyLines();
      if (this.at === this.end && !this.final) return false;
      this.header = this.headerLine();
      this.columns = planColumns(this.header, this.config, this.file);
      this.at = this.p;
    }
    this.skipEmptyLines();
    if (this.at === this.end) return false;
    this.start = this.p = this.at;
    row.begin();
    for (let i = 0; i < this.columns.length; i++) {
      if (i > 0) this.comma();
      this.cell(this.columns[i]!, row);
    }
    if (this.bytes[this.p] === COMMA) this.wrongCount();
    this.endOfLine();
    row.finish();
    this.at = this.p;
    return true;
  }

  private headerLine(): string[] {
    const names: string[] = [];
    this.start = this.p = this.at;
    for (;;) {
      const { start, end } = this.textCell();
      names.push(unquoted(Buffer.from(this.bytes.subarray(start, end)).toString('utf8')));
      if (this.bytes[this.p] !== COMMA) break;
      this.p++;
    }
    this.endOfLine();
    return names;
  }

  private cell(column: Column, row: AccountRow): void {
    if (column.kind === 'ignored') this.textCell();
    else if (column.kind === 'id') this.id(row);
    else this.amountCell(column, row);
  }

  private id(row: AccountRow): void {
    const { start, end } = this.textCell();
    [this.idStart, this.idEnd] = [start, end];
    if (!this.ids.plain) this.ids.readHashed(this.bytes, start, end, row);
    else if (end - start > MAX_ID_BYTES) throw new RowRefusal('ROW_ID_MALFORMED', 'the id is too long');
    else this.ids.readPlain(unquoted(decodeIdentifier(this.bytes.subarray(start, end))), row);
  }

  private amountCell(column: AmountColumn, row: AccountRow): void {
    const { bytes, amount } = this;
    const isQuoted = bytes[this.p] === QUOTE;
    let p = amount.read(bytes, isQuoted ? this.p + 1 : this.p, column.scale);
    if (isQuoted && bytes[p] === QUOTE) p++;
    else if (isQuoted) amount.wellFormed = false;
    const c = bytes[p]!;
    if (p === this.end && (!this.final || (isQuoted && bytes[p - 1] !== QUOTE)))
      this.needMore('the file is cut off within a quoted cell');
    if (!amount.wellFormed || (c !== COMMA && c !== LF && c !== CR && p !== this.end))
      throw row.refusal('ROW_AMOUNT_MALFORMED', column.token, this.problem(column.scale));
    if (column.kind !== 'net' && amount.negative)
      throw row.refusal('ROW_AMOUNT_MALFORMED', column.token, 'must not be negative in an e_ or d_ column');
    this.p = p;
    row.take(column.token, amount, column.kind === 'debt' || amount.negative);
  }

  private problem(scale: number): string {
    const decimals = scale === 0 ? 'no decimals' : `at most ${scale} decimals`;
    return `must be a decimal number with ${decimals}, without exponent or leading zeros, never empty`;
  }

  /** Any cell; p moves past it. The range is what stands between the quotes, where there are some. */
  private textCell(): { start: number; end: number } {
    const { bytes } = this;
    let p = this.p;
    if (bytes[p] !== QUOTE) {
      const start = p;
      for (;;) {
        const c = bytes[p]!;
        if (c === COMMA || c === LF || c === CR || (c === 0 && p === this.end)) break;
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
    if (c === COMMA) this.p++;
    else if (c === LF || c === CR || (this.p === this.end && this.final)) this.wrongCount();
    else this.unexpected(this.p, 'a comma after the cell');
  }

  private wrongCount(): never {
    throw new RowRefusal(
      'ROW_COLUMN_COUNT',
      `the row must have ${this.columns!.length} cells, as the header has`,
    );
  }

  private endOfLine(): void {
    if (this.p === this.end && this.final) return;
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

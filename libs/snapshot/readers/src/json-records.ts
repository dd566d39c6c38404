import { RowRefusal, type AccountRow, type InputName, type SnapshotConfig } from '@solvent/snapshot';
import { AmountReader } from './amount-reader';
import { MAX_NUMBER_CHARACTERS } from './number-forms';
import { IdReader, MAX_ID_BYTES, decodeIdentifier } from './id-reader';
import { BACKSLASH, CLOSE, COMMA, JsonText, QUOTE, isName, printable } from './json-text';
import { JsonNames, LIST_HEAD_BYTES, noList } from './json-names';
import type { ReadName } from './record-reader';
import { TokenTable } from './token-table';

const LF = 0x0a;
const COLON = 0x3a;
const OPEN = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const ID = Buffer.from('id');
const ASSETS = Buffer.from('assets');

type State = 'start' | 'first' | 'between' | 'lines' | 'done';

/**
 * OKX's `[{"id": "…", "assets": {"BTC": "-12", …}}, …]`, or NDJSON: the same records, one a line (empty lines are skipped).
 *
 * Exactly this grammar and no other JSON: a record has `id` and `assets`, each once, in any order, and nothing else; a token stands at
 * most once in it; amounts are strings, of whole numbers of smallest units. Names and amounts need no escapes, so a backslash in them is
 * refused; in a plain identifier it is read as JSON has it. White space may stand anywhere, in NDJSON without line breaks inside a record;
 * its last line ends in a line break too, unless the configuration says `allowUnterminated`. The closing ] is what tells a whole list.
 */
export class JsonRecords extends JsonText {
  private state: State;
  private readonly names: readonly InputName[];
  private readonly tokens: JsonNames;
  private readonly table: TokenTable;
  /** Names that occurred. */
  private readonly seen: Uint8Array;
  private readonly ids: IdReader;
  private readonly amount = new AmountReader(false);

  constructor(
    file: string,
    private readonly config: SnapshotConfig,
    lines: boolean,
  ) {
    super(file, lines ? ' \t\r' : ' \t\r\n');
    this.state = lines ? 'lines' : 'start';
    this.tokens = new JsonNames(config);
    this.names = this.tokens.names;
    this.table = new TokenTable(this.names.map(({ name }) => name));
    this.seen = new Uint8Array(this.names.length);
    this.ids = new IdReader(config);
  }

  override namesRead(): readonly ReadName[] {
    return this.names.filter((_, index) => this.seen[index] === 1);
  }

  protected override record(row: AccountRow): boolean {
    return this.state === 'lines' ? this.line(row) : this.element(row);
  }

  private line(row: AccountRow): boolean {
    while (this.space[this.bytes[this.at]!] === 1 || this.bytes[this.at] === LF) this.at++;
    if (this.at === this.end) return false;
    this.start = this.p = this.at;
    if (this.rows === 0 && this.bytes[this.at] === OPEN_LIST)
      throw this.malformed('holds one list, and not one record a line: call it .json');
    this.object(row);
    const c = this.skip();
    if (c === LF) this.p++;
    else if (this.p < this.end || !this.final) this.unexpected(this.p, 'a line break after the record');
    else if (!this.config.allowUnterminated) this.unterminated(this.start);
    this.at = this.p;
    return true;
  }

  /** White space and brackets between records are passed for good, however much there is; a record only as a whole. */
  private element(row: AccountRow): boolean {
    for (;;) {
      while (this.space[this.bytes[this.at]!] === 1) this.at++;
      const c = this.bytes[this.at]!;
      this.start = this.at;
      if (this.at === this.end) {
        if (this.final && this.state !== 'done')
          this.needMore('the file is cut off: the closing ] is missing');
        return false;
      }
      if (this.state === 'done')
        this.unexpected(
          this.at,
          'nothing after the closing ] (give two lists that were put together as two files)',
        );
      if (this.state === 'start') {
        if (c === OPEN) this.noList();
        if (c !== OPEN_LIST)
          this.unexpected(this.at, 'a [ (records one a line need the file ending .ndjson, CSV needs .csv)');
        this.state = 'first';
        this.at++;
      } else if (c === CLOSE_LIST) {
        this.state = 'done';
        this.at++;
      } else if (this.state === 'first') {
        this.p = this.at;
        break;
      } else {
        // The comma stays unread until the record after it is whole.
        if (c !== COMMA) this.unexpected(this.at, 'a comma or ] after the record');
        this.p = this.at + 1;
        break;
      }
    }
    this.object(row);
    this.state = 'between';
    this.at = this.p;
    return true;
  }

  private noList(): never {
    if (!this.final && this.end - this.at < LIST_HEAD_BYTES) this.needMore('');
    const head = this.bytes.subarray(this.at, Math.min(this.end, this.at + LIST_HEAD_BYTES));
    throw this.malformed(noList(Buffer.from(head).toString('utf8')));
  }

  private object(row: AccountRow): void {
    row.begin();
    let c = this.skip();
    this.start = this.p;
    if (c !== OPEN) this.unexpected(this.p, 'a record: an object with id and assets');
    this.p++;
    let hasId = false;
    let hasAssets = false;
    c = this.skip();
    if (c === CLOSE) this.p++;
    while (c !== CLOSE) {
      const name = this.memberName();
      if (name === 'id') {
        if (hasId) throw new RowRefusal('ROW_MEMBER_REPEATED', 'the member id stands twice in this record');
        hasId = true;
        this.id(row);
      } else {
        if (hasAssets)
          throw new RowRefusal('ROW_MEMBER_REPEATED', 'the member assets stands twice in this record');
        hasAssets = true;
        this.assets(row);
      }
      c = this.comma();
    }
    if (!hasId) throw new RowRefusal('ROW_MEMBER_MISSING', 'the record has no id');
    if (!hasAssets) throw new RowRefusal('ROW_MEMBER_MISSING', 'the record has no assets');
    row.finish();
  }

  /** The name and its colon; moves to the value. */
  private memberName(): 'id' | 'assets' {
    const end = this.simpleText('the name of a member');
    const { bytes, p } = this;
    const name = isName(bytes, p + 1, end, ID)
      ? 'id'
      : isName(bytes, p + 1, end, ASSETS)
        ? 'assets'
        : undefined;
    if (name === undefined)
      throw new RowRefusal(
        'ROW_MEMBER_UNKNOWN',
        `a record has no member ${JSON.stringify(printable(bytes, p + 1, end))}`,
      );
    this.p = end + 1;
    if (this.skip() !== COLON) this.unexpected(this.p, 'a colon');
    this.p++;
    this.skip();
    return name;
  }

  private id(row: AccountRow): void {
    if (this.bytes[this.p] !== QUOTE) this.notText('ROW_ID_MALFORMED', 'the id must be a string');
    const start = this.p + 1;
    const end = this.textEnd(MAX_ID_BYTES, 'ROW_ID_MALFORMED', 'the id is too long');
    if (!this.ids.plain) this.ids.readHashed(this.bytes, start, end, row);
    else this.ids.readPlain(this.decoded(start, end), row);
    [this.idStart, this.idEnd] = [start, end];
    this.p = end + 1;
  }

  override identifier(): string {
    return this.ids.identifier;
  }

  override encodeIdentifier(identifier: string): string {
    return JSON.stringify(identifier).slice(1, -1);
  }

  private decoded(start: number, end: number): string {
    const text = decodeIdentifier(this.bytes.subarray(start, end));
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch {
      throw this.malformed('the id is not a JSON string');
    }
  }

  /** The inner loop: nearly all bytes of a file pass here. */
  private assets(row: AccountRow): void {
    const { bytes, space, amount, names, seen } = this;
    if (bytes[this.p] !== OPEN) this.notText('ROW_AMOUNT_MALFORMED', 'assets must be an object');
    this.p++;
    if (this.skip() === CLOSE) {
      this.p++;
      return;
    }
    let p = this.p;
    for (;;) {
      if (bytes[p] !== QUOTE) this.unexpected(p, 'the name of a token');
      const start = ++p;
      let hash = 0;
      let c: number;
      while ((c = bytes[p]!) !== QUOTE && c >= 0x20 && c !== BACKSLASH) {
        hash = (Math.imul(hash, 31) + c) | 0;
        p++;
      }
      const index = c === QUOTE ? this.table.find(bytes, start, p, hash) : -1;
      if (index < 0) this.unknownToken(start - 1);
      const { token, side } = names[index]!;
      seen[index] = 1;
      row.see(index, token);
      p++;
      while (space[bytes[p]!] === 1) p++;
      if (bytes[p] !== COLON) this.unexpected(p, 'a colon');
      p++;
      while (space[bytes[p]!] === 1) p++;
      if (bytes[p] !== QUOTE) this.amountNotText(row, token, p);
      const text = p + 1;
      p = amount.read(bytes, text, 0);
      if (bytes[p] !== QUOTE || !amount.wellFormed) p = this.otherForm(row, token, text);
      if (side !== 'net' && amount.negative) this.negativeSide(row, token, index);
      row.take(token, amount, side === 'debt' || amount.negative);
      p++;
      while (space[bytes[p]!] === 1) p++;
      c = bytes[p]!;
      if (c === CLOSE) break;
      if (c !== COMMA) this.unexpected(p, 'a comma or }');
      p++;
      while (space[bytes[p]!] === 1) p++;
    }
    this.p = p + 1;
  }

  private unknownToken(start: number): never {
    this.p = start;
    const end = this.simpleText('the name of a token');
    throw this.tokens.refusal(printable(this.bytes, start + 1, end));
  }

  private negativeSide(row: AccountRow, token: number, index: number): never {
    throw row.refusal(
      'ROW_AMOUNT_MALFORMED',
      token,
      `must not be negative as ${JSON.stringify(this.names[index]!.name)}, which the configuration's columns read as equity or debt alone`,
    );
  }

  private amountNotText(row: AccountRow, token: number, p: number): never {
    this.p = p;
    this.notText(
      'ROW_AMOUNT_MALFORMED',
      row.refusal('ROW_AMOUNT_MALFORMED', token, 'must be a string: write the number in quotes').reason,
    );
  }

  /** An amount that is no plain integer: one with an exponent, or none. Returns the position of its closing quote. */
  private otherForm(row: AccountRow, token: number, start: number): number {
    let p = start;
    while (p < this.end && this.bytes[p] !== QUOTE && this.bytes[p] !== LF) p++;
    if (p === this.end) this.needMore('the file is cut off within an amount');
    const text = Buffer.from(this.bytes.subarray(start, Math.min(p, start + 4 * MAX_NUMBER_CHARACTERS)));
    const problem = this.amount.readText(text.toString('utf8'), 0);
    if (problem !== undefined) throw row.refusal('ROW_AMOUNT_MALFORMED', token, problem);
    if (this.bytes[p] !== QUOTE) this.unexpected(p, 'a closing quote');
    return p;
  }
}

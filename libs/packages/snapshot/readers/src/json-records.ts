import { RowRefusal, type AccountRow, type SnapshotConfig } from '@solvent-por/snapshot';
import { IdReader, MAX_ID_BYTES, decodeIdentifier } from './id-reader';
import { JsonAmounts } from './json-amounts';
import { LIST_HEAD_BYTES, noList } from './json-names';
import { CLOSE, COLON, COMMA, LF, OPEN, QUOTE, isName, printable } from './json-text';

const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const ID = Buffer.from('id');
const ASSETS = Buffer.from('assets');

type State = 'start' | 'first' | 'between' | 'lines' | 'done';

/**
 * OKX's `[{"id": "…", "assets": {"BTC": "-12", …}}, …]`, or NDJSON: the same records, one a line (empty lines
 * are skipped).
 *
 * Exactly this grammar and no other JSON: a record has `id` and `assets`, each once, in any order, and
 * nothing else; a token stands at most once in it; amounts are strings, of whole numbers of smallest units,
 * or objects of such: `{ "equity": "5", "debt": "1", "pools": { "margin": "3" } }`. Names and amounts need no
 * escapes, so a backslash in them is refused; in a plain identifier it is read as JSON has it. White space
 * may stand anywhere, in NDJSON without line breaks inside a record;
 * its last line ends in a line break too, unless the configuration says `allowUnterminated`. The closing ] is
 * what tells a whole list.
 */
export class JsonRecords extends JsonAmounts {
  private state: State;
  private readonly ids: IdReader;

  constructor(
    file: string,
    private readonly config: SnapshotConfig,
    lines: boolean,
  ) {
    super(file, config, lines ? ' \t\r' : ' \t\r\n');
    this.state = lines ? 'lines' : 'start';
    this.ids = new IdReader(config);
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

  /**
   * White space and brackets between records are passed for good, however much there is; a record only as a
   * whole.
   */
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
    this.finishRow(row);
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
}

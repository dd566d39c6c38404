import { type AccountRow, type InputName, type SnapshotConfig } from '@solvent-por/snapshot';
import { AmountReader } from './amount-reader';
import { JsonNames } from './json-names';
import { BACKSLASH, CLOSE, COLON, COMMA, JsonText, LF, OPEN, QUOTE, printable } from './json-text';
import { MAX_NUMBER_CHARACTERS } from './number-forms';
import type { ReadName } from './record-reader';
import { TokenTable } from './token-table';

/** The member `assets` of a record: amounts by token. */
export abstract class JsonAmounts extends JsonText {
  private readonly names: readonly InputName[];
  private readonly tokens: JsonNames;
  private readonly table: TokenTable;
  /** Names that occurred. */
  private readonly seen: Uint8Array;
  /** By token: the names of its pools. */
  private readonly pools: ReadonlyArray<readonly string[] | undefined>;
  private readonly amount = new AmountReader(false);

  protected constructor(file: string, config: SnapshotConfig, space: string) {
    super(file, space);
    this.tokens = new JsonNames(config);
    this.names = this.tokens.names;
    this.table = new TokenTable(this.names.map(({ name }) => name));
    this.seen = new Uint8Array(this.names.length);
    this.pools =
      config.mode === 'margin' ? config.assets.map(({ pools }) => pools?.map(({ name }) => name)) : [];
  }

  override namesRead(): readonly ReadName[] {
    return this.names.filter((_, index) => this.seen[index] === 1);
  }

  /** The inner loop: nearly all bytes of a file pass here. */
  protected assets(row: AccountRow): void {
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
      if (bytes[p] === QUOTE) {
        const text = p + 1;
        p = amount.read(bytes, text, 0);
        if (bytes[p] !== QUOTE || !amount.wellFormed) p = this.otherForm(row, token, text);
        if (side !== 'net' && amount.negative) this.negativeSide(row, token, index);
        row.take(token, amount, side === 'debt' || amount.negative);
        p++;
      } else if (bytes[p] === OPEN && side === 'net') {
        p = this.holding(row, token, p);
      } else this.amountNotText(row, token, p);
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

  /**
   * An amount that is no plain integer: one with an exponent, or none. Returns the position of its closing
   * quote.
   */
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

  /**
   * `{ "equity", "debt", "pools": { … } }`, each member at most once, one of the first two at least. Returns
   * the position after it.
   */
  private holding(row: AccountRow, token: number, start: number): number {
    const seen = new Set<string>();
    this.members(start, (name) => {
      if (seen.has(name))
        throw row.refusal('ROW_MEMBER_REPEATED', token, `has the member ${JSON.stringify(name)} twice`);
      seen.add(name);
      if (name === 'pools') this.poolsOf(row, token);
      else if (name === 'equity' || name === 'debt') {
        this.sidedAmount(row, token, name);
        row.take(token, this.amount, name === 'debt');
      } else
        throw row.refusal(
          'ROW_MEMBER_UNKNOWN',
          token,
          `has a member ${JSON.stringify(name)}: there are "equity", "debt" and "pools"`,
        );
    });
    if (!seen.has('equity') && !seen.has('debt'))
      throw row.refusal('ROW_AMOUNT_MALFORMED', token, 'needs "equity" or "debt"');
    return this.p;
  }

  private poolsOf(row: AccountRow, token: number): void {
    if (this.bytes[this.p] !== OPEN) this.notText('ROW_AMOUNT_MALFORMED', 'pools must be an object');
    const pools = this.pools[token];
    const seen = new Set<string>();
    this.members(this.p, (name) => {
      const pool = pools?.indexOf(name) ?? -1;
      if (pool < 0)
        throw row.refusal(
          'ROW_POOL_UNKNOWN',
          token,
          `has no pool ${JSON.stringify(name)} in the configuration (${pools ? pools.join(', ') : 'it has none at all'})`,
        );
      if (seen.has(name)) throw row.refusal('ROW_MEMBER_REPEATED', token, `has the pool ${name} twice`);
      seen.add(name);
      this.sidedAmount(row, token, name);
      row.takePool(token, pool, this.amount);
    });
  }

  /** The members of an object: `read` is called at each value, and moves past it. */
  private members(start: number, read: (name: string) => void): void {
    this.p = start + 1;
    let c = this.skip();
    if (c === CLOSE) this.p++;
    while (c !== CLOSE) {
      const end = this.simpleText('the name of a member');
      const name = printable(this.bytes, this.p + 1, end);
      this.p = end + 1;
      if (this.skip() !== COLON) this.unexpected(this.p, 'a colon');
      this.p++;
      this.skip();
      read(name);
      c = this.comma();
    }
  }

  /** An amount that cannot be negative; moves past it. */
  private sidedAmount(row: AccountRow, token: number, name: string): void {
    const { bytes, amount } = this;
    if (bytes[this.p] !== QUOTE) this.amountNotText(row, token, this.p);
    const text = this.p + 1;
    let p = amount.read(bytes, text, 0);
    if (bytes[p] !== QUOTE || !amount.wellFormed) p = this.otherForm(row, token, text);
    if (amount.negative)
      throw row.refusal('ROW_AMOUNT_MALFORMED', token, `must not be negative in ${JSON.stringify(name)}`);
    this.p = p + 1;
  }
}

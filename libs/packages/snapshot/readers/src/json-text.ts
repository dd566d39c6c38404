import { RowRefusal } from '@solvent-por/snapshot';
import { RecordReader } from './record-reader';

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;
export const COLON = 0x3a;
export const LF = 0x0a;

/** Longest name of a member or text of an amount, in bytes. */
const MAX_TEXT_BYTES = 64;

/** What every part of a JSON text is made of: white space, strings, and the commas between members. */
export abstract class JsonText extends RecordReader {
  /** Where parsing stands. */
  protected p = 0;
  /** By byte: 1 for white space. */
  protected readonly space = new Uint8Array(256);

  /** @param space what may stand between two tokens */
  protected constructor(file: string, space: string) {
    super(file);
    for (const c of space) this.space[c.charCodeAt(0)] = 1;
  }

  /**
   * A value of another type where a string or an object must stand: a refused row if it is JSON, malformed if
   * not.
   */
  protected notText(code: 'ROW_ID_MALFORMED' | 'ROW_AMOUNT_MALFORMED', reason: string): never {
    if (this.p >= this.end) this.needMore('the file is cut off within a record');
    if (!'"{[-0123456789tfn'.includes(String.fromCharCode(this.bytes[this.p]!)))
      this.unexpected(this.p, 'a value');
    throw new RowRefusal(code, reason);
  }

  /** At a text of printable ASCII without escapes: the position of its closing quote. */
  protected simpleText(what: string): number {
    if (this.bytes[this.p] !== QUOTE) this.unexpected(this.p, what);
    const end = this.textEnd(MAX_TEXT_BYTES, undefined, what);
    for (let p = this.p + 1; p < end; p++)
      if (this.bytes[p] === BACKSLASH) throw this.malformed(`${what} must not hold escape sequences`);
    return end;
  }

  /**
   * The closing quote of the string at p, at most `limit` bytes away; control characters are not allowed in
   * JSON strings.
   */
  protected textEnd(limit: number, code: 'ROW_ID_MALFORMED' | undefined, problem: string): number {
    for (let p = this.p + 1; ; p++) {
      let c = this.bytes[p]!;
      if (c === QUOTE) return p;
      if (c === BACKSLASH) c = this.bytes[++p]!;
      if (c < 0x20) this.unexpected(p, 'no control character in a string');
      if (p - this.p > limit)
        throw code === undefined
          ? this.malformed(`${problem} is longer than ${limit} bytes`)
          : new RowRefusal(code, problem);
    }
  }

  /**
   * After a member: moves past the comma to the next name, or past the closing bracket. Returns that byte.
   */
  protected comma(): number {
    const c = this.skip();
    if (c !== COMMA && c !== CLOSE) this.unexpected(this.p, 'a comma or }');
    this.p++;
    if (c === COMMA) this.skip();
    return c;
  }

  protected skip(): number {
    while (this.space[this.bytes[this.p]!] === 1) this.p++;
    return this.bytes[this.p]!;
  }
}

export function isName(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return false;
  return true;
}

/** For messages: a little ASCII, anything else as a question mark. */
export function printable(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.subarray(start, Math.min(end, start + 24))).toString('latin1');
  return text.replace(/[^\x20-\x7e]/g, '?') + (end - start > 24 ? '…' : '');
}

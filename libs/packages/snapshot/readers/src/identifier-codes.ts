import { createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { SolventError } from '@solvent-por/kzg';

/** Bytes of a code: 128 bits. */
const CODE_BYTES = 16;
/** Stands between an identifier and its code. */
const SEPARATOR = ':';
const JOINED = /:[0-9a-f]{32}$/;
const HEADER = 'identifier,code,account,key';
const LINE = /^(?:"((?:[^"]|"")*)"|([^",]*)),"?([0-9a-f]{32})"?(?:,.*)?$/;

/** An identifier with its code, as the account is called from now on and its user is told. */
export function joined(identifier: string, code: string): string {
  return `${identifier}${SEPARATOR}${code}`;
}

/** Whether an identifier has a code at its end already. */
export function isJoined(identifier: string): boolean {
  return JOINED.test(identifier);
}

/** A line of the list of codes. */
export function codeLine(identifier: string, code: string, key: string): string {
  return `${cell(identifier)},${code},${cell(joined(identifier, code))},${key}\r\n`;
}

export function codesHeader(): string {
  return `${HEADER}\r\n`;
}

/**
 * Secret codes of identifiers: those of an earlier list, or HMAC-SHA-256 under a key of the operator's, so
 * that a month later they are the same.
 */
export class IdentifierCodes {
  /** Codes of the list that are not what the key gives: with the same key as ever, none. */
  private readonly other = new Map<string, string>();

  /** @param key 32 bytes (section 12) */
  constructor(private readonly key: Uint8Array) {}

  /** 32 hex digits. */
  of(identifier: string): string {
    return this.other.get(identifier) ?? this.derived(identifier);
  }

  /** How many codes come from the list alone. */
  get kept(): number {
    return this.other.size;
  }

  /**
   * Takes the codes of a list that was written before.
   * @throws SolventError CODES_UNREADABLE (kind usage), CODES_MALFORMED (kind malformed)
   */
  async read(file: string): Promise<void> {
    let number = 0;
    const malformed = (problem: string) =>
      new SolventError('CODES_MALFORMED', 'malformed', `${file}, line ${number}: ${problem}`, {
        file,
        line: number,
      });
    try {
      for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
        number++;
        const text = number === 1 ? line.replace(/^\ufeff/, '') : line;
        if (number === 1 && !/^"?identifier"?,"?code"?(?:,|$)/.test(text))
          throw malformed(
            'should begin with "identifier,code": give the codes.csv of an earlier `solvent ids`',
          );
        if (number > 1 && text !== '') this.take(text, malformed);
      }
    } catch (error) {
      if (error instanceof SolventError) throw error;
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      throw new SolventError('CODES_UNREADABLE', 'usage', `cannot read the list of codes ${file} (${code})`);
    }
    if (number === 0)
      throw malformed('the list of codes is empty: give the codes.csv of an earlier `solvent ids`');
  }

  private take(line: string, malformed: (problem: string) => Error): void {
    const match = LINE.exec(line);
    if (!match)
      throw malformed('is not an identifier and a code of 32 hex digits: restore the file from a copy');
    const [, quoted, plain, code] = match;
    const identifier = (quoted?.replaceAll('""', '"') ?? plain!).normalize('NFC');
    const known = this.other.get(identifier);
    if (known !== undefined && known !== code)
      throw malformed('gives an identifier another code than a line before: remove one of them');
    if (code !== this.derived(identifier)) this.other.set(identifier, code!);
  }

  private derived(identifier: string): string {
    return createHmac('sha256', this.key)
      .update('solvent/v1/code')
      .update(identifier, 'utf8')
      .digest()
      .subarray(0, CODE_BYTES)
      .toString('hex');
  }
}

function cell(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

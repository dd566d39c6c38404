import { asciiUpper } from '@solvent-por/kzg';
import { idName, type SnapshotConfig } from '@solvent-por/snapshot';
import { headersBeside, looksLikeAccount, sameButBlanks } from './csv-names';
import type { InputCode } from './input-error';

const LF = 0x0a;
const QUOTE = 0x22;

/** What divides cells, the usual one first, and how it is called. */
const DELIMITERS: ReadonlyArray<readonly [string, string]> = [
  [',', 'commas'],
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
];

/** A line break of old Macintoshes. */
const LONE_CR = /\r(?!\n)/;

/** So many bytes are looked at before a file is called one without a header. */
export const HEADER_SEARCH_BYTES = 1 << 16;

/** A line of the file, a line break within quotes being none. */
export interface HeaderLine {
  readonly text: string;
  /** After its line break. */
  readonly next: number;
  /** Whether a line break ends it. */
  readonly terminated: boolean;
  /** Whether it ends within quotes. */
  readonly open: boolean;
}

export function headerLineAt(bytes: Uint8Array, at: number, end: number): HeaderLine {
  let open = false;
  let p = at;
  for (; p < end && (open || bytes[p] !== LF); p++) if (bytes[p] === QUOTE) open = !open;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, p - at).toString('utf8');
  const terminated = p < end;
  return { text: text.replace(/\r$/, ''), next: terminated ? p + 1 : p, terminated, open };
}

/** The delimiter that a first line `sep=;` names, as spreadsheets write it. */
export function namedDelimiter(line: string): string | undefined {
  return /^"?sep=([\t !#$%&*,/:;<=>?@\\^_`|~])"?[,;\t|]*$/i.exec(line)?.[1];
}

export interface CsvHeader {
  readonly names: readonly string[];
  readonly delimiter: string;
}

/**
 * The cells of a header line, by the delimiter that makes one of them the accounts' column.
 * @param named the only delimiter to be tried
 */
export function splitHeader(line: string, config: SnapshotConfig, named?: string): CsvHeader | undefined {
  if (LONE_CR.test(line)) return undefined;
  const id = idName(config);
  for (const [delimiter] of named === undefined ? DELIMITERS : [[named]]) {
    const names = splitLine(line, delimiter!);
    if (names?.some((name) => asciiUpper(name) === id)) return { names, delimiter: delimiter! };
  }
  return undefined;
}

/** How a delimiter is called in a message. */
export function delimiterName(delimiter: string): string {
  return DELIMITERS.find(([one]) => one === delimiter)?.[1] ?? JSON.stringify(delimiter);
}

export interface HeaderProblem {
  readonly code: InputCode;
  readonly reason: string;
  readonly column?: string;
}

/**
 * Why a CSV file's first line is no header.
 * @param following the text after it, as far as it was read
 */
export function headerProblem(line: string, following: string, config: SnapshotConfig): HeaderProblem {
  if (/^\s*[[{]/.test(line))
    return {
      code: 'INPUT_FORMAT',
      reason: 'holds JSON: call it .json if it is one list, .ndjson if it is one record a line',
    };
  if (LONE_CR.test(line))
    return { code: 'INPUT_FORMAT', reason: 'has line breaks of CR alone: save it with LF or CRLF' };
  if (/[\0-\x08\x0e-\x1f]|\ufffd/.test(line))
    return {
      code: 'INPUT_FORMAT',
      reason: 'is no text in UTF-8: save it as "CSV UTF-8", or give the file that is meant',
    };
  const late = laterHeader(following, config);
  if (late > 0)
    return {
      code: 'CSV_PREAMBLE',
      reason:
        `${late === 1 ? 'a line stands' : `${late} lines stand`} above the header${/^\s*(?:#|\/\/|--)/.test(line) ? ' (a comment)' : ''}: ` +
        `remove what is above it (\`tail -n +${late + 1} FILE\` does, counted from this line)`,
    };
  const cells = bestSplit(line);
  if (looksLikeAccount(cells))
    return {
      code: 'CSV_HEADER_MISSING',
      reason: `there is no header, for the first line looks like an account (${cells.length === 1 ? 'one cell' : `${cells.length} cells`}): write the columns' names above it. ${headersBeside([], config)}`,
    };
  const id = idName(config);
  return {
    code: 'CSV_COLUMN_MISSING',
    column: id,
    reason:
      `the column ${id}, which holds the accounts' ids, is missing${sameButBlanks(id, cells)}. ${headersBeside(cells, config)}. ` +
      'If another column holds the ids, name it in the configuration: "idColumn": "NAME"',
  };
}

/** How many lines after the first one the header stands; 0 where there is none. */
function laterHeader(following: string, config: SnapshotConfig): number {
  const lines = following.split('\n').slice(0, 100);
  return 1 + lines.findIndex((line) => (splitHeader(line.replace(/\r$/, ''), config)?.names.length ?? 0) > 1);
}

/** The cells by whichever delimiter gives the most. */
function bestSplit(line: string): readonly string[] {
  const splits = DELIMITERS.map(([delimiter]) => splitLine(line, delimiter) ?? [line]);
  return splits.reduce((best, one) => (one.length > best.length ? one : best));
}

/** Cells of one line as RFC 4180 has them; undefined where quotes stand otherwise. */
export function splitLine(line: string, delimiter: string): string[] | undefined {
  const cells: string[] = [];
  for (let p = 0; ; p++) {
    if (line[p] === '"') {
      const cell = /"((?:[^"]|"")*)"/y;
      cell.lastIndex = p;
      const found = cell.exec(line);
      if (!found) return undefined;
      cells.push(found[1]!.replaceAll('""', '"'));
      p = cell.lastIndex;
    } else {
      const end = line.indexOf(delimiter, p);
      const cell = line.slice(p, end < 0 ? line.length : end);
      if (cell.includes('"')) return undefined;
      cells.push(cell);
      p += cell.length;
    }
    if (p === line.length) return cells;
    if (line[p] !== delimiter) return undefined;
  }
}

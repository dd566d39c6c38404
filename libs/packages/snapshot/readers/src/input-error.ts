import { SolventError } from '@solvent-por/kzg';
import type { RowCode, RowRefusal } from '@solvent-por/snapshot';

/**
 * Why an input is refused, apart from its rows' RowCode.
 *
 * | code | kind | |
 * |---|---|---|
 * | INPUT_EMPTY | invalid | a file without accounts, or without a byte, or a directory without balance files |
 * | INPUT_TOO_LARGE | invalid | more accounts than 65,536 batches hold |
 * | INPUT_TRUNCATED | malformed | JSON, a quoted cell or gzip is cut off; a last line of CSV or NDJSON without a line break (unless `allowUnterminated`) |
 * | INPUT_FORMAT | malformed | recognised as another kind of file: a workbook, zstd, HTML … |
 * | INPUT_MALFORMED | malformed | not JSON, not `[{id, assets}]`, not CSV, not gzip, a record of more than 1 MiB |
 * | INPUT_CHANGED | invalid | the files are not those that were checked before |
 * | INPUT_FILE_UNKNOWN | usage | a name that ends in none of the known ways, or a hidden one that looks like a balance file |
 * | INPUT_UNREADABLE | usage | missing, or no permission |
 * | CSV_HEADER_MISSING | invalid | the first line holds an account |
 * | CSV_PREAMBLE | invalid | lines stand above the header |
 * | CSV_COLUMN_AMBIGUOUS | invalid | a token's own column beside one that is read as its equity |
 * | CSV_COLUMN_MISSING, CSV_COLUMN_REPEATED, CSV_COLUMN_UNKNOWN | invalid | |
 */
export type InputCode =
  | 'INPUT_EMPTY'
  | 'INPUT_TOO_LARGE'
  | 'INPUT_TRUNCATED'
  | 'INPUT_MALFORMED'
  | 'INPUT_FORMAT'
  | 'INPUT_CHANGED'
  | 'INPUT_FILE_UNKNOWN'
  | 'INPUT_UNREADABLE'
  | 'CSV_HEADER_MISSING'
  | 'CSV_PREAMBLE'
  | 'CSV_COLUMN_MISSING'
  | 'CSV_COLUMN_REPEATED'
  | 'CSV_COLUMN_UNKNOWN'
  | 'CSV_COLUMN_AMBIGUOUS';

/** Where a reader is. */
export interface Place {
  readonly file: string;
  /** Counts the records of a file from 1; what stands before the first one is row 0. */
  readonly row: number;
  /**
   * Byte of the content, decompressed and in UTF-8, where the record or the fault begins; `locate` makes a
   * line of it.
   */
  readonly byte?: number;
}

/**
 * A refused row, with its place and the beginning of its key (never the whole: it is what balances are looked
 * up by).
 */
export function rowError(
  refusal: RowRefusal,
  place: Place,
  key?: Uint8Array,
  details: Readonly<Record<string, string | number>> = {},
): SolventError<RowCode> {
  return new SolventError(refusal.code, 'invalid', `${placeText(place)}: ${refusal.reason}`, {
    ...place,
    reason: refusal.reason,
    ...(refusal.token === undefined ? {} : { token: refusal.token }),
    ...(key === undefined ? {} : { account: shortKey(key) }),
    ...details,
  });
}

/** A fault of form in a file. */
export function malformedInput(
  code: 'INPUT_TRUNCATED' | 'INPUT_MALFORMED',
  place: Place,
  reason: string,
  details: Readonly<Record<string, string | number>> = {},
): SolventError<InputCode> {
  return new SolventError(code, 'malformed', `${placeText(place)}: ${reason}`, {
    ...place,
    reason,
    ...details,
  });
}

/** @param line of the file, from 1, where it is known */
export function placeText({ file, row }: Place, line?: number): string {
  if (line === undefined) return row === 0 ? file : `${file}, row ${row}`;
  return `${file}, line ${line}${row === 0 ? '' : ` (row ${row})`}`;
}

/** The first 8 hex digits of an account key, as people compare them. */
export function shortKey(key: Uint8Array): string {
  return `0x${Buffer.from(key.buffer, key.byteOffset, 4).toString('hex')}…`;
}

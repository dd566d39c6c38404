import { SolventError } from '@solvent/algebra';
import type { RowCode, RowRefusal } from '@solvent/snapshot';

/**
 * Why an input is refused, apart from its rows' RowCode.
 *
 * | code | kind | |
 * |---|---|---|
 * | INPUT_EMPTY | invalid | a file, or a directory, without accounts |
 * | INPUT_TOO_LARGE | invalid | more accounts than 65,536 batches hold |
 * | INPUT_TRUNCATED | malformed | JSON, a quoted cell or gzip is cut off |
 * | INPUT_MALFORMED | malformed | not JSON, not `[{id, assets}]`, not CSV, not gzip, a record of more than 1 MiB |
 * | INPUT_CHANGED | invalid | the files are not those that were checked before |
 * | INPUT_FILE_UNKNOWN | usage | a name that ends in none of the known ways |
 * | INPUT_UNREADABLE | usage | missing, or no permission |
 * | CSV_COLUMN_MISSING, CSV_COLUMN_REPEATED, CSV_COLUMN_UNKNOWN | invalid | |
 */
export type InputCode =
  | 'INPUT_EMPTY'
  | 'INPUT_TOO_LARGE'
  | 'INPUT_TRUNCATED'
  | 'INPUT_MALFORMED'
  | 'INPUT_CHANGED'
  | 'INPUT_FILE_UNKNOWN'
  | 'INPUT_UNREADABLE'
  | 'CSV_COLUMN_MISSING'
  | 'CSV_COLUMN_REPEATED'
  | 'CSV_COLUMN_UNKNOWN';

/** Where a reader is: `row` counts the records of a file from 1; the header line of a CSV file is row 0. */
export interface Place {
  readonly file: string;
  readonly row: number;
}

/** A refused row, with its place and the beginning of its id (never the whole: an id is what balances are looked up by). */
export function rowError(
  refusal: RowRefusal,
  { file, row }: Place,
  id?: Uint8Array,
  details: Readonly<Record<string, string | number>> = {},
): SolventError<RowCode> {
  return new SolventError(refusal.code, 'invalid', `${file}, row ${row}: ${refusal.reason}`, {
    file,
    row,
    reason: refusal.reason,
    ...(refusal.token === undefined ? {} : { token: refusal.token }),
    ...(id === undefined ? {} : { account: shortId(id) }),
    ...details,
  });
}

/** A fault of form in a file. */
export function malformedInput(
  code: 'INPUT_TRUNCATED' | 'INPUT_MALFORMED',
  { file, row }: Place,
  reason: string,
  details: Readonly<Record<string, string | number>> = {},
): SolventError<InputCode> {
  return new SolventError(code, 'malformed', `${file}, row ${row}: ${reason}`, {
    file,
    row,
    reason,
    ...details,
  });
}

/** The first 8 hex digits of an id, as people compare them. */
export function shortId(id: Uint8Array): string {
  return `0x${Buffer.from(id.buffer, id.byteOffset, 4).toString('hex')}…`;
}

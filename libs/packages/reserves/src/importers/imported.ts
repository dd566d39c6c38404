import type { Class } from '../documents/reserves';

/** A line of reserve-addresses.ndjson, yet to be sorted in. */
export interface ImportedLine {
  readonly network: string;
  readonly asset: string;
  readonly token?: string;
  readonly address: string;
  readonly amount: string;
  readonly class: Class;
  /** Over a legacy text: `message` is an index of the importer's messages. */
  readonly ownership?: Readonly<Record<string, unknown>>;
}

/** What came of a row. */
export interface ImportedRow {
  /** Its line in the file, from 1; of a file without lines its place. */
  readonly row: number;
  readonly verdict: 'right' | 'wrong' | 'malformed' | 'unchecked' | 'unsupported';
  readonly code?: string;
  readonly reason?: string;
  /** Absent where the row is refused, or stands for nothing of section 6. */
  readonly line?: ImportedLine;
  /** Of the coin or token on its network. */
  readonly decimals?: number;
}

/** Reads a file row by row. */
export interface RowImporter {
  /** Texts that evidence is over, in the order in which they came. */
  readonly messages: readonly string[];
  /** @returns undefined where the row is none: a header, a total, nothing */
  row(text: string): ImportedRow | undefined;
  /** After the last one. @throws SolventError FILE_MALFORMED (kind malformed) */
  finish(): void;
}

export type Format = 'json' | 'ndjson' | 'csv';

export interface SourceFile {
  /** Without its folders: what error messages and the source digest name. */
  readonly name: string;
  readonly path: string;
  /** Bytes on disk. */
  readonly size: number;
  readonly format: Format;
  /** Whether it is called .gz. */
  readonly gzip: boolean;
}

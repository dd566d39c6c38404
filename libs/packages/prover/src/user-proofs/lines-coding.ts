import * as zlib from 'node:zlib';
import { SolventError } from '@solvent-por/kzg';

/** How a file of lines is compressed. */
export type LinesCoding = 'none' | 'gzip' | 'zstd';

/**
 * Names that promise a form which is not written: plain text under them would be taken for a damaged archive.
 */
const OTHER_FORMS = /\.(?:zip|7z|rar|tar|tgz|bz2|xz|lzma|lz4|br|gzip|zstd)$/i;

/**
 * By the file's name: `.gz` is gzip, `.zst` zstd.
 * @throws SolventError FORMAT_UNSUPPORTED (usage): this Node has no zstd, or nothing is written in such a
 * form
 */
export function linesCoding(file: string): LinesCoding {
  if (/\.gz$/i.test(file)) return 'gzip';
  const [other] = OTHER_FORMS.exec(file) ?? [];
  if (other !== undefined)
    throw new SolventError(
      'FORMAT_UNSUPPORTED',
      'usage',
      `nothing is written as ${other}: name the file .ndjson, or .ndjson.gz or .ndjson.zst, which compress it`,
    );
  if (!/\.zst$/i.test(file)) return 'none';
  if (!('zstdCompressSync' in zlib))
    throw new SolventError(
      'FORMAT_UNSUPPORTED',
      'usage',
      `zstd needs Node.js 22.15 or newer, this is ${process.version}: name the file .gz, or run a newer Node.js`,
    );
  return 'zstd';
}

import * as zlib from 'node:zlib';
import { SolventError } from '@solvent-por/kzg';

/** How a file of lines is compressed. */
export type LinesCoding = 'none' | 'gzip' | 'zstd';

/** By the file's name: `.gz` is gzip, `.zst` zstd. @throws SolventError FORMAT_UNSUPPORTED (usage): this Node has no zstd */
export function linesCoding(file: string): LinesCoding {
  if (/\.gz$/i.test(file)) return 'gzip';
  if (!/\.zst$/i.test(file)) return 'none';
  if (!('zstdCompressSync' in zlib))
    throw new SolventError(
      'FORMAT_UNSUPPORTED',
      'usage',
      `zstd needs Node.js 22.15 or newer, this is ${process.version}: name the file .gz, or run a newer Node.js`,
    );
  return 'zstd';
}

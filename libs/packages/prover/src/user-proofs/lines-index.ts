import { basename } from 'node:path';
import { fromHex, utf8 } from '@solvent-por/kzg';
import { writeAtomic } from '@solvent-por/snapshot/files';
import { canonicalJson, DocumentReader, parseCanonical } from '@solvent-por/verifier';

/** How the name of the index ends that lies beside a file of lines: `everybody.ndjson.gz.index.json`. */
export const LINES_INDEX = '.index.json';
const VERSION = 'solvent/v1';
/** Longest index. */
export const MAX_LINES_INDEX_BYTES = 4096;

/** What a file of lines holds, a document of one account each. */
export interface LinesIndex {
  /** The manifest's digest: 0x and 64 hex digits. */
  readonly manifest: string;
  /** Lines there are. */
  readonly count: number;
  /** Of the file, which lies beside the index. */
  readonly name: string;
  /** SHA-256 of the file as it lies there, compressed or not: 0x and 64 hex digits. */
  readonly sha256: string;
}

const read = new DocumentReader('INDEX_MALFORMED');

/** Where the index of a file of lines lies. */
export function linesIndexOf(file: string): string {
  return `${file}${LINES_INDEX}`;
}

export async function writeLinesIndex(file: string, index: LinesIndex, mode: number): Promise<void> {
  await writeAtomic(file, utf8(canonicalJson({ protocol: VERSION, ...index })), mode);
}

/**
 * @param bytes of the index, or its first ones where it is too long
 * @throws SolventError INDEX_MALFORMED | DOCUMENT_* (malformed)
 */
export function readLinesIndex(bytes: Uint8Array): LinesIndex {
  const index = read.object(
    parseCanonical(bytes, MAX_LINES_INDEX_BYTES, 'index of a file of lines'),
    'index',
    ['protocol', 'manifest', 'count', 'name', 'sha256'],
  );
  if (index.protocol !== VERSION) read.fail('index.protocol', `must be "${VERSION}"`);
  const { name } = index;
  // Nothing outside of the folder.
  if (typeof name !== 'string' || name === '' || name !== basename(name) || /[\\\0]|^\.{1,2}$/.test(name))
    return read.fail('index.name', 'must be the name of a file beside it');
  return {
    manifest: digest(index.manifest, 'manifest'),
    count: read.integer(index.count, 'index.count', 1, 2 ** 28),
    name,
    sha256: digest(index.sha256, 'sha256'),
  };
}

function digest(value: unknown, member: string): string {
  if (typeof value === 'string' && fromHex(value, 32)) return value;
  return read.fail(`index.${member}`, 'must be 0x and 64 hex digits');
}

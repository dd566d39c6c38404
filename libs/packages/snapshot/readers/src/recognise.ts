/** So many bytes of a file tell what it is. */
export const HEAD_BYTES = 4096;

/** How text is written, apart from UTF-8. */
export type WideEncoding = 'utf-16le' | 'utf-16be';

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * UTF-16 by its byte order mark or, without one, by ASCII characters at the start, each beside a zero byte.
 */
export function wideEncodingOf(head: Uint8Array): WideEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const units = Math.min(head.length >> 1, 16);
  if (units < 2) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < 2 * units; i++) if (head[i] === 0) zeros[i & 1]!++;
  if (zeros[0] === 0 && zeros[1] === units) return 'utf-16le';
  return zeros[1] === 0 && zeros[0] === units ? 'utf-16be' : undefined;
}

const EXCEL = 'is an Excel workbook: save its sheet as "CSV UTF-8" and give that file';
const COMPRESSED = 'which is not read: decompress it first, or compress it with gzip instead';

/** Said of what is gzip after it was decompressed. */
export const GZIP_TWICE = 'is gzip within gzip: decompress it once (gunzip)';

/** First bytes, in Latin-1. */
const SIGNATURES: ReadonlyArray<readonly [RegExp, string]> = [
  [/^PK\x03\x04[^]*(?:\[Content_Types\]\.xml|xl\/)/, EXCEL],
  [/^PK\x03\x04[^]*opendocument/, 'is an OpenDocument sheet: save it as CSV in UTF-8 and give that file'],
  [/^PK(?:\x03\x04|\x05\x06)/, 'is a zip archive: unpack it'],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, EXCEL],
  [/^(?:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)/, `is compressed with zstd, ${COMPRESSED} (zstd -d FILE)`],
  [/^BZh[1-9]1AY&SY/, `is compressed with bzip2, ${COMPRESSED} (bunzip2 FILE)`],
  [/^\xfd7zXZ\0/, `is compressed with xz, ${COMPRESSED} (unxz FILE)`],
  [/^\x04\x22\x4d\x18/, `is compressed with lz4, ${COMPRESSED} (unlz4 FILE)`],
  [/^7z\xbc\xaf\x27\x1c/, 'is a 7z archive: unpack it'],
  [/^[^]{257}ustar[\0 ]/, 'is a tar archive: unpack it'],
  [/^PAR1(?![ -~])/, 'is a Parquet file: write it as CSV or NDJSON, amounts as text'],
  [/^ORC(?![ -~])/, 'is an ORC file: write it as CSV or NDJSON, amounts as text'],
  [/^Obj\x01/, 'is an Avro file: write it as CSV or NDJSON, amounts as text'],
  [/^SQLite format 3\0/, 'is an SQLite database: write its table as CSV'],
  [/^%PDF-/, 'is a PDF: write the table as CSV'],
  [/^(?:\xff\xfe\0\0|\0\0\xfe\xff)/, 'is text in UTF-32: save it as UTF-8'],
  [/^\0\x05\x16[\x00\x07]/, 'holds properties that macOS keeps beside another file: remove it'],
  [/^crc\0/, 'holds checksums that Hadoop keeps beside another file: remove it'],
  [/^version https:\/\/git-lfs/, 'is a pointer of Git LFS to the file that is meant: fetch that (git lfs pull)'],
  [/^-----BEGIN /, 'is encrypted or signed: decrypt it first'],
  [/^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|!--)/i, 'is a web page (HTML), perhaps of an error or a login: download the file itself'],
  [/^(?:\xef\xbb\xbf)?\s*</, 'is XML or HTML: write it as CSV or NDJSON'],
]; // prettier-ignore

/** Files that systems keep beside others. */
const COMPANION = /^(?:\0\x05\x16[\x00\x07]|crc\0)/;

/**
 * What a file is that cannot be a balance file, and what to do about it; said after its name.
 * @param head its first HEAD_BYTES bytes, or all of a shorter one
 */
export function foreignContent(head: Uint8Array): string | undefined {
  const text = latin1(head);
  return SIGNATURES.find(([signature]) => signature.test(text))?.[1];
}

/**
 * Whether a file is known to hold no balances whatever its name, for a system wrote it beside another file.
 */
export function isCompanion(head: Uint8Array): boolean {
  return COMPANION.test(latin1(head));
}

function latin1(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES)).toString('latin1');
}

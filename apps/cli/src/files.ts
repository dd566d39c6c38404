import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, SolventError, utf8 } from '@solvent-por/kzg';
import { readAtMost } from '@solvent-por/snapshot/files';
import {
  canonicalJson,
  explainDocument,
  MAX_INCLUSION_BYTES,
  MAX_MANIFEST_BYTES,
  parseInclusion,
  parseManifest,
  type Inclusion,
  type Manifest,
} from '@solvent-por/verifier';
import { OUTPUT } from '@solvent-por/prover';
import { printable } from './format';
import { firstDocument } from './loose-documents';

const LF = 10;

/** @throws SolventError FILE_UNREADABLE (kind usage) */
export async function openFile(file: string): Promise<FileHandle> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(
      file,
      error.code === 'ENOENT' ? 'there is no such file' : (error.code ?? 'unknown error'),
    );
  });
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    const inside = [OUTPUT.globalProof, OUTPUT.manifest].find((name) => existsSync(join(file, name)));
    throw unreadable(
      file,
      inside
        ? `it is a folder; did you mean ${printable(join(file, inside))}?`
        : 'it is a folder: name a file in it',
    );
  }
  return handle;
}

/**
 * The bytes of a small file, or its first maxBytes + 1 (so that whoever parses them sees that it is too
 * long).
 * @throws FILE_UNREADABLE
 */
export async function readBounded(file: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await openFile(file);
  try {
    return await readAtMost(handle, maxBytes);
  } finally {
    await handle.close();
  }
}

/** A whole file in pieces. @throws FILE_UNREADABLE at the first piece */
export async function* readPieces(file: string): AsyncGenerator<Uint8Array> {
  const handle = await openFile(file);
  try {
    yield* handle.createReadStream({ highWaterMark: 1 << 18, autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await handle.close();
  }
}

/** A manifest and what it was read from. */
export interface ReadManifest {
  readonly manifest: Manifest;
  /** `global-proof`: the first line of a longer file; the proofs in it were not read. */
  readonly source: 'manifest' | 'global-proof';
}

/**
 * Reads a manifest.json, or the first line of a global-proof.ndjson.
 * @throws SolventError FILE_UNREADABLE (kind usage); MANIFEST_MALFORMED, HEADER_MALFORMED, DOCUMENT_* (kind
 *   malformed)
 */
export async function readManifest(file: string): Promise<ReadManifest> {
  const bytes = await readBounded(file, MAX_MANIFEST_BYTES + 1);
  const end = bytes.indexOf(LF);
  // A line feed at the very end of the file is neither a manifest (which has none) nor a global proof with a
  // proof in it.
  const isLine = end >= 0 && end < bytes.length - 1;
  try {
    return {
      manifest: about(file, () => parseManifest(isLine ? bytes.subarray(0, end) : bytes)),
      source: isLine ? 'global-proof' : 'manifest',
    };
  } catch (error) {
    return explainWhole(file, 'manifest', error);
  }
}

/**
 * Reads an inclusion proof.
 * @throws SolventError FILE_UNREADABLE (usage); INCLUSION_MALFORMED, DOCUMENT_* (malformed)
 */
export async function readInclusion(file: string): Promise<Inclusion> {
  const bytes = await readBounded(file, MAX_INCLUSION_BYTES);
  try {
    return parseInclusion(bytes);
  } catch (error) {
    // Otherwise the whole file was looked at.
    if (bytes.length <= MAX_INCLUSION_BYTES) throw error;
    return explainWhole(file, 'inclusion proof', error);
  }
}

/** Indented by an editor, a document is longer than it may be. */
const MOST_EXPLAINED_BYTES = 4 * 1024 * 1024;
const FORM = [
  'DOCUMENT_MALFORMED',
  'DOCUMENT_NOT_CANONICAL',
  'DOCUMENT_TOO_LARGE',
  'LINE_TOO_LONG',
  'FILE_CUT_OFF',
];

/**
 * Where the first line, or too short a start, of a file could not be read: says what the first JSON document
 * in it is, if it has one; else, and where that is as it should be, passes the error on.
 * @param what `manifest`, `inclusion proof` or `global proof`
 * @param error what reading it threw
 */
export async function explainWhole(file: string, what: string, error: unknown): Promise<never> {
  if (!(error instanceof SolventError) || !FORM.includes(error.code)) throw error;
  const bytes = await readBounded(file, MOST_EXPLAINED_BYTES);
  const { text, more } = firstDocument(bytes);
  try {
    JSON.parse(text);
  } catch {
    throw error;
  }
  const whole = !more && bytes.length <= MOST_EXPLAINED_BYTES;
  const first = utf8(text);
  // What is wrong is further on.
  if (
    (!whole || error.code === 'FILE_CUT_OFF') &&
    equalBytes(bytes.subarray(0, first.length + 1), utf8(`${text}\n`)) &&
    isPublished(first, what)
  )
    throw error;
  throw new SolventError(
    'DOCUMENT_NOT_CANONICAL',
    'malformed',
    `${printable(file)}: the ${what} ${explainDocument(whole ? bytes : first, what, readerOf(what))}`,
    { file },
  );
}

function isPublished(bytes: Uint8Array, what: string): boolean {
  try {
    (what === 'inclusion proof' ? parseInclusion : parseManifest)(bytes);
    return true;
  } catch {
    return false;
  }
}

function readerOf(what: string): (value: unknown) => unknown {
  return what === 'inclusion proof' ? (value) => parseInclusion(utf8(canonicalJson(value))) : parseManifest;
}

/** Adds the file's name to what is wrong with its content. */
export function about<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { code, kind, message, details } = error;
    throw new SolventError(code, kind, `${printable(file)}: ${message}`, { ...details, file });
  }
}

function unreadable(file: string, reason: string): SolventError<'FILE_UNREADABLE'> {
  return new SolventError('FILE_UNREADABLE', 'usage', `cannot read ${printable(file)}: ${reason}`, {
    file,
    reason,
  });
}

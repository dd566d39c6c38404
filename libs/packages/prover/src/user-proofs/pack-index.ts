import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, SolventError, utf8 } from '@solvent-por/kzg';
import { writeAtomic } from '@solvent-por/snapshot/files';
import { canonicalJson, DocumentReader, parseCanonical, splitLines } from '@solvent-por/verifier';
import { isProofPath, MAX_LEVELS } from './names';

/** What lies beside proofs that were made together, and says which they are. */
export const PACK_INDEX = 'index.ndjson';
const VERSION = 'solvent/v1';
/** A line is far shorter: a path of four names and a digest. */
const MAX_LINE_BYTES = 1024;

/** What an index says of the whole: its first line. */
export interface PackHead {
  /** The manifest's digest: 0x and 64 hex digits. */
  readonly manifest: string;
  /** Proofs there are. */
  readonly count: number;
  /** How deep folders lie in each other. */
  readonly levels: number;
}

/** One file; each further line of an index. */
export interface PackEntry {
  /** Below the index's folder, with `/` between names. */
  readonly name: string;
  /** SHA-256 of the file: 0x and 64 hex digits. */
  readonly sha256: string;
}

const read = new DocumentReader('INDEX_MALFORMED');

/** A line of an index, its end included: canonical, as nothing in it needs escaping. */
export function packLine({ name, sha256 }: PackEntry): string {
  return `{"name":"${name}","sha256":"${sha256}"}\n`;
}

/** Writes an index whole, in constant memory. @param lines of its entries, each with its line end */
export async function writePackIndex(
  file: string,
  head: PackHead,
  lines: AsyncIterable<Uint8Array>,
  mode: number,
): Promise<void> {
  async function* content() {
    yield utf8(`${canonicalJson({ protocol: VERSION, ...head })}\n`);
    yield* lines;
  }
  await writeAtomic(file, content(), mode);
}

/**
 * The index of a folder, open for reading its entries; undefined where there is none.
 * @throws SolventError INDEX_MALFORMED (malformed)
 */
export async function readPackHead(folder: string): Promise<PackHead | undefined> {
  const file = join(folder, PACK_INDEX);
  if (!existsSync(file)) return undefined;
  for await (const line of lines(file)) return parseHead(line);
  return read.fail(PACK_INDEX, 'is empty: make the pack again, or remove the index');
}

/** All entries of a folder's index, one after the other. @throws SolventError INDEX_MALFORMED (malformed) */
export async function* readPackEntries(folder: string): AsyncGenerator<PackEntry> {
  let first = true;
  for await (const line of lines(join(folder, PACK_INDEX))) {
    if (!first) yield parseEntry(line);
    first = false;
  }
}

/** The entries in lines of an index, without its head. @throws SolventError INDEX_MALFORMED (malformed) */
export async function* packEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<PackEntry> {
  for await (const line of splitLines(source, () => MAX_LINE_BYTES)) yield parseEntry(line);
}

function lines(file: string): AsyncGenerator<Uint8Array> {
  return splitLines(createReadStream(file) as AsyncIterable<Uint8Array>, () => MAX_LINE_BYTES);
}

function parseHead(line: Uint8Array): PackHead {
  const head = parsed(line, ['protocol', 'manifest', 'count', 'levels']);
  if (head.protocol !== VERSION) read.fail(`${PACK_INDEX}.protocol`, `must be "${VERSION}"`);
  return {
    manifest: digest(head.manifest, 'manifest'),
    count: read.integer(head.count, `${PACK_INDEX}.count`, 0, 2 ** 28),
    levels: read.integer(head.levels, `${PACK_INDEX}.levels`, 0, MAX_LEVELS),
  };
}

function parseEntry(line: Uint8Array): PackEntry {
  const { name, sha256 } = parsed(line, ['name', 'sha256']);
  // Nothing outside of the folder.
  if (typeof name !== 'string' || !isProofPath(name))
    return read.fail(`${PACK_INDEX}.name`, 'must be a name of a proof, in the folders of its first digits');
  return { name, sha256: digest(sha256, 'sha256') };
}

function parsed<M extends string>(line: Uint8Array, members: readonly M[]): Readonly<Record<M, unknown>> {
  return read.object(parseCanonical(line, MAX_LINE_BYTES, 'index'), PACK_INDEX, members);
}

function digest(value: unknown, member: string): string {
  if (typeof value === 'string' && fromHex(value, 32)) return value;
  return read.fail(`${PACK_INDEX}.${member}`, 'must be 0x and 64 hex digits');
}

/** @throws SolventError OUTPUT_EXISTS (usage) */
export function refuseOtherPack(folder: string, head: PackHead, manifest: string, levels: number): void {
  if (head.manifest === manifest && head.levels === levels) return;
  const why =
    head.manifest === manifest
      ? 'in folders that are divided otherwise, as it holds another number of them'
      : 'of another manifest';
  throw new SolventError(
    'OUTPUT_EXISTS',
    'usage',
    `${folder} holds proofs ${why}: name another output folder, or move them away`,
    { file: PACK_INDEX },
  );
}

import { existsSync, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SolventError, toHex } from '@solvent-por/kzg';
import { isProofFolder, isProofName, LINES_INDEX, MAX_LEVELS, OUTPUT, PACK_INDEX } from '@solvent-por/prover';
import { likelyKind, looseText, manifestDigest, parseManifest, SEALED } from '@solvent-por/verifier';
import { readBounded } from './files';
import { printable } from './format';
import { firstLineOf, hasLinesName, isLinesFile } from './lines-file';

/** Where inclusion proofs lie beside a manifest. */
export const USER_PROOFS = 'user_proofs';

/** No proof is longer, however it is indented. */
const MOST_LOOKED_AT_BYTES = 4 * 1024 * 1024;

/** A JSON file that is whole and no inclusion proof. */
export interface OtherFile {
  readonly file: string;
  /** For people: `the manifest of october (2026-01-01T00:00:00Z), …`. */
  readonly what: string;
}

/** The JSON files, and files of lines, of a published folder. */
export interface Folder {
  /** What is an inclusion proof by its members or its name, or cannot be read. */
  readonly inclusions: readonly string[];
  /** The rest: an earlier manifest, somebody's notes. */
  readonly others: readonly OtherFile[];
  /** Folders that may hold an index of proofs. */
  readonly packs: readonly string[];
  /** Indexes of files of lines. */
  readonly lineIndexes: readonly string[];
  /** Folders that hold the index of a sealed bundle. */
  readonly bundles: readonly string[];
}

/** @throws SolventError FILE_UNREADABLE (kind usage) */
export async function listFolder(directory: string): Promise<Folder> {
  const below = join(directory, USER_PROOFS);
  const packs = [directory, ...(existsSync(below) ? [below] : [])];
  const [inclusions, others]: [string[], OtherFile[]] = [[], []];
  const [lineIndexes, bundles]: [string[], string[]] = [[], []];
  const files = await Promise.all(packs.map((pack) => jsonFiles(pack)));
  for (const file of files.flat()) {
    if (basename(file) === OUTPUT.manifest) continue;
    // What cannot be read is judged, so that it is not passed over.
    const bytes = await readBounded(file, MOST_LOOKED_AT_BYTES).catch(() => undefined);
    const index = bytes && indexKind(bytes, basename(file));
    const what = bytes && otherThanInclusion(bytes, basename(file));
    if (index === 'lines') lineIndexes.push(file);
    else if (index === 'sealed') bundles.push(dirname(file));
    else if (what === undefined) inclusions.push(file);
    else others.push({ file, what });
  }
  for (const pack of packs)
    for (const file of await filesOfLines(pack))
      // What is no JSON may have been a proof.
      if ((await isLinesFile(file)) || (await firstLineOf(file)) === 'unreadable') inclusions.push(file);
      else others.push({ file, what: 'lines, but not of inclusion proofs' });
  return { inclusions, others, packs, lineIndexes, bundles };
}

/** Which index of proofs a file is, by its name and its members. */
function indexKind(bytes: Uint8Array, name: string): 'lines' | 'sealed' | undefined {
  const has = (...members: readonly string[]) => {
    try {
      const value = JSON.parse(looseText(bytes)?.text ?? '') as object;
      return members.every((member) => Object.hasOwn(value, member));
    } catch {
      return false;
    }
  };
  if (name.endsWith(LINES_INDEX) && has('count', 'sha256')) return 'lines';
  return name === SEALED.index && has('shards', 'tree') ? 'sealed' : undefined;
}

/** What is called as a file of lines is, and is none of those that are named otherwise here. */
async function filesOfLines(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && hasLinesName(entry.name) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => name !== OUTPUT.globalProof && name !== PACK_INDEX)
    .sort()
    .map((name) => join(folder, name));
}

/**
 * What a file is instead; undefined where it is judged: an inclusion proof, whole or not, what is called one
 * by its name, and what is no JSON at all, for it may have been one.
 */
function otherThanInclusion(bytes: Uint8Array, name: string): string | undefined {
  if (isProofName(name)) return undefined;
  if (bytes.length > MOST_LOOKED_AT_BYTES) return 'longer than any inclusion proof';
  let value: unknown;
  try {
    value = JSON.parse(looseText(bytes)?.text ?? '');
  } catch {
    return undefined;
  }
  switch (likelyKind(value)) {
    case 'inclusion':
      return undefined;
    case 'manifest':
      return manifestName(value);
    case 'proof':
      return 'a line of a global proof';
    default:
      return 'JSON, but no document of ours';
  }
}

function manifestName(value: unknown): string {
  try {
    const manifest = parseManifest(value);
    const { snapshot, takenAt } = manifest.header;
    return `a manifest of snapshot ${snapshot}, taken at ${takenAt}, digest ${toHex(manifestDigest(manifest))}`;
  } catch {
    return 'a manifest that is malformed';
  }
}

/** Also of the folders into which a pack is divided. */
async function jsonFiles(folder: string, depth = 0): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    await refuseStreams(folder, entries);
    const files = entries
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.json') && !entry.name.startsWith('.'))
      .map(({ name }) => join(folder, name));
    const folders = entries.filter((entry) => entry.isDirectory() && isProofFolder(entry.name));
    if (depth < MAX_LEVELS)
      for (const { name } of folders) files.push(...(await jsonFiles(join(folder, name), depth + 1)));
    return files.sort();
  } catch (error) {
    if (error instanceof SolventError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SolventError(
      'FILE_UNREADABLE',
      'usage',
      `cannot read the folder ${printable(folder)}: ${code}`,
    );
  }
}

/**
 * Refuses pipes and devices, and links to them, in a folder of somebody else's: reading one may never end.
 * @throws SolventError FILE_UNREADABLE (kind usage)
 */
export async function refuseStreams(folder: string, entries: readonly Dirent[]): Promise<void> {
  for (const entry of entries) {
    if (entry.isFile() || entry.isDirectory()) continue;
    const file = join(folder, entry.name);
    // A link that leads nowhere is said where it is read.
    const there = await stat(file).catch(() => undefined);
    if (!there || there.isFile() || there.isDirectory()) continue;
    throw new SolventError(
      'FILE_UNREADABLE',
      'usage',
      `${printable(file)} is a pipe or a device, and no file: take it out of the folder`,
      { file },
    );
  }
}

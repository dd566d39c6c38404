import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SolventError, asciiLower } from '@solvent-por/kzg';
import { headOf } from './byte-source';
import { foreignContent } from './recognise';
import type { Format, SourceFile } from './source-file';
import { hiddenBalances, looksLikeBalances, targetOf, type NotRead } from './unread-names';

export interface SourceListing {
  /** Sorted by name (UTF-16 code units, whatever the locale): the order in which they are read. */
  readonly files: readonly SourceFile[];
  /** Every other name in the directory, in the same order. */
  readonly notRead: readonly NotRead[];
}

const FORMATS: ReadonlyArray<readonly [string, Format]> = [
  ['.json', 'json'],
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
  ['.csv', 'csv'],
];

/** Tables of text under another ending. */
const TABLES = /\.(?:tsv|tab|psv|ssv|dsv)$/;

/**
 * The balance files of an input.
 *
 * @param path a file, or a directory. In a directory every name must end in .json, .ndjson, .jsonl or .csv,
 *   each also with .gz, and be a
 *   file; a name that starts with a dot is passed over, and told, where it doesn't look like a balance file:
 * a shard that is skipped
 *   silently would be liabilities left out.
 * @param ignored names in the directory that hold no accounts and are passed over (`ignoreFiles` of the
 *   configuration)
 * @throws SolventError INPUT_UNREADABLE, INPUT_FILE_UNKNOWN (kind usage), INPUT_EMPTY (kind invalid)
 */
export async function listSources(path: string, ignored: readonly string[] = []): Promise<SourceListing> {
  const info = await readable(path, () => stat(path));
  if (!info.isDirectory()) return { files: [await sourceFile(path)], notRead: [] };
  const names = await readable(path, () => readdir(path));
  names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const listed = new Set(ignored);
  const hidden = (name: string) => name.startsWith('.');
  const files: SourceFile[] = [];
  for (const name of names)
    if (!listed.has(name) && !hidden(name)) files.push(await sourceFile(join(path, name)));
  let targets: Promise<ReadonlySet<string>> | undefined;
  const read = () => (targets ??= targetsOf(files));
  const notRead: NotRead[] = [];
  for (const name of names) {
    if (listed.has(name)) notRead.push({ name, reason: 'listed in ignoreFiles' });
    else if (hidden(name)) {
      const problem = await readable(join(path, name), () => hiddenBalances(path, name, read));
      if (problem !== undefined)
        throw unknown(name, `${problem}, but names that start with a dot are not read: rename it`);
      notRead.push({ name, reason: 'hidden' });
    }
  }
  if (files.length === 0) {
    const reason = `holds no balance files${notRead.length === 0 ? '' : ` (not read: ${notRead.map(({ name }) => name).join(', ')})`}`;
    throw new SolventError('INPUT_EMPTY', 'invalid', `${path} ${reason}`, { reason });
  }
  return { files, notRead };
}

async function sourceFile(path: string): Promise<SourceFile> {
  const name = basename(path);
  const lower = asciiLower(name);
  const gzip = lower.endsWith('.gz');
  const plain = gzip ? lower.slice(0, -3) : lower;
  const format = FORMATS.find(([ending]) => plain.endsWith(ending))?.[1];
  const info = await stat(path).catch(async (error: unknown) => {
    if (await leadsNowhere(path)) throw unknown(name, 'is a symbolic link to nothing: mend it');
    return readable(path, () => Promise.reject(error as Error));
  });
  if (info.isDirectory())
    throw unknown(
      name,
      'is a folder, and folders in the input are not read: move its balance files up into the input, or give it as an input of its own',
    );
  if (!info.isFile()) throw unknown(name, 'is neither a file nor a folder: put a file in its place');
  if (format !== undefined) return { name, path, size: info.size, format, gzip };
  const foreign = foreignContent(await headOf(path));
  if (foreign !== undefined) throw unknown(name, foreign);
  if (TABLES.test(plain))
    throw unknown(
      name,
      'is read when it is called .csv, whether commas, semicolons, tabs or bars divide its cells: rename it',
    );
  throw unknown(
    name,
    looksLikeBalances(name)
      ? 'looks like a balance file under a temporary or backed-up name: rename it if it is whole'
      : 'ends in none of .json, .ndjson, .jsonl, .csv (each also .gz): rename it if it holds accounts',
  );
}

function unknown(name: string, reason: string): SolventError {
  return new SolventError(
    'INPUT_FILE_UNKNOWN',
    'usage',
    `${name} ${reason}; or move it out of the input or, if it holds no accounts, list it in ignoreFiles`,
    { file: name, reason },
  );
}

async function leadsNowhere(path: string): Promise<boolean> {
  return lstat(path).then(
    (info) => info.isSymbolicLink(),
    () => false,
  );
}

async function targetsOf(files: readonly SourceFile[]): Promise<ReadonlySet<string>> {
  const targets = new Set<string>();
  for (const { path } of files) targets.add(await targetOf(path));
  return targets;
}

async function readable<T>(path: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof SolventError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new SolventError('INPUT_UNREADABLE', 'usage', `cannot read ${path} (${code})`, {
      file: path,
      reason: code,
    });
  }
}

import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SolventError } from '@solvent/algebra';

export type Format = 'json' | 'ndjson' | 'csv';

export interface SourceFile {
  /** Without its folders: what error messages and the source digest name. */
  readonly name: string;
  readonly path: string;
  /** Bytes on disk. */
  readonly size: number;
  readonly format: Format;
  readonly gzip: boolean;
}

const FORMATS: ReadonlyArray<readonly [string, Format]> = [
  ['.json', 'json'],
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
  ['.csv', 'csv'],
];

/**
 * The balance files of an input, in the order in which they are read.
 *
 * @param path a file, or a directory. In a directory names that start with a dot are skipped; any other name must end in .json, .ndjson,
 *   .jsonl or .csv, each also with .gz, and be a file: a shard that is skipped silently would be liabilities left out.
 * @param ignored names in the directory that hold no accounts and are passed over (`ignoreFiles` of the configuration)
 * @returns sorted by name (UTF-16 code units, whatever the locale)
 * @throws SolventError INPUT_UNREADABLE, INPUT_FILE_UNKNOWN (kind usage), INPUT_EMPTY (kind invalid)
 */
export async function listSources(path: string, ignored: readonly string[] = []): Promise<SourceFile[]> {
  const info = await readable(path, () => stat(path));
  if (!info.isDirectory()) return [await sourceFile(path)];
  const names = (await readable(path, () => readdir(path))).filter(
    (name) => !name.startsWith('.') && !ignored.includes(name),
  );
  names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (names.length === 0)
    throw new SolventError('INPUT_EMPTY', 'invalid', `${path} holds no files`, { reason: 'holds no files' });
  const files: SourceFile[] = [];
  for (const name of names) files.push(await sourceFile(join(path, name)));
  return files;
}

async function sourceFile(path: string): Promise<SourceFile> {
  const name = basename(path);
  const lower = name.toLowerCase();
  const gzip = lower.endsWith('.gz');
  const plain = gzip ? lower.slice(0, -3) : lower;
  const format = FORMATS.find(([ending]) => plain.endsWith(ending))?.[1];
  const info = await readable(path, () => stat(path));
  if (format === undefined || !info.isFile()) {
    const reason = info.isFile()
      ? 'ends in none of .json, .ndjson, .jsonl, .csv (each also .gz)'
      : 'is not a file';
    throw new SolventError(
      'INPUT_FILE_UNKNOWN',
      'usage',
      `${name} ${reason}: move it out of the input, or list it in ignoreFiles`,
      {
        file: name,
        reason,
      },
    );
  }
  return { name, path, size: info.size, format, gzip };
}

async function readable<T>(path: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new SolventError('INPUT_UNREADABLE', 'usage', `cannot read ${path} (${code})`, {
      file: path,
      reason: code,
    });
  }
}

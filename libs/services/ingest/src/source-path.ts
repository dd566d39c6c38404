import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SolventError, type FailureKind } from '@solvent-por/kzg';
import { sourcePathParts } from '@solvent-por/services/contracts';

/**
 * Where a request's source lies, symbolic links followed, those inside a directory of balance files too.
 *
 * @param root ingest's source folder
 * @param source a path below it, as it was requested: of the form that the gateway asks for
 * @returns absolute
 * @throws SolventError SOURCE_OUTSIDE, INPUT_UNREADABLE (kind usage); SOURCE_FOLDER_UNREADABLE (kind
 *   internal: the request is not to blame)
 */
export async function resolveSource(root: string, source: string): Promise<string> {
  const parts = sourcePathParts(source);
  if (!parts) throw outside();
  const folder = await realpath(root).catch((error: unknown) => {
    throw unreadable('SOURCE_FOLDER_UNREADABLE', 'internal', 'the source folder', error);
  });
  const path = await inside(folder, join(folder, ...parts), source);
  for (const name of await entries(path, source))
    if (!name.startsWith('.')) await inside(folder, join(path, name), name);
  return path;
}

async function inside(folder: string, path: string, name: string): Promise<string> {
  const found = await realpath(path).catch((error: unknown) => {
    throw unreadable('INPUT_UNREADABLE', 'usage', name, error);
  });
  if (found !== folder && !found.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw outside();
  return found;
}

async function entries(path: string, name: string): Promise<string[]> {
  try {
    return (await stat(path)).isDirectory() ? await readdir(path) : [];
  } catch (error) {
    throw unreadable('INPUT_UNREADABLE', 'usage', name, error);
  }
}

function unreadable(code: string, kind: FailureKind, name: string, error: unknown): SolventError {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new SolventError(code, kind, `cannot read ${name} (${reason})`, { file: name, reason });
}

function outside(): SolventError<'SOURCE_OUTSIDE'> {
  return new SolventError(
    'SOURCE_OUTSIDE',
    'usage',
    'the source must be a path below the source folder of ingest, without . and .. and without links that lead out of it: request the snapshot with another',
  );
}

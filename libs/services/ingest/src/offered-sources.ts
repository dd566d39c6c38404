import { open, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sourcePathParts } from '@solvent-por/services/contracts';
import type { OfferedSource, SourceListing } from '@solvent-por/services/database';
import { resolveSource } from './source-path';

/** Endings of balance files, each also with .gz. */
const BALANCES = /\.(?:json|ndjson|jsonl|csv)(?:\.gz)?$/i;
/** Folders below the source folder that are looked into: `november/okx/accounts`. */
const MOST_DEPTH = 3;
/** Names that are looked at: a folder of a million files is no reason to be slow. */
const MOST_NAMES = 5000;
const HEAD_BYTES = 64;
/** Sources that are offered. */
const MOST_SOURCES = 100;

/**
 * What lies in the source folder and looks like balances: files, and folders that hold such files and nothing
 * else that could be read. It is offered by its name; whether it can be read, `solvent check` or the request
 * says. A path that a request could not name, because a link leads out of the folder, is not offered.
 * @param root ingest's source folder
 * @returns the latest first; none where the folder cannot be read
 */
export async function offeredSources(root: string, most = MOST_SOURCES): Promise<SourceListing> {
  const look = { names: MOST_NAMES };
  const found: OfferedSource[] = [];
  await walk(root, '', 1, look, found);
  found.sort((a, b) => (a.modifiedAt < b.modifiedAt ? 1 : a.modifiedAt > b.modifiedAt ? -1 : 0));
  return { sources: found.slice(0, most), more: found.length > most || look.names <= 0 };
}

async function walk(
  root: string,
  path: string,
  depth: number,
  look: { names: number },
  found: OfferedSource[],
): Promise<void> {
  const files: OfferedSource[] = [];
  const folders: string[] = [];
  let others = 0;
  for (const name of await namesIn(join(root, path), look)) {
    const inner = path === '' ? name : `${path}/${name}`;
    if (name.startsWith('.') || !sourcePathParts(inner)) continue;
    const info = await stat(join(root, inner)).catch(() => undefined);
    if (info?.isDirectory()) folders.push(inner);
    else if (info?.isFile() && BALANCES.test(name) && (await mayHoldAccounts(join(root, inner))))
      files.push({ path: inner, files: 1, bytes: info.size, modifiedAt: info.mtime.toISOString() });
    else others++;
  }
  // A folder is read whole or not at all; beside configurations and the like its files are offered one by one.
  const whole = path !== '' && files.length > 0 && folders.length === 0 && others === 0;
  for (const source of whole ? [together(path, files)] : files)
    if (await isInside(root, source.path)) found.push(source);
  if (depth <= MOST_DEPTH) for (const inner of folders) await walk(root, inner, depth + 1, look, found);
}

function together(path: string, files: readonly OfferedSource[]): OfferedSource {
  return {
    path,
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    modifiedAt: files.map(({ modifiedAt }) => modifiedAt).reduce((a, b) => (a > b ? a : b)),
  };
}

/** Balances in JSON are a list: an object is a configuration, a manifest or keys. What cannot be read may. */
async function mayHoldAccounts(file: string): Promise<boolean> {
  if (!/\.json$/i.test(file)) return true;
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return !/^\uFEFF?\s*\{/.test(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return true;
  }
}

/** In one order, as far as names may still be looked at; none where the folder cannot be read. */
async function namesIn(folder: string, look: { names: number }): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      if (look.names-- <= 0) break;
      names.push(name);
    }
  } catch {
    return [];
  }
  return names.sort();
}

async function isInside(root: string, source: string): Promise<boolean> {
  return resolveSource(root, source).then(
    () => true,
    () => false,
  );
}

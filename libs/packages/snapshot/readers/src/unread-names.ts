import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { headOf } from './byte-source';
import { isCompanion } from './recognise';

/** A name in the input's directory that is not read, and why. */
export interface NotRead {
  readonly name: string;
  readonly reason: string;
}

/**
 * Also what is left of such an ending under a temporary or backed-up name: .accounts.csv.Ab12Cd,
 * accounts.csv~, accounts.csv.part.
 */
const BALANCES = /\.(?:json|ndjson|jsonl|csv|tsv|parquet|xlsx?|ods)(?![a-z0-9])/i;

/** The beginning of our JSON records, or a header line with an id. */
const CONTENT = /^\s*(?:\[\s*)?\{\s*"(?:id|assets)"|^[^\r\n]*(?:^|[,;\t|"])id(?:[,;\t|"\r\n]|$)/i;

export function looksLikeBalances(name: string): boolean {
  return BALANCES.test(name);
}

/**
 * Looks at a hidden name, which is not read. A shard that is passed over is liabilities left out, so whatever
 * may be one is told: by its name, by its first bytes or, of a folder, by the names in it. What is read under
 * another name (a link's target) is none.
 *
 * @param path its directory
 * @param read paths of the files that are read
 * @returns what it looks like, or undefined
 */
export async function hiddenBalances(
  path: string,
  name: string,
  read: () => Promise<ReadonlySet<string>>,
): Promise<string | undefined> {
  const file = join(path, name);
  const info = await lstat(file);
  const isRead = async (candidate: string) => (await read()).has(await targetOf(candidate));
  if (info.isDirectory()) {
    for (const inner of await namesIn(file))
      if (looksLikeBalances(inner) && !(await isRead(join(file, inner))))
        return `is a hidden folder, and holds ${inner}, which looks like a balance file`;
    return undefined;
  }
  const suspect = looksLikeBalances(name);
  if (info.isSymbolicLink())
    return suspect && !(await isRead(file)) ? 'looks like a balance file' : undefined;
  if (!info.isFile()) return undefined;
  const head = await headOf(file);
  if (isCompanion(head)) return undefined;
  return suspect || CONTENT.test(Buffer.from(head).toString('latin1'))
    ? 'looks like a balance file'
    : undefined;
}

/** Where a link leads; itself where it leads nowhere. */
export async function targetOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** Nothing where it cannot be looked into: system folders such as .Trash belong to others. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

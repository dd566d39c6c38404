import { hasHiddenCharacters } from '@solvent-por/verifier';

/** Longest path of a source, in UTF-16 code units. */
export const MAX_SOURCE_PATH = 512;

/**
 * Where the balances of a snapshot lie: a path below ingest's source folder, such as `october/accounts`. The
 * gateway asks before it stores a request, ingest before it opens anything: what one takes, the other does
 * not refuse by its form.
 *
 * @returns its parts from the source folder on; undefined where it is absolute, empty, too long, or leads out
 *   by `..`
 */
export function sourcePathParts(text: string): readonly string[] | undefined {
  if (text.length === 0 || text.length > MAX_SOURCE_PATH || hasHiddenCharacters(text)) return undefined;
  // Some systems take it for a slash.
  if (text.includes('\\')) return undefined;
  // A drive: absolute on Windows.
  if (/^[A-Za-z]:/.test(text)) return undefined;
  const parts = text.replace(/\/$/, '').split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..') ? parts : undefined;
}

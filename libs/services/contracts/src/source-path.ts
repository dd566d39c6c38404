/** Longest path of a source, in UTF-16 code units. */
export const MAX_SOURCE_PATH = 512;

/** Control characters, and the backslash that some systems take for a slash. */
const NO_PART_OF_IT = /[\u0000-\u001f\u007f\\]/;

/**
 * Where the balances of a snapshot lie: a path below ingest's source folder, such as `october/accounts`. The
 * gateway asks before it stores a request, ingest before it opens anything: what one takes, the other does
 * not refuse by its form.
 *
 * @returns its parts from the source folder on; undefined where it is absolute, empty, too long, or leads out
 *   by `..`
 */
export function sourcePathParts(text: string): readonly string[] | undefined {
  if (text.length === 0 || text.length > MAX_SOURCE_PATH || NO_PART_OF_IT.test(text)) return undefined;
  // A drive: absolute on Windows.
  if (/^[A-Za-z]:/.test(text)) return undefined;
  const parts = text.replace(/\/$/, '').split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..') ? parts : undefined;
}

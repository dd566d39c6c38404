import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { shellWord } from '@solvent-por/shared/terminal';
import { glob } from 'tinyglobby';
import { printable } from './format';

/** Of a pattern: longer than any path may be. */
const MOST_CHARACTERS = 16_384;

/**
 * The files that patterns name, for shells that don't expand them and for quoted ones: `*` and `?` within a
 * name, `**` any folders, `[abc]`, `[a-z]`, `[!a]`, `{one,two}`. A path that exists is taken as it is,
 * whatever characters it holds. Names that start with a dot are matched only by patterns that start with one.
 *
 * @returns each file once; sorted within a pattern, patterns in their order
 * @throws SolventError FILE_NOT_FOUND (kind usage) when a pattern names nothing, or a folder
 */
export async function expandFiles(patterns: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const pattern of patterns) {
    if (existsSync(pattern)) {
      if ((await stat(pattern)).isDirectory())
        throw new SolventError(
          'FILE_NOT_FOUND',
          'usage',
          `${printable(pattern)} is a folder: name its files, as ${shellWord(join(pattern, '*.json'))}`,
        );
      files.add(pattern);
      continue;
    }
    const found = await matchesOf(pattern);
    if (found.length === 0)
      throw new SolventError('FILE_NOT_FOUND', 'usage', `no file is named ${printable(pattern)}`);
    for (const file of found) files.add(file);
  }
  return [...files];
}

/** What is no file, a pipe say, is no match: nobody would write into it. */
async function matchesOf(pattern: string): Promise<string[]> {
  const path = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  if (path.length > MOST_CHARACTERS) return [];
  // Searched from the folder that `../..` leads to: of a folder that a search returns to, only its name from
  // there is known.
  const [, from = '', names = ''] = /^((?:\.\.?\/+)*)(.*)$/s.exec(path) ?? [];
  // A first `!` does not exclude here, and parentheses are no pattern: both are characters of names, as in
  // shells.
  const found = await glob(names.replace(/^!|[()+@|]/g, '\\$&'), {
    cwd: from === '' ? '.' : from,
    absolute: isAbsolute(path),
    expandDirectories: false,
    extglob: false,
  });
  return found.map((file) => (from === '' ? file : join(from, file))).sort();
}

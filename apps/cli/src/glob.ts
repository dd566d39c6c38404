import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SolventError } from '@solvent/algebra';
import { shellWord } from '@solvent/terminal';
import { printable } from './format';

/** Most alternatives of `{a,b}` in one pattern: `{1,2}{1,2}…` doubles with each pair. */
const MAX_ALTERNATIVES = 1024;

/**
 * The files that patterns name, for shells that don't expand them and for quoted ones: `*` and `?` within a name, `**` any folders,
 * `[abc]`, `[a-z]`, `[!a]`, `{one,two}`. A path that exists is taken as it is, whatever characters it holds. Names that start with a
 * dot are matched only by patterns that start with one.
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
    const found = (await Promise.all(alternatives(pattern).map(matchesOf))).flat().sort();
    if (found.length === 0)
      throw new SolventError('FILE_NOT_FOUND', 'usage', `no file is named ${printable(pattern)}`);
    for (const file of found) files.add(file);
  }
  return [...files];
}

/** `a{b,c}d` → `abd`, `acd`; braces without a comma stay as they are. */
export function alternatives(pattern: string): string[] {
  let open = [pattern];
  const done: string[] = [];
  while (open.length > 0) {
    const next: string[] = [];
    for (const text of open) {
      const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(text);
      if (!match) done.push(text);
      else for (const choice of match[2]!.split(',')) next.push(`${match[1]}${choice}${match[3]}`);
    }
    if (next.length + done.length > MAX_ALTERNATIVES)
      throw new SolventError('FILE_NOT_FOUND', 'usage', 'the pattern has too many alternatives in braces');
    open = next;
  }
  return done;
}

async function matchesOf(pattern: string): Promise<string[]> {
  const path = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const root = /^(?:[A-Za-z]:)?\/+/.exec(path)?.[0] ?? '';
  const segments = path
    .slice(root.length)
    .split('/')
    .filter((segment) => segment !== '');
  return walk(root, segments);
}

/** @param folder '' is where the program runs */
async function walk(folder: string, segments: readonly string[]): Promise<string[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [];
  if (segment === '**') {
    const here = rest.length > 0 ? await walk(folder, rest) : await walk(folder, ['*']);
    const folders = (await entries(folder)).filter((e) => e.isDirectory() && !e.name.startsWith('.'));
    const below = await Promise.all(folders.map(({ name }) => walk(join(folder, name), segments)));
    return [...here, ...below.flat()];
  }
  if (!/[*?[]/.test(segment)) return step(join(folder, segment), rest);
  const expression = nameExpression(segment);
  const names = (await entries(folder)).map(({ name }) => name).filter((name) => expression.test(name));
  // One after the other: a folder may hold a million files.
  const found: string[] = [];
  for (const name of names) found.push(...(await step(join(folder, name), rest)));
  return found;
}

async function step(path: string, rest: readonly string[]): Promise<string[]> {
  const info = await stat(path).catch(() => undefined);
  if (rest.length > 0) return info?.isDirectory() ? walk(path, rest) : [];
  // What a pattern happens to match must not be waited for: a pipe, a device.
  return info?.isFile() ? [path] : [];
}

async function entries(folder: string) {
  return readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => []);
}

/** The regular expression of one name in a pattern. */
export function nameExpression(segment: string): RegExp {
  let source = segment.startsWith('.') ? '' : '(?!\\.)';
  for (let i = 0; i < segment.length; i++) {
    const c = segment[i]!;
    const end = c === '[' ? segment.indexOf(']', i + 2) : -1;
    if (c === '*') source += '[^/]*';
    else if (c === '?') source += '[^/]';
    else if (end > 0) {
      const inside = segment.slice(i + 1, end);
      const negated = inside.startsWith('!') || inside.startsWith('^');
      source += `[${negated ? '^' : ''}${(negated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&')}]`;
      i = end;
    } else source += c.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'su');
}

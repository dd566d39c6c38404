import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

/** Sources by their path from the root (with `/`), and which of them each imports; types count. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

const ROOMS = ['libs', 'apps'];
/** What is made, and what is compiled to WebAssembly. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'generated', 'assembly']);
const SOURCE = /\.(tsx?|mjs|cjs)$/;

/** Every import among the tree's sources: by path, by alias (tsconfig.base.json), or while it runs. */
export function importGraph(root: string): ImportGraph {
  const files = ROOMS.flatMap((room) => filesBelow(join(root, room))).map((path) =>
    relative(root, path).split(sep).join('/'),
  );
  return importsAmong(
    new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')])),
    aliases(root),
  );
}

/** @param sources path → text */
export function importsAmong(
  sources: ReadonlyMap<string, string>,
  alias: ReadonlyMap<string, string> = new Map(),
): ImportGraph {
  const find = (from: string, name: string): string | undefined => {
    if (!name.startsWith('.')) return alias.get(name);
    const path = posix.join(posix.dirname(from), name);
    return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((one) => sources.has(one));
  };
  return new Map(
    [...sources].map(([file, text]) => [file, importedNames(text).flatMap((name) => find(file, name) ?? [])]),
  );
}

/** What a text imports, by the names it gives. */
export function importedNames(text: string): string[] {
  const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return [...new Set(names)];
}

/** Sets of files that each lead to every other of them: Tarjan's strongly connected components above one. */
export function circles(graph: ImportGraph): string[][] {
  const number = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    number.set(file, number.size);
    lowest.set(file, number.get(file)!);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!number.has(next)) visit(next);
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== number.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const file of graph.keys()) if (!number.has(file)) visit(file);
  return found;
}

function aliases(root: string): ReadonlyMap<string, string> {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')) as {
    compilerOptions: { paths: Readonly<Record<string, readonly string[]>> };
  };
  return new Map(Object.entries(compilerOptions.paths).map(([name, [path]]) => [name, path!]));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}

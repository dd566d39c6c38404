import { join } from 'node:path';
import { circles, importGraph, importsAmong } from './import-graph';

const graph = importGraph(join(__dirname, '../../../..'));
/** Of whoever writes tests, vectors and benchmarks; beside them stands what ships. */
const FOR_TESTS = /\.test\.ts$|\/testing\/|^libs\/dev\//;

test('finds circles of types and of modules that are loaded late', () => {
  const sources = new Map([
    ['a.ts', "import type { B } from './rooms/b';"],
    ['rooms/b.ts', "export const c = () => import('@x/c');"],
    ['c/index.ts', "export * from '../a';"],
    ['d.ts', "import './a'; // import './e';"],
    ['e.ts', "import './d';"],
  ]);
  expect(circles(importsAmong(sources, new Map([['@x/c', 'c/index.ts']])))).toEqual([
    ['a.ts', 'c/index.ts', 'rooms/b.ts'],
  ]);
});

test('no imports go in a circle, those of types included', () => {
  expect(graph.size).toBeGreaterThan(1500);
  expect(circles(graph)).toEqual([]);
});

test('what only tests import stands in testing/ or libs/dev', () => {
  const importers = new Map<string, string[]>();
  for (const [file, imported] of graph)
    for (const one of imported) importers.set(one, [...(importers.get(one) ?? []), file]);
  const misplaced = [...importers]
    .filter(([file, by]) => !FOR_TESTS.test(file) && by.every((one) => FOR_TESTS.test(one)))
    .map(([file]) => file)
    // What a bundle or a test begins with.
    .filter((file) => !/\/(main|index|worker)\.tsx?$/.test(file));
  expect(misplaced).toEqual([]);
});

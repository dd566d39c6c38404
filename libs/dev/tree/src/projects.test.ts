import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importGraph } from './import-graph';
import { nx, root } from './nx';

interface Target {
  readonly dependsOn?: readonly unknown[];
  readonly inputs?: readonly unknown[];
  readonly outputs?: readonly string[];
}

function targetsOf(file: string, member: 'targets' | 'targetDefaults'): Readonly<Record<string, Target>> {
  return (JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, Record<string, Target>>)[
    member
  ]!;
}

/** Projects whose tests a change of this file can break, as nx sees it. */
function affectedBy(file: string): string[] {
  const shown = nx('show', 'projects', '--affected', `--files=${file}`, '--withTarget=test', '--json');
  return JSON.parse(shown) as string[];
}

// Inputs named from the root of the workspace once made every project one that any change affects, and npm's
// scripts stood among nx's targets: `nx affected -t test` ran `npm test`.
test('a change affects what rests on it, not every project', () => {
  expect(affectedBy('apps/web/src/main.tsx')).toEqual(['app-web']);
  const client = affectedBy('libs/packages/client/src/client.ts');
  expect(client).toEqual(expect.arrayContaining(['client', 'app-cli', 'app-web']));
  expect(client).not.toContain('kzg');
});

// nx leaves tests out of its graph (.nxignore), and so out of what it hashes: one that was changed was
// answered from the cache.
test('a changed test is run again', () => {
  const defaults = targetsOf('nx.json', 'targetDefaults');
  expect(defaults['test-files']!.outputs).toEqual(['{projectRoot}/**/*.test.ts']);
  const folders = [...importGraph(root).keys()].filter((file) => file.endsWith('.test.ts')).map(projectOf);
  for (const folder of new Set(folders)) {
    const targets = targetsOf(`${folder}/project.json`, 'targets');
    expect([folder, Object.keys(targets)]).toEqual([folder, expect.arrayContaining(['test', 'test-files'])]);
    const { dependsOn, inputs } = { ...defaults['test'], ...targets['test'] };
    expect([folder, dependsOn]).toEqual([folder, expect.arrayContaining(['test-files'])]);
    expect([folder, inputs]).toEqual([folder, expect.arrayContaining(['tested'])]);
  }
});

// What "anything" stands for: a test that reads what no input names is answered from the cache.
test('tests of projects that name their inputs import from nowhere else', () => {
  const graph = importGraph(root);
  const named = new Map(
    [...new Set([...graph.keys()].map(projectOf))].flatMap((folder) => {
      const { inputs } = targetsOf(`${folder}/project.json`, 'targets')['test'] ?? {};
      return inputs && !inputs.includes('anything') ? [[folder, new Set([folder])] as const] : [];
    }),
  );
  expect(named.size).toBeGreaterThan(3);
  for (const [file, imported] of graph)
    if (!file.endsWith('.test.ts'))
      for (const one of imported) named.get(projectOf(file))?.add(projectOf(one));
  for (const [file, imported] of graph)
    for (const one of imported)
      if (named.has(projectOf(file)))
        expect([file, [...named.get(projectOf(file))!]]).toEqual([
          file,
          expect.arrayContaining([projectOf(one)]),
        ]);
});

function projectOf(file: string): string {
  let folder = posix.dirname(file);
  while (!existsSync(join(root, folder, 'project.json'))) folder = posix.dirname(folder);
  return folder;
}

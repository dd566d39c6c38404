import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nx, root } from './nx';

/** Lints a text as if it stood in a file of the project. */
function lint(file: string, text: string): string {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/eslint/bin/eslint.js'),
      // There is no such file, and so no types of it.
      ...['--parser-options', 'project:false'],
      ...['no-floating-promises', 'no-misused-promises'].flatMap((rule) => [
        '--rule',
        `@typescript-eslint/${rule}: off`,
      ]),
      ...['--stdin', '--stdin-filename', join(root, file)],
    ],
    { cwd: root, input: text, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } },
  );
  return stdout + stderr;
}

beforeAll(() => {
  // The boundary rule does nothing while nx has not made its project graph.
  nx('show', 'projects');
});

test('the verifier cannot depend on what needs Node', () => {
  const text = "import { loadCommitter } from '@solvent-por/kzg/native';\nexport const x = loadCommitter;\n";
  expect(lint('libs/packages/verifier/src/example.ts', text)).toContain(
    'can only depend on libs tagged with "runtime:any"',
  );
});

test('node: modules stay out of what runs in browsers', () => {
  const text = "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n";
  expect(lint('libs/packages/snapshot/src/example.ts', text)).toContain('This library also runs in browsers');
  expect(lint('libs/packages/snapshot/readers/src/example.ts', text)).toBe('');
});

test('algebra knows nothing of proofs, libraries nothing of apps', () => {
  const text = "import { layoutOf } from '@solvent-por/verifier';\nexport const x = layoutOf;\n";
  expect(lint('libs/packages/kzg/native/src/example.ts', text)).toContain('enforce-module-boundaries');
  const app = "import { main } from '../../../../apps/cli/src/main';\nexport const x = main;\n";
  expect(lint('libs/packages/prover/src/example.ts', app)).toContain('enforce-module-boundaries');
});

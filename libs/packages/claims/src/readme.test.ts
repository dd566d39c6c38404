import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadVectors, type ClaimVectorInput } from '@solvent-por/dev/proofs';
import { buildSync } from 'esbuild';

const project = join(__dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'solvent-claims-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example, bundled from these sources and run beside a claim. */
function run(environment: Readonly<Record<string, string>>) {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
  const [, example] = /^```js\n(.*?)^```$/ms.exec(readme)!;
  writeFileSync(join(folder, 'example.ts'), example!);
  buildSync({
    entryPoints: [join(folder, 'example.ts')],
    outfile: join(folder, 'example.mjs'),
    ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    tsconfig: join(project, 'tsconfig.base.json'),
    alias: {
      '@solvent-por/claims': join(__dirname, 'index.ts'),
      '@solvent-por/verifier': join(project, 'libs/packages/verifier/src/index.ts'),
    },
    nodePaths: [join(project, 'node_modules')],
  });
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, ['example.mjs'], { cwd: folder, env, encoding: 'utf8' });
}

test('what the README shows runs', () => {
  const { input } = loadVectors('claims').find(({ name }) => name === 'of-the-expected-operator')!;
  const { manifest, key, claim, challenge, operator } = input as ClaimVectorInput;
  for (const [name, text] of Object.entries({ manifest, 'verifying-key': key, claim }))
    writeFileSync(join(folder, `${name}.json`), text);
  const { stdout, stderr } = run({ OPERATOR: operator!, CHALLENGE: challenge });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^true 0x[0-9a-f]{64}\n$/);
  expect(run({ OPERATOR: operator!, CHALLENGE: `0x${'00'.repeat(31)}` }).stdout).toMatch(
    /^false .*challenge/,
  );
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { CONFIRMED, make } from '../testing/made-publication';

const project = join(__dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'solvent-reserves-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An example, bundled from these sources and run beside a publication. */
function run(number: number, environment: Readonly<Record<string, string>> = {}) {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
  const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text!);
  writeFileSync(join(folder, 'example.ts'), examples[number]!);
  buildSync({
    entryPoints: [join(folder, 'example.ts')],
    outfile: join(folder, 'example.mjs'),
    ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    tsconfig: join(project, 'tsconfig.base.json'),
    alias: { '@solvent-por/reserves': join(__dirname, 'index.ts') },
    nodePaths: [join(project, 'node_modules')],
  });
  const { reserves, addresses } = make();
  writeFileSync(join(folder, 'reserves.json'), reserves);
  writeFileSync(join(folder, 'reserve-addresses.ndjson'), addresses);
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, ['example.mjs'], { cwd: folder, env, encoding: 'utf8' });
}

test('what the README shows runs', () => {
  const { operator } = make();
  const { stdout, stderr } = run(0, { OPERATOR: operator, BLOCK: CONFIRMED['eip155:1'] });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^right \{/);
  expect(stdout).toContain("proved: '3000000000'");
  expect(run(0, { OPERATOR: `0x${'11'.repeat(32)}`, BLOCK: CONFIRMED['eip155:1'] }).stdout).toMatch(
    /^wrong /,
  );
  expect(run(1).stdout).toBe('right\n');
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'solvent-licences-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('GPL code is refused in what is shipped, and what may load it is loaded on demand', () => {
  const file = join(folder, 'source.ts');
  const proving = join(project, 'libs/packages/claims/prove/src/index');
  writeFileSync(file, `import 'snarkjs';\nvoid import('circomlib');\nexport * from '${proving}';\n`);
  const { status, stderr } = spawnSync(process.execPath, ['scripts/licences.mjs', file], {
    cwd: project,
    encoding: 'utf8',
  });
  // What is shipped now has no fault of its own: there are these three and no other.
  expect(stderr.trim().split('\n').slice(1).sort()).toEqual([
    expect.stringMatching(
      /source\.ts does not load libs\/packages\/claims\/prove\/src\/index\.ts on demand$/,
    ),
    expect.stringMatching(/source\.ts imports circomlib: GPL-3\.0$/),
    expect.stringMatching(/source\.ts imports snarkjs: GPL-3\.0$/),
  ]);
  expect(status).toBe(1);
});

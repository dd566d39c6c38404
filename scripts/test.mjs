// `npm test`: lint, types, then every test. Extra arguments go to jest.
import { spawnSync } from 'node:child_process';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const jestArguments = process.argv.slice(2);
const steps = [
  // The boundary rule is silent without nx's project graph, so it is made first.
  ['projects', 'nx', ['show', 'projects']],
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['types (browser)', 'tsc', ['-p', 'tsconfig.any.json']],
  ['types (node)', 'tsc', ['-p', 'tsconfig.node.json']],
  ['licences', process.execPath, ['scripts/licences.mjs']],
  ['tests', 'jest', jestArguments],
];
for (const [name, command, args] of steps) {
  console.log(`\n— ${name}`);
  const { status } = spawnSync(
    isAbsolute(command) ? command : join(root, 'node_modules', '.bin', command),
    args,
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NX_DAEMON: 'false' },
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) {
    console.error(`\n${name} failed`);
    process.exit(status ?? 1);
  }
}

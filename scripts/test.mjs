// `npm test`: lint, types, then every test. `--only unit|integration|e2e` runs one kind of tests and nothing else. Other arguments go to jest.
import { spawnSync } from 'node:child_process';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** By file name: `*.integration.test.ts` needs a database or a broker, `*.e2e.test.ts` whole processes. */
const kinds = {
  unit: ['--testPathIgnorePatterns', '\\.(integration|e2e)\\.test\\.ts$'],
  integration: ['--testPathPatterns', '\\.integration\\.test\\.ts$'],
  e2e: ['--testPathPatterns', '\\.e2e\\.test\\.ts$', '--runInBand', '--passWithNoTests'],
};
const jestArguments = process.argv.slice(2);
const only = takeKind(jestArguments);
const jest = (kind) => [`${kind} tests`, 'jest', [...kinds[kind], ...jestArguments]];
const checks = [
  // The boundary rule is silent without nx's project graph, so it is made first.
  ['projects', 'nx', ['show', 'projects']],
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['types (browser)', 'tsc', ['-p', 'tsconfig.any.json']],
  ['types (node)', 'tsc', ['-p', 'tsconfig.node.json']],
  ['licences', process.execPath, ['scripts/licences.mjs']],
];
const steps = only
  ? [jest(only)]
  : jestArguments.length > 0
    ? [...checks, ['tests', 'jest', jestArguments]]
    : [...checks, ...Object.keys(kinds).map(jest)];

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

/** Takes `--only KIND` out of the arguments. */
function takeKind(args) {
  const at = args.indexOf('--only');
  if (at < 0) return undefined;
  const [, kind] = args.splice(at, 2);
  if (Object.hasOwn(kinds, kind ?? '')) return kind;
  console.error(`--only takes one of ${Object.keys(kinds).join(', ')}`);
  process.exit(2);
}

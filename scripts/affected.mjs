// `npm run test:affected`: checks and tests of what a change can break. `-- --base REF` says since when
// (origin/main, else main); `-- --list` only lists.
// What imports what is nx's to know for projects, jest's for tests; a project's tests run as a whole, for
// many of them run bundles rather than import.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runLanes, runStep } from './lanes.mjs';

/** What every test stands on. */
const EVERYTHING =
  /^(package(-lock)?\.json|jest\.config\.cjs|nx\.json|tsconfig[^/]*\.json|scripts\/(?!demo).*)$|\/project\.json$/;
/** Files outside of all projects that tests read, and what reads them. */
/** @type {[RegExp, string][]} */
const READ_BY = [
  [/^test-vectors\//, 'libs/dev/proofs/src/vectors.ts'],
  [/^prisma\//, 'libs/services/database/src/migrations.ts'],
  [/^infra\/kafka\//, 'libs/dev/servers/src/kafka.ts'],
  [/^apps\/(gateway|ingest|prover|provision|signer)\//, 'libs/dev/cluster/src/cluster.ts'],
  [/^eslint\.config\.mjs$/, 'libs/dev/tree/src/boundaries.test.ts'],
  [/^docs\/guides\//, 'libs/packages/client/src/partner-guide.integration.test.ts'],
  [/^(docs\/guides\/|README\.md$)/, 'apps/cli/testing/guides/guide-commands.ts'],
  [/^(solvent|bin\/.*)$/, 'apps/cli/src/launcher.test.ts'],
  [/^docs\/examples\//, 'apps/cli/src/real-input.test.ts'],
  [/\.md$/, 'libs/dev/documents/src/named-paths.ts'],
  [/^docs\/services\.svg$/, 'libs/services/contracts/src/diagram.test.ts'],
];

const list = process.argv.includes('--list');
const changed = changedFiles();
const tests = affectedTests(changed);
if (tests.length === 0) console.log('No test is affected.');
else if (list) console.log(tests.join('\n'));
if (!list) process.exitCode = (await runLanes(checksOf(changed))) || (await testAll(tests));

/** Paths from the root, in Git's form: committed since the base, not committed, and new. */
function changedFiles() {
  const at = process.argv.indexOf('--base');
  const known = (ref) => run('git', ['rev-parse', '--verify', '--quiet', ref], true).status === 0;
  const base = at > 0 ? process.argv[at + 1] : known('origin/main') ? 'origin/main' : 'main';
  if (!base || !known(base)) fail(`${base} is no commit that is known here: give one with --base`);
  const since = lines('git', ['merge-base', base, 'HEAD'])[0];
  const files = [
    ...lines('git', ['diff', '--name-only', '--no-renames', since]),
    ...lines('git', ['ls-files', '--others', '--exclude-standard']),
  ];
  console.error(`${files.length} file(s) changed since ${since.slice(0, 12)} (${base})`);
  return files;
}

/** Test files that the change can break, from the root. */
function affectedTests(files) {
  if (files.some((file) => EVERYTHING.test(file))) return listTests([]);
  const readers = READ_BY.filter(([pattern]) => files.some((file) => pattern.test(file)));
  const sources = [...files, ...readers.map(([, reader]) => reader)].filter((file) =>
    /\.[cm]?[jt]sx?$/.test(file),
  );
  if (sources.length === 0) return [];
  const names = new Set(
    JSON.parse(run('nx', ['show', 'projects', '--affected', `--files=${sources.join()}`, '--json']).stdout),
  );
  const folders = lines('git', ['ls-files', '*project.json'])
    .map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')))
    // nx doesn't see tests: one that was changed breaks no project.
    .filter(({ name }) => names.has(name))
    .map(({ sourceRoot }) => `${sourceRoot}/`);
  const there = sources.filter((file) => existsSync(join(root, file)));
  const chosen = new Set([
    ...(folders.length > 0 ? listTests(folders) : []),
    ...(there.length > 0 ? listTests(['--findRelatedTests', ...there]) : []),
  ]);
  return [...chosen].sort();
}

function listTests(args) {
  return lines('jest', ['--listTests', ...args]).map((file) => file.slice(root.length + 1));
}

/**
 * Types of everything, the rest of what was changed.
 * @returns {import('./lanes.mjs').Step[][]}
 */
function checksOf(files) {
  const there = files.filter((file) => existsSync(join(root, file)));
  const code = there.filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  /** @type {import('./lanes.mjs').Step[]} */
  const ofFiles = [
    ['projects', 'nx', ['show', 'projects']],
    [
      'lint',
      'eslint',
      ['--max-warnings', '0', '--no-warn-ignored', '--no-error-on-unmatched-pattern', ...code],
    ],
    ['format', 'prettier', ['--check', '--ignore-unknown', '--log-level', 'warn', ...there]],
  ];
  return [
    ofFiles.filter(([name]) => (name === 'lint' ? code : there).length > 0),
    [
      ['types (browser)', 'tsc', ['-p', 'tsconfig.any.json']],
      ['types (page)', 'tsc', ['-p', 'tsconfig.web.json']],
      ['types (node)', 'tsc', ['-p', 'tsconfig.node.json']],
      ['types (scripts)', 'tsc', ['-p', 'tsconfig.scripts.json']],
    ],
  ];
}

function testAll(files) {
  return files.length === 0 ? 0 : runStep(['tests', 'jest', ['--runTestsByPath', ...files]]);
}

function lines(command, args) {
  return run(command, args).stdout.split('\n').filter(Boolean);
}

/** @param {boolean} mayFail whether the exit code is an answer */
function run(command, args, mayFail = false) {
  const program = command === 'git' ? command : join(root, 'node_modules', '.bin', command);
  const result = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NX_DAEMON: 'false' },
    shell: process.platform === 'win32',
  });
  if (result.status !== 0 && !mayFail)
    fail(`\`${command} ${args.slice(0, 3).join(' ')} …\` failed: ${result.stderr}`);
  return result;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

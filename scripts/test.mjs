// `npm test`: lint, types, then every test but those of kinds of their own. `--only unit|integration|e2e`, or
// `--only attack` and the like, runs one kind of tests and nothing else; `--only long` all that need long.
// Other arguments go to jest.
import ownKinds from './jest/own-kinds.cjs';
import { runLanes, runStep } from './lanes.mjs';

const { OWN_KINDS, LONG_KINDS, pathOf } = ownKinds;
/** By file name: `*.integration.test.ts` needs a database or a broker, `*.e2e.test.ts` whole processes. */
const kinds = {
  unit: ['--testPathIgnorePatterns', pathOf(['integration', 'e2e', ...OWN_KINDS])],
  integration: ['--testPathPatterns', pathOf(['integration'])],
  e2e: ['--testPathPatterns', pathOf(['e2e'])],
  ...Object.fromEntries(OWN_KINDS.map((kind) => [kind, alone([kind])])),
  long: alone(LONG_KINDS),
};
const jestArguments = process.argv.slice(2);
const only = takeKind(jestArguments);

/**
 * The boundary rule is silent without nx's project graph, so it is made first.
 * @type {import('./lanes.mjs').Step}
 */
const projects = ['projects', 'nx', ['show', 'projects']];
/**
 * About as long as each other.
 * @type {import('./lanes.mjs').Step[][]}
 */
const checks = [
  [
    ['lint', 'eslint', ['.', '--max-warnings', '0']],
    ['licences', process.execPath, ['scripts/licences.mjs']],
    ['types (browser)', 'tsc', ['-p', 'tsconfig.any.json']],
    ['types (page)', 'tsc', ['-p', 'tsconfig.web.json']],
  ],
  [
    ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
    ['types (node)', 'tsc', ['-p', 'tsconfig.node.json']],
    ['types (scripts)', 'tsc', ['-p', 'tsconfig.scripts.json']],
  ],
];
/**
 * One run for all kinds: what waits for a broker leaves its core to what computes.
 * @type {import('./lanes.mjs').Step}
 */
const tests = only
  ? [`${only} tests`, 'jest', [...kinds[only], ...jestArguments]]
  : ['tests', 'jest', jestArguments];

process.exitCode = only
  ? await runStep(tests)
  : (await runStep(projects)) || (await runLanes(checks)) || (await runStep(tests));

/**
 * Files of kinds that the configuration leaves out.
 * @param {readonly string[]} some
 */
function alone(some) {
  return ['--testPathPatterns', pathOf(some), '--testPathIgnorePatterns', '/node_modules/'];
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

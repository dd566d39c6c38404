import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { scoreTable, unexplained, type Explained } from './report';
import { runMutants, type Report } from './run';

const HELP = `npm run mutate -- [options]: changes the verifier and the algebra a little, and looks whether a test or a vector notices

  --only PATH      only files whose path from the root begins so; may be repeated
  --with NAME      run only vectors and test files whose name begins so, as inclusion/ or libs/packages/verifier; may be repeated
  --minutes N      stop after N minutes of mutants (50); up to ten before them go to all tests without one
  --sample N       at most N mutants (all)
  --seed N         which mutants come first (1)
  --jobs N         processes side by side (1)
  --per-mutant N   leave out, for a mutant, what takes more than N seconds in all (15)
  --again FILE     only the survivors of an earlier report
  --report FILE    where the report goes (dist/mutation/report.json)

Ctrl-C ends it after the mutant under way and writes the report all the same; a second one at once.
Ends with 1 where a mutant survived that libs/dev/mutation/explained.json does not explain.`;

const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      only: { type: 'string', multiple: true, default: [] },
      with: { type: 'string', multiple: true },
      minutes: { type: 'string', default: '50' },
      sample: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '1' },
      'per-mutant': { type: 'string', default: '15' },
      again: { type: 'string' },
      report: { type: 'string', default: 'dist/mutation/report.json' },
    },
  });
  if (values.help) {
    say(HELP);
    return 0;
  }
  const number = (name: 'minutes' | 'sample' | 'seed' | 'jobs' | 'per-mutant') => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0`);
    return value;
  };
  const root = join(__dirname, '../..');
  const earlier = values.again === undefined ? undefined : survivorsOf(values.again);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const report = await runMutants({
    root,
    worker: join(__dirname, 'worker.cjs'),
    only: values.only,
    minutes: number('minutes'),
    sample: number('sample'),
    seed: number('seed'),
    jobs: number('jobs'),
    secondsPerMutant: number('per-mutant'),
    ...(earlier ? { chosen: (file: string, mutant: string) => earlier.has(`${file} ${mutant}`) } : {}),
    ...(values.with ? { units: values.with } : {}),
    signal: stop.signal,
    say,
  });
  mkdirSync(dirname(values.report), { recursive: true });
  writeFileSync(values.report, `${JSON.stringify(report, null, 1)}\n`);
  process.stdout.write(`${scoreTable(report)}\n`);
  const file = join(root, 'libs/dev/mutation/explained.json');
  const explained = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Explained[]) : [];
  const left = unexplained(report, explained);
  for (const { status, file: name, line, description } of left)
    process.stdout.write(`${status}: ${name}:${line} ${description}\n`);
  return left.length === 0 ? 0 : 1;
}

function survivorsOf(path: string): Set<string> {
  const { results } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  return new Set(
    results
      .filter(({ status }) => status !== 'killed')
      .map(({ file, description }) => `${file} ${description}`),
  );
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);

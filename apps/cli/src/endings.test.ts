import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publish, type Published } from '../testing/published';
import { CLI, runCli, startCli, temporaryFolder } from '../testing/run-cli';

/**
 * With which code a command ends, whatever becomes of its output and whatever else happens to it: never 0
 * without a verdict, and a verdict's own code.
 */
const root = temporaryFolder();
let published: Published;
const files = {
  globalProof: join(root, 'published', 'global-proof.ndjson'),
  manifest: join(root, 'published', 'manifest.json'),
  invalid: join(root, 'invalid.ndjson'),
  altered: join(root, 'altered.json'),
  proof: '',
};

beforeAll(async () => {
  published = await publish(root);
  files.proof = [...published.proofs.values()][0]!.file;
  const alter = (text: string) => text.replace(/"totals":\["/, '$&7');
  writeFileSync(files.invalid, alter(published.globalProof.toString()));
  const value = /"values":\["/;
  writeFileSync(files.altered, readFileSync(files.proof, 'utf8').replace(value, '$&1'));
});

/** Commands whose codes are known, and these codes. */
function verdicts(): [string[], number][] {
  const { globalProof, manifest, invalid, altered, proof } = files;
  return [
    [['verify-user', '--global', manifest, proof], 0],
    [['verify-user', '--global', manifest, altered], 1],
    [['verify-global', globalProof, '--workers', '1'], 0],
    [['verify-global', invalid, '--workers', '1'], 1],
  ];
}

/** Runs it in bash with a redirection; its own code, not that of who reads. */
function redirected(args: readonly string[], redirection: string): Promise<number | null> {
  const script = `"$0" "$@" ${redirection}; exit \${PIPESTATUS[0]}`;
  const child = spawn('/bin/bash', ['-c', script, process.execPath, CLI, ...args], { stdio: 'ignore' });
  return new Promise((resolve) => child.once('close', resolve));
}

/**
 * The redirection, and the code that 0 becomes under --json; where nobody left, what was asked for is lost.
 */
const redirections: [string, number][] = [
  ['| grep -q Snapshot', 0],
  ['2>&1 >/dev/null | true', 0],
  ['2>&1 | true', 0],
  ['>&- 2>&-', 0],
  ['1</dev/null', 2],
  ...(existsSync('/dev/full')
    ? ([
        ['2>/dev/full', 0],
        ['>/dev/full 2>&1', 2],
      ] as [string, number][])
    : []),
];

async function expectCodes(some: [string[], number][], redirection: string, lost: number): Promise<void> {
  const ended = some.flatMap(([args]) => [
    redirected(args, redirection),
    redirected([...args, '--json'], redirection),
  ]);
  expect(await Promise.all(ended)).toEqual(some.flatMap(([, code]) => [code, code || lost]));
}

test.each(redirections)('a verdict has its own code with %s, and with --json', (redirection, lost) =>
  expectCodes(verdicts().slice(0, 2), redirection, lost),
);

test('so has that of a global proof', () => expectCodes(verdicts().slice(2), '2>&1 | true', 0));

test.each(['| true', '2>&1 | head -c 1'])(
  'prove %s proves all of it, and ends with 0',
  async (redirection) => {
    const output = join(root, `proved ${redirection.replace(/\W+/g, ' ')}`);
    const [accounts, config] = [join(root, 'accounts'), published.config];
    const args = ['prove', '--input', accounts, '--config', config, '--output', output, '--workers', '1'];
    expect(await redirected(args, redirection)).toBe(0);
    expect(readFileSync(join(output, 'manifest.json')).equals(published.manifest)).toBe(true);
    expect(readFileSync(join(output, 'global-proof.ndjson')).equals(published.globalProof)).toBe(true);
    expect(readdirSync(join(output, 'witness'))).toEqual(readdirSync(join(root, 'published', 'witness')));
  },
);

test.each([[], ['--json']])(
  'new keys that nobody saw are no success, and it is said what to do %j',
  async (...more) => {
    const file = join(root, `keys ${more.join('')}.json`);
    const said = join(root, `said ${more.join('')}`);
    const args = ['keys', 'new', '--output', file, ...more];
    expect(await redirected(args, `2>"${said}" | true`)).toBe(2);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(said, 'utf8')).toMatch(
      /stdout could not be written.*whose public key 0x[0-9a-f]{64}/,
    );
  },
);

const preload = (ending: string) => ({
  environment: { NODE_OPTIONS: `--require ${join(__dirname, '../testing/endings.cjs')}`, ENDING: ending },
});

test.each([
  ['empty event loop', /before it had a result.*UNFINISHED/],
  ['process.exit()', /before it had a result.*UNFINISHED/],
  ['process.exit(0)', /before it had a result.*UNFINISHED/],
  ['unhandled rejection', /nobody waits for this \(UNEXPECTED/],
  ['uncaught exception', /nobody catches this \(UNEXPECTED/],
])('%s before there is a verdict: 2, a sentence, no stack', async (ending, sentence) => {
  const args = ['verify-global', files.globalProof];
  const said = await runCli(args, preload(ending));
  expect(said).toMatchObject({ code: 2, signal: null, stdout: '' });
  expect(said.stderr).toMatch(sentence);
  expect(said.stderr.trim().split('\n')).toHaveLength(1);
  const document = await runCli([...args, '--json'], preload(ending));
  expect(document).toMatchObject({ code: 2, signal: null, stderr: '' });
  expect(JSON.parse(document.stdout)).toMatchObject({ ok: false, kind: 'internal' });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s before there is a verdict ends it by that signal',
  async (signal) => {
    const { child, ended } = startCli(['verify-global', files.globalProof], preload('waiting'));
    child.stderr!.once('data', () => child.kill(signal));
    expect(await ended).toMatchObject({ code: null, signal });
  },
);

test('SIGPIPE ends nothing', async () => {
  const { child, ended } = startCli(['verify-global', files.globalProof, '--workers', '1']);
  child.stdout!.once('data', () => child.kill('SIGPIPE'));
  expect(await ended).toMatchObject({ code: 0, signal: null });
});

test('the launcher ends with 2 where there is nothing to launch, and where it is broken', async () => {
  const project = join(root, 'project');
  cpSync(join(__dirname, '../../../bin'), join(project, 'bin'), { recursive: true });
  const launch = () =>
    new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [join(project, 'bin', 'solvent.cjs'), 'version']);
      let stderr = '';
      child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
      child.once('close', (code) => resolve({ code, stderr }));
    });
  const sentence = /^solvent cannot start \(.*\): run `node scripts\/setup\.mjs` in the project folder\.\n$/;
  expect(await launch()).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
  cpSync(join(__dirname, '../testing/endings.cjs'), join(project, 'dist', 'cli', 'main.cjs'));
  expect(await launch()).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
});

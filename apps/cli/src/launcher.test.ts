import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { temporaryFolder } from '../testing/run-cli';

const project = join(__dirname, '../../..');
const root = temporaryFolder();

/** `./solvent` as a shell starts it. */
function launch(clone: string, args: readonly string[], { input = '', path = process.env.PATH ?? '' } = {}) {
  const child = spawn(join(clone, 'solvent'), args, { cwd: root, env: { ...process.env, PATH: path } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input);
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
}

/**
 * A clone whose packages are installed by a command that leaves a mark (and reads and writes, as npm might),
 * and whose build makes a CLI that repeats its input.
 * The launcher and the set-up are the real ones.
 */
function clone(name: string): { readonly folder: string; readonly path: string } {
  const folder = join(root, name);
  const tools = join(folder, 'tools');
  for (const made of ['bin', 'scripts', 'src', 'tools']) mkdirSync(join(folder, made), { recursive: true });
  for (const file of [
    'solvent',
    'bin/solvent.cjs',
    'scripts/setup.mjs',
    'scripts/fresh.cjs',
    'package-lock.json',
  ])
    copyFileSync(join(project, file), join(folder, file));
  writeFileSync(join(folder, 'src', 'main.cjs'), CLI);
  writeFileSync(join(folder, 'scripts', 'build.mjs'), BUILD);
  writeFileSync(join(tools, 'npm'), '#!/bin/sh\necho installed; cat; mkdir node_modules\n');
  chmodSync(join(tools, 'npm'), 0o755);
  return { folder, path: `${tools}${delimiter}${process.env.PATH}` };
}

const CLI = `
let input = '';
process.stdin.on('data', (text) => (input += text)).on('end', () => {
  console.log(JSON.stringify({ input, args: process.argv.slice(2) }));
  process.exitCode = Number(process.argv[2]);
});`;
const BUILD = `
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
const started = Date.now() + 1;
console.log('built');
mkdirSync('dist/cli', { recursive: true });
copyFileSync('src/main.cjs', 'dist/cli/main.cjs');
writeFileSync('dist/built.json', JSON.stringify({ started, inputs: ['src/main.cjs'] }));`;

test('on a clean clone it sets up first, on stderr; stdin, stdout and the exit code are the command’s', async () => {
  const { folder, path } = clone('clean');
  const first = await launch(folder, ['1', 'a b'], { input: 'text\n', path });
  expect(first).toEqual({
    code: 1,
    stdout: `${JSON.stringify({ input: 'text\n', args: ['1', 'a b'] })}\n`,
    stderr: 'Installing dependencies (once) …\ninstalled\nBuilding …\nbuilt\n',
  });
  // Nothing is to be done any more, and nothing is said.
  expect(await launch(folder, ['0'], { path })).toMatchObject({ code: 0, stderr: '' });
});

test('what is older than its sources is built again, and nothing else', async () => {
  const { folder, path } = clone('stale');
  await launch(folder, ['0'], { path });
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(folder, 'src', 'main.cjs'), later, later);
  expect(await launch(folder, ['0'], { path })).toMatchObject({ code: 0, stderr: 'Building …\nbuilt\n' });
});

test('two that are started at once on a clean clone set up once', async () => {
  const { folder, path } = clone('pipe');
  const both = await Promise.all([launch(folder, ['0'], { path }), launch(folder, ['0'], { path })]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(
    both
      .map(({ stderr }) => stderr)
      .join('')
      .match(/installed|built/g),
  ).toEqual(['installed', 'built']);
});

test('where setting up fails it ends with 2, which is no verdict, and says what to do', async () => {
  const { folder, path } = clone('broken');
  writeFileSync(join(folder, 'scripts', 'build.mjs'), 'process.exit(1)');
  const { code, stdout, stderr } = await launch(folder, ['0'], { path });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('solvent cannot start (setting up failed): run `node scripts/setup.mjs`');
});

test('it runs from any folder, by a link too', async () => {
  symlinkSync(join(project, 'bin', 'solvent.cjs'), join(root, 'linked.cjs'));
  for (const [program, ...before] of [
    [join(project, 'solvent')],
    [process.execPath, join(project, 'bin', 'solvent.cjs')],
    [process.execPath, join(root, 'linked.cjs')],
  ] as const) {
    const { status, stdout } = spawnSync(program, [...before, '--version'], { cwd: root, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  }
});

test('nothing tells anybody to run the package that has this name in the registry', () => {
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: project,
    encoding: 'utf8',
  });
  const files = stdout.split('\0').filter((file) => file !== '' && !file.endsWith('package-lock.json'));
  expect(files.length).toBeGreaterThan(300);
  // Of the bare name, however it is fetched: it is somebody else's, and would be handed account keys.
  const stranger =
    /\b(?:npx|npm (?:exec|x|i|install|init)|pnpm dlx|yarn dlx|bunx)(?: +-[\w-]+)* +solvent(?![\w-])/;
  const naming = files.filter((file) => {
    try {
      return stranger.test(readFileSync(join(project, file), 'utf8'));
    } catch {
      // Removed, and not committed yet.
      return false;
    }
  });
  expect(naming).toEqual([]);
});

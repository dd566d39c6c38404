import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const BUNDLE = join(__dirname, '../../../dist/services/embedded.cjs');
const data = mkdtempSync(join(tmpdir(), 'solvent-embedded-'));
const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

/** This test itself may have been started by npm. */
const { npm_lifecycle_event: _, ...env } = process.env;
const withDefaults = (args: string[]) => [BUNDLE, '--data', data, '--port', '0', ...args];

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function start(...args: string[]): Run {
  return watched(spawn(process.execPath, withDefaults(args), { stdio: ['ignore', 'pipe', 'pipe'], env }));
}

/** As npm does, through a shell, in whose place another program (`true`) would be left. */
function startByNpm(...args: string[]): Run {
  const [npm, shell] = ['/bin/sh -c "$0" "$@"; true', '"$0" "$@"; true'];
  return watched(
    spawn('/bin/sh', ['-c', npm, shell, process.execPath, ...withDefaults(args)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, npm_lifecycle_event: 'start' },
    }),
  );
}

function watched(child: ChildProcessByStdio<null, Readable, Readable>): Run {
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  return { child, output: () => text, ended };
}

async function says(run: Run, what: RegExp): Promise<RegExpExecArray> {
  for (let tries = 0; tries < 1200; tries++) {
    const found = what.exec(run.output());
    if (found) return found;
    if (run.child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it never said ${what}:\n${run.output()}`);
}

test('it proves, publishes, serves; survives kill -9; and a later start serves the same', async () => {
  // Killed while it proves: the database is left to itself.
  const first = start('--accounts', '9000');
  await says(first, /requested|ingesting|proved 0/);
  first.child.kill('SIGKILL');
  await first.ended;

  const second = start('--accounts', '9000');
  await says(second, /Serving until Ctrl-C/);
  expect(second.output()).toMatch(/PostgreSQL/);
  const [, url] = await says(second, /GraphQL\s+(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
  const manifest = await (await fetch(`${url}/snapshots/demo-9000/manifest.json`)).text();
  expect(JSON.parse(manifest)).toMatchObject({ batchCount: 3, header: { snapshot: 'demo-9000' } });
  expect(statSync(join(data, 'keys', 'master')).mode & 0o777).toBe(0o600);
  // A second `npm start` in the same folder is refused and told by whom; the first serves on.
  const rival = start('--accounts', '9000', '--once');
  expect(await rival.ended).toBe(2);
  expect(rival.output()).toMatch(
    new RegExp(`in use by \`npm start\`, process ${second.child.pid} on .*OUTPUT_IN_USE`),
  );
  expect((await fetch(`${url}/snapshots/demo-9000/manifest.json`)).status).toBe(200);
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);

  const third = start('--accounts', '9000', '--once');
  expect(await third.ended).toBe(0);
  expect(third.output()).toMatch(/published by an earlier start/);
  const reserves = /reserves\.json: sample data/;
  expect(second.output()).toMatch(reserves);
  expect(third.output()).toMatch(reserves);
  // The operator key and the chain go on with another exchange's worth.
  const fourth = start('--accounts', '100', '--once');
  expect(await fourth.ended).toBe(0);
  expect(fourth.output()).toMatch(/published after/);
  expect(fourth.output()).toMatch(reserves);
}, 240_000);

test('a port that is taken is explained, and nothing is left running', async () => {
  const taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  const { port } = taken.address() as AddressInfo;
  try {
    const run = start('--port', String(port), '--once');
    expect(await run.ended).toBe(2);
    expect(run.output()).toMatch(new RegExp(`port ${port} .* is taken.*--port.*PORT_TAKEN`));
    expect(existsSync(join(data, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  } finally {
    taken.close();
  }
});

const postmaster = () => existsSync(join(data, 'postgres', 'data', 'postmaster.pid'));

test('its reader leaves (| head): it shows all the same, and ends with 0', async () => {
  const run = start('--accounts', '100', '--once');
  await says(run, /Solvent/);
  run.child.stdout!.destroy();
  run.child.stderr!.destroy();
  expect(await run.ended).toBe(0);
  expect(postmaster()).toBe(false);
});

test.each([
  ['while PostgreSQL starts', /Starting PostgreSQL/],
  ['when it is ready', /ready after/],
])(
  'the terminal is closed (SIGHUP) %s: PostgreSQL is ended too, and nothing was done: not 0',
  async (_, line) => {
    const run = start('--accounts', '50000');
    await says(run, line);
    // Nobody is there to read that it is ending.
    run.child.stdout!.destroy();
    run.child.stderr!.destroy();
    run.child.kill('SIGHUP');
    expect(await run.ended).toBe(129);
    expect(postmaster()).toBe(false);
  },
);

test.each(['SIGHUP', 'SIGTERM', 'SIGKILL'] as const)(
  'npm alone is ended by %s: so is what it started, PostgreSQL too',
  async (signal) => {
    const run = startByNpm('--accounts', '100');
    await says(run, /Serving until Ctrl-C/);
    run.child.kill(signal);
    // When nobody is left who could write.
    await run.ended;
    expect(run.output()).toMatch(/Ending …/);
    expect(postmaster()).toBe(false);
  },
);

test('a path with a space is quoted in every command that is shown', async () => {
  const spaced = join(data, 'with space');
  const run = start('--data', spaced, '--accounts', '100', '--once');
  expect(await run.ended).toBe(0);
  const commands = run.output().match(/ \.\/solvent .*/g)!;
  expect(commands).toHaveLength(6);
  for (const command of commands) expect(command.replace(/'[^']*'/g, '')).not.toContain('space');
  expect(run.output()).toMatch(/Log +'.*with space\/solvent\.log'/);
});

test('a bad option is explained', async () => {
  const run = start('--accounts', 'many');
  expect(await run.ended).toBe(2);
  expect(run.output()).toMatch(/must be an integer/);
  expect(run.output()).not.toMatch(/before it was done/);
  expect(await start('--help').ended).toBe(0);
});

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUNDLE = join(__dirname, '../../../dist/services/embedded.cjs');
const data = mkdtempSync(join(tmpdir(), 'solvent-embedded-'));
const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [BUNDLE, '--data', data, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
  // The operator key and the chain go on with another exchange's worth.
  const fourth = start('--accounts', '100', '--once');
  expect(await fourth.ended).toBe(0);
  expect(fourth.output()).toMatch(/published after/);
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
}, 60_000);

test('a bad option is explained', async () => {
  const run = start('--accounts', 'many');
  expect(await run.ended).not.toBe(0);
  expect(run.output()).toMatch(/must be an integer/);
});

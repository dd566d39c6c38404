import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@solvent-por/snapshot/files';
import { buildSync } from 'esbuild';
import { withClient } from '../../../services/database/src/database';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres';

const ROOT = join(__dirname, '..', '..', '..', '..');
/** Below the project, where it finds its packages. */
const BUNDLE = join(ROOT, 'dist', 'test', `embedded-${process.pid}.cjs`);

let directory: string;
let running: EmbeddedPostgres[] = [];
const lines: string[] = [];

beforeAll(() => {
  buildSync({
    stdin: {
      contents: `import { startEmbeddedPostgres } from './embedded-postgres';
        startEmbeddedPostgres({ directory: process.argv[2], log: () => {} }).then(({ url, pid }) => {
          console.log(JSON.stringify({ url, pid }));
          process.stdin.once('data', () => process.exit(0)).resume();
        });`,
      resolveDir: __dirname,
      loader: 'ts',
    },
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    external: ['pg', 'embedded-postgres', '@embedded-postgres/*'],
  });
});
afterAll(() => rmSync(BUNDLE, { force: true }));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'solvent-embedded-'));
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running = [];
  rmSync(directory, { recursive: true, force: true });
});

async function start(options: { port?: number } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, log: (line) => lines.push(line), ...options });
  running.push(server);
  return server;
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  running = running.filter((one) => one !== server);
  await server.stop();
}

/** Another Node process that starts the server in the same folder. */
async function startElsewhere(): Promise<{ child: ChildProcess; url: string; pid: number }> {
  const child = spawn(process.execPath, [BUNDLE, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (
    await new Promise<string>((resolve, reject) => {
      child.stdout!.once('data', (data: Buffer) => resolve(data.toString()));
      child.once('exit', () => reject(new Error('it did not start')));
    })
  ).split('\n');
  return { child, ...(JSON.parse(line!) as { url: string; pid: number }) };
}

const ended = (child: ChildProcess) => new Promise<void>((resolve) => child.once('exit', () => resolve()));
const query = (url: string, sql: string) =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

test('the same folder gives the same database again', async () => {
  const first = await start();
  expect(first.recovered).toBeUndefined();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await stop(first);
  expect(isAlive(first.pid)).toBe(false);
  const second = await start();
  expect(second.recovered).toBeUndefined();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('it listens on the loopback only, and its password is random and private', async () => {
  const { url } = await start();
  expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect(await query(url, 'SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
  const { password, hostname } = new URL(url);
  expect(hostname).toBe('127.0.0.1');
  expect(password).toMatch(/^[0-9a-f]{48}$/);
  expect(readFileSync(join(directory, 'password'), 'utf8')).toBe(`${password}\n`);
  expect(statSync(join(directory, 'password')).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  await expect(query(url.replace(password, 'f'.repeat(48)), 'SELECT 1')).rejects.toMatchObject({
    code: '28P01',
  });
});

test('a folder whose server is in use is refused, and the server goes on', async () => {
  const { url } = await start();
  await expect(start()).rejects.toMatchObject({ code: 'EMBEDDED_POSTGRES_IN_USE', kind: 'usage' });
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('after a SIGKILL of the Node process the next start ends the orphan in good order and says so', async () => {
  const killed = await startElsewhere();
  await query(killed.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  killed.child.kill('SIGKILL');
  await ended(killed.child);
  expect(isAlive(killed.pid)).toBe(true);
  const next = await start();
  expect(next.recovered).toMatch(new RegExp(`left PostgreSQL running \\(process ${killed.pid}\\)`));
  expect(isAlive(killed.pid)).toBe(false);
  expect(next.pid).not.toBe(killed.pid);
  expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  // Good order: it did not have to recover.
  expect(readFileSync(join(directory, 'server.log'), 'utf8')).not.toContain('not properly shut down');
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a %s that nobody handles ends the server with the Node process',
  async (signal) => {
    const { child, pid } = await startElsewhere();
    const code = new Promise((resolve) => child.once('exit', (...how) => resolve(how)));
    child.kill(signal);
    expect(await code).toEqual([null, signal]);
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    const next = await start();
    expect(next.recovered).toBeUndefined();
  },
);

test('while another process runs the server, it is refused and not ended', async () => {
  const other = await startElsewhere();
  try {
    await expect(start()).rejects.toMatchObject({ code: 'EMBEDDED_POSTGRES_IN_USE' });
    expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  } finally {
    other.child.stdin!.write('end\n');
    await ended(other.child);
  }
  // A process that ends without stopping it takes it along.
  while (isAlive(other.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('after a SIGKILL of the server the next start recovers and says so', async () => {
  const server = await start();
  await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  process.kill(server.pid, 'SIGKILL');
  while (isAlive(server.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  await stop(server);
  const next = await start();
  expect(next.recovered).toMatch(/write-ahead log/);
  expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('a stranger that was given the id of the last server is left alone', async () => {
  await stop(await start());
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  try {
    const file = [stranger.pid, join(directory, 'data'), 1, 5432, '', '127.0.0.1', '  1  1', 'ready   '];
    writeFileSync(join(directory, 'data', 'postmaster.pid'), `${file.join('\n')}\n`);
    const next = await start();
    expect(next.recovered).toMatch(/not shut down last time/);
    expect(isAlive(stranger.pid!)).toBe(true);
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  } finally {
    stranger.kill('SIGKILL');
    await ended(stranger);
  }
});

test('data of another version is refused, not touched', async () => {
  await stop(await start());
  writeFileSync(join(directory, 'data', 'PG_VERSION'), '12\n');
  await expect(start()).rejects.toMatchObject({
    code: 'EMBEDDED_POSTGRES_VERSION',
    details: { written: '12' },
  });
});

test('a port that is taken is said, and the folder is free again', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = taken.address() as AddressInfo;
    await expect(start({ port })).rejects.toThrow(/Address already in use/);
  } finally {
    taken.close();
  }
  await start();
});

// A local Kafka broker for tests and development: `node infra/kafka/local-kafka.mjs run --directory D [--port
// P]`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commandOf, startLocalKafka } from './broker.mjs';
import { fetchJars, whyNoKafka } from './jars.mjs';

export { fetchJars, startLocalKafka, whyNoKafka };

const USAGE = `usage: node infra/kafka/local-kafka.mjs COMMAND
  run    --directory D [--port P]   a broker until Ctrl-C; prints one line of JSON when it listens
         --with-stdin               …or until standard input ends
         --while-pid N              …or until that process ends
         --temporary                …and removes the folder afterwards
  start  --directory D [--port P]   the same in the background
  stop   --directory D
  fetch                             only fetches the jars (Java 17 and Maven are needed)
`;

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      directory: { type: 'string' },
      port: { type: 'string' },
      'with-stdin': { type: 'boolean', default: false },
      'while-pid': { type: 'string' },
      temporary: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
      scram: { type: 'string', multiple: true, default: [] },
    },
  });
  const [command] = positionals;
  if (command === 'fetch') return void console.log(await fetchJars());
  if (!['run', 'start', 'stop'].includes(command) || !values.directory) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const directory = resolve(values.directory);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (command === 'start') return start(directory, port);
  if (command === 'stop') return stop(directory);
  return run(directory, port, values);
}

/**
 * In the foreground, until it is told to end or what it serves has ended: a broker never outlives its tests,
 * however they end.
 */
async function run(directory, port, options) {
  const settings = Object.fromEntries(options.set.map((one) => one.split(/=(.*)/s, 2)));
  const broker = await startLocalKafka({ directory, port, settings, scram: options.scram });
  let end;
  const told = new Promise((resolveTold) => (end = resolveTold));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  if (options['with-stdin']) process.stdin.resume().once('end', end).once('error', end);
  const watched = Number(options['while-pid']);
  const watch = watched ? setInterval(() => isAlive(watched) || end(), 300) : undefined;
  const ready = { brokers: broker.brokers, port: broker.port, pid: broker.pid };
  // Renamed, so that nobody reads half of it.
  writeFileSync(join(directory, 'ready.making'), JSON.stringify({ ...ready, supervisor: process.pid }));
  renameSync(join(directory, 'ready.making'), join(directory, 'ready.json'));
  console.log(JSON.stringify(ready));
  await Promise.race([told, broker.exited]);
  clearInterval(watch);
  process.stdin.destroy();
  // Nobody reads again what is removed: it needn't be closed in good order.
  await (options.temporary ? broker.kill() : broker.stop());
  rmSync(join(directory, 'ready.json'), { force: true });
  if (options.temporary) rmSync(directory, { recursive: true, force: true });
}

async function start(directory, port) {
  const running = readReady(directory);
  if (running && isAlive(running.supervisor)) return void console.log(JSON.stringify(running));
  rmSync(join(directory, 'ready.json'), { force: true });
  mkdirSync(directory, { recursive: true });
  const log = openSync(join(directory, 'run.log'), 'a');
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(import.meta.url),
      'run',
      '--directory',
      directory,
      ...(port ? ['--port', String(port)] : []),
    ],
    { stdio: ['ignore', log, log], detached: true },
  );
  child.unref();
  while (!existsSync(join(directory, 'ready.json'))) {
    if (child.exitCode !== null)
      throw new Error(`the broker did not start: see ${join(directory, 'run.log')}`);
    await pause(100);
  }
  console.log(readFileSync(join(directory, 'ready.json'), 'utf8'));
}

async function stop(directory) {
  const running = readReady(directory);
  if (!running || !commandOf(running.supervisor).includes('local-kafka.mjs')) return;
  process.kill(running.supervisor, 'SIGTERM');
  while (isAlive(running.supervisor)) await pause(100);
}

function readReady(directory) {
  try {
    return JSON.parse(readFileSync(join(directory, 'ready.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// One real Kafka broker, its own controller (KRaft), on loopback.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../free-port.mjs';
import { fetchJars, javaProgram } from './jars.mjs';

const HOST = '127.0.0.1';
/** So long a broker may take to listen: 3 s on a quiet machine, and recovery after a kill. */
const START_MS = 90_000;
/** So long it may take to end in good order. */
const STOP_MS = 30_000;

/**
 * Starts a broker that keeps everything in one folder; the same folder and port give the same broker again.
 *
 * @param {{ directory: string, port?: number, settings?: Record<string, string>, scram?: string[] }} options
 *   a free port is taken unless one is given; scram: users as NAME=PASSWORD
 * @returns {Promise<{ brokers: string[], port: number, pid: number, exited: Promise<void>, stop():
 *   Promise<void>, kill(): Promise<void> }>}
 */
export async function startLocalKafka({ directory, port, settings = {}, scram = [] }) {
  const jars = await fetchJars();
  mkdirSync(directory, { recursive: true });
  const listener = port ?? (await freePort());
  // The controller's port isn't named by clients, so it may be another one at each start.
  const controller = await freePort();
  const file = join(directory, 'server.properties');
  writeFileSync(file, properties({ directory, listener, controller, settings }));
  const classpath = join(jars, '*');
  await clearOrphan(directory, file);
  if (!existsSync(join(directory, 'data', 'meta.properties'))) format(classpath, file, scram);
  const logFile = join(directory, 'broker.log');
  const log = openSync(logFile, 'a');
  const child = spawn(
    javaProgram(),
    [
      '-Xms256m',
      '-Xmx768m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classpath,
      'kafka.Kafka',
      file,
    ],
    // A group of its own: Ctrl-C in the terminal reaches only us, and we end the broker last.
    { stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  if (child.pid) writeFileSync(join(directory, 'broker.pid'), String(child.pid));
  const exited = new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const end = async (signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(impatience);
  };
  try {
    await listening(listener, child, logFile);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    brokers: [`${HOST}:${listener}`],
    port: listener,
    pid: child.pid,
    exited,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Ends the broker of this folder that a killed run has left; it would hold the folder's lock. */
async function clearOrphan(directory, file) {
  const pidFile = join(directory, 'broker.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const isOurs = () => commandOf(pid).includes(file);
  if (isOurs()) process.kill(pid, 'SIGTERM');
  for (const end = Date.now() + STOP_MS; isOurs(); await pause(100))
    if (Date.now() > end) process.kill(pid, 'SIGKILL');
}

/**
 * The command line of a process, so that a number that was given to another one meanwhile isn't taken for
 * ours; '' when there is none.
 */
export function commandOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  return spawnSync('ps', ['-ww', '-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? '';
}

/** @returns {string} */
function properties({ directory, listener, controller, settings }) {
  const all = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${HOST}:${controller}`,
    listeners: `PLAINTEXT://${HOST}:${listener},CONTROLLER://${HOST}:${controller}`,
    'advertised.listeners': `PLAINTEXT://${HOST}:${listener}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    // One node: nothing can be kept twice.
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'default.replication.factor': '1',
    // Fewer partitions start and stop faster.
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    // A topic must be provisioned; one that is misspelt must not appear by itself.
    'auto.create.topics.enable': 'false',
    'message.max.bytes': '16777216',
    'replica.fetch.max.bytes': '16777216',
    'log.cleaner.dedupe.buffer.size': '16777216',
    // Halve the time from a kill to the first acknowledgement of the next start.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    ...settings,
  };
  return `${Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

function format(classpath, file, scram) {
  // A cluster id is 16 bytes in base64url without padding, and may not begin with '-'.
  const id = Buffer.concat([Buffer.of(0x40), randomBytes(15)]).toString('base64url');
  const users = scram.flatMap((one) => {
    const [name, password] = one.split(/=(.*)/s, 2);
    return ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`];
  });
  const { status, stdout, stderr, error } = spawnSync(
    javaProgram(),
    [
      '-Xmx128m',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classpath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      id,
      '-c',
      file,
      ...users,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0)
    throw new Error(`Kafka's folder cannot be formatted: ${error?.message ?? ''}${stdout}${stderr}`);
}

async function listening(port, child, logFile) {
  const started = Date.now();
  while (!(await accepts(port))) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
      throw new Error(`Kafka ended while it started:\n${complaints(logFile)}`);
    if (Date.now() - started > START_MS) throw new Error(`Kafka does not listen after ${START_MS / 1000} s`);
    await pause(50);
  }
}

/** What a broker's log complains about; the rest of it is long. */
function complaints(logFile) {
  const lines = readFileSync(logFile, 'utf8').split('\n');
  return lines
    .filter((line) => / (ERROR|FATAL) |^Caused by|^\S+Exception/.test(line))
    .slice(-15)
    .join('\n');
}

/** @returns {Promise<boolean>} */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const answer = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

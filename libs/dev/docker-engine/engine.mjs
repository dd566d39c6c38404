// A Docker engine for machines that have none: Debian's packages unpacked into a cache folder, nothing
// installed but compose.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import { eventually, run, works } from './shell.mjs';

const PACKAGES = [
  'docker.io',
  'containerd',
  'tini',
  'runc',
  'iptables',
  'libip4tc2',
  'libip6tc2',
  'libxtables12',
];

/** @returns {string} the folder that holds the engine's programs */
export function unpackEngine(cache) {
  const folder = join(cache, 'engine');
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  const debs = join(work, 'debs');
  mkdirSync(debs, { recursive: true });
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['download', '-qq', ...PACKAGES], { cwd: debs });
  for (const deb of readdirSync(debs)) run('dpkg', ['-x', join(debs, deb), work]);
  rmSync(debs, { recursive: true });
  // Containers find each other's names by rules that the engine sets inside their own network namespaces.
  symlinkSync('xtables-legacy-multi', join(work, 'usr/sbin/iptables'));
  symlinkSync('xtables-legacy-multi', join(work, 'usr/sbin/ip6tables'));
  renameSync(work, folder);
  return folder;
}

/**
 * Starts it with bridge networks between containers, and no rules of its own in the machine's firewall.
 * @returns what programs need in their environment to use it, and how to end it
 */
export async function startEngine(cache) {
  const engine = unpackEngine(cache);
  const state = join(cache, 'state');
  mkdirSync(state, { recursive: true });
  const socket = join(state, 'docker.sock');
  const pidFile = join(state, 'docker.pid');
  if (existsSync(pidFile) && existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`))
    throw new Error(`an engine of another run still holds ${state}`);
  rmSync(pidFile, { force: true });
  const libraries = join(engine, 'usr/lib/x86_64-linux-gnu');
  const environment = {
    ...process.env,
    PATH: [join(engine, 'usr/bin'), join(engine, 'usr/sbin'), process.env.PATH].join(':'),
    DOCKER_HOST: `unix://${socket}`,
    DOCKER_BUILDKIT: '1',
  };
  const log = openSync(join(state, 'engine.log'), 'w');
  const child = spawn(
    join(engine, 'usr/sbin/dockerd'),
    [
      ['--iptables=false', '--ip6tables=false', '--bridge=none', '--storage-driver=overlay2'],
      ['--data-root', join(state, 'data'), '--exec-root', join(state, 'exec')],
      ['--pidfile', pidFile, '--host', `unix://${socket}`],
    ].flat(),
    {
      env: { ...environment, LD_LIBRARY_PATH: libraries, XTABLES_LIBDIR: join(libraries, 'xtables') },
      stdio: ['ignore', log, log],
      // Ctrl-C is for the test, which then ends containers first and the engine last.
      detached: true,
    },
  );
  // However this program ends, also while the engine starts.
  process.once('exit', () => child.kill('SIGTERM'));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await eventually('a Docker engine answers', 30, () => {
      if (child.exitCode !== null) throw new Error(`dockerd ended: see ${join(state, 'engine.log')}`);
      return works('docker', ['info'], { env: environment });
    });
  } catch (error) {
    child.kill('SIGTERM');
    throw error;
  }
  return {
    environment,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

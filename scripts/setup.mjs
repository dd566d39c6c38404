// Installs dependencies when node_modules is missing or stale, then builds; with --if-stale only what is
// missing or stale.
// Uses nothing but Node, so that `npm start` and `npm test` work on a fresh machine. What it says goes to
// stderr: stdout is for what comes after.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { INSTALLED, isBuilt, isInstalled, root, wantedPackages } from './fresh.cjs';

const WAIT_MS = 200;
const lock = join(root, '.cache', 'setup.lock');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Solvent needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}

// Two may be started at once, by a pipe of two commands say.
takeTurn();
process.once('exit', () => rmSync(lock, { force: true }));
if (!isInstalled()) {
  console.error('Installing dependencies (once) …');
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  mkdirSync(dirname(INSTALLED), { recursive: true });
  writeFileSync(INSTALLED, wantedPackages());
}
if (!process.argv.includes('--if-stale')) run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
else if (!isBuilt()) {
  console.error('Building …');
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
}

/** Waits until no other set-up of this folder runs. */
function takeTurn() {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (holderIsGone()) rmSync(lock, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
}

/** Whether whoever left the lock was killed. */
function holderIsGone() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // Just made, and not written yet.
    if (pid === 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`\`${[command, ...args].join(' ')}\` failed${error ? `: ${error.message}` : ''}.`);
    process.exit(status ?? 1);
  }
}

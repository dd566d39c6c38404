const { spawnSync } = require('node:child_process');
const { readdirSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: delay } = require('node:timers/promises');

/** Followed by the id of jest's process. */
const RUN_PREFIX = 'solvent-test-run-';
/** A server of the run: { pid, signal, directory } in a file of this ending; see SharedServer. */
const SERVER_FILE = '.server.json';

/** Ends the servers of a run and removes its folder. */
async function endRun(directory) {
  const servers = list(directory)
    .filter((name) => name.endsWith(SERVER_FILE))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')))
    .filter(({ pid, directory: folder }) => commandOf(pid).includes(folder));
  // What the id belonged to may have ended, and a stranger have it by now: hence the command line.
  for (const { pid, signal } of servers) send(pid, signal);
  for (const { pid, directory: folder } of servers) {
    for (let waited = 0; waited < 10_000 && send(pid, 0); waited += 20) await delay(20);
    send(pid, 'SIGKILL');
    remove(folder);
  }
  remove(directory);
}

/** Runs of jest that were killed left theirs behind. */
async function endAbandonedRuns() {
  for (const name of list(tmpdir())) {
    if (!name.startsWith(RUN_PREFIX)) continue;
    const pid = Number.parseInt(name.slice(RUN_PREFIX.length), 10);
    if (!Number.isInteger(pid) || !send(pid, 0)) await endRun(join(tmpdir(), name));
  }
}

function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function list(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Whether the signal could be sent: 0 asks whether the process lives. */
function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? '';
  }
}

module.exports = { RUN_PREFIX, SERVER_FILE, endRun, endAbandonedRuns };

const { spawnSync } = require('node:child_process');
const { readdirSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: delay } = require('node:timers/promises');

/** Followed by the id of jest's process. */
const RUN_PREFIX = 'solvent-test-run-';
/** A server of the run: { pid, signal } in a file of this ending. Its command line names the run's folder. */
const SERVER_FILE = '.server.json';

/** Ends the servers of a run and removes its folder. */
async function endRun(directory) {
  const servers = list(directory)
    .filter((name) => name.endsWith(SERVER_FILE))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')))
    // The id may be a stranger's by now.
    .filter(({ pid }) => commandOf(pid).includes(directory));
  for (const { pid, signal } of servers) send(pid, signal);
  for (const { pid } of servers) {
    for (let waited = 0; waited < 10_000 && send(pid, 0); waited += 20) await delay(20);
    send(pid, 'SIGKILL');
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Runs of jest that were killed left theirs behind. */
async function endAbandonedRuns() {
  for (const name of list(tmpdir())) {
    if (!name.startsWith(RUN_PREFIX)) continue;
    const pid = Number.parseInt(name.slice(RUN_PREFIX.length), 10);
    if (!Number.isInteger(pid) || !send(pid, 0)) await endRun(join(tmpdir(), name));
  }
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

// Runs commands: those of one lane after each other, the lanes side by side.
import { spawn } from 'node:child_process';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * @typedef {[name: string, command: string, args: string[]]} Step a program of node_modules/.bin, or an
 *   absolute path
 */

// Ctrl-C reaches the children too: they end in good order, and their exit codes end this.
process.on('SIGINT', () => undefined);

/** Runs one step on this terminal. @param {Step} step @returns {Promise<number>} its exit code */
export async function runStep([name, command, args]) {
  console.log(`\n— ${name}`);
  const code = await ended(start(command, args, 'inherit'));
  if (code !== 0) console.error(`\n${name} failed`);
  return code;
}

/**
 * Runs lanes side by side. What a step wrote is shown in one piece when it ends; after the first failure no
 * further step starts.
 * @param {Step[][]} lanes
 * @returns {Promise<number>} the exit code of the first step that failed, else 0
 */
export async function runLanes(lanes) {
  let failure = 0;
  const runLane = async (steps) => {
    for (const [name, command, args] of steps) {
      if (failure !== 0) return;
      const child = start(command, args, 'pipe');
      const output = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
      const code = await ended(child);
      console.log(`\n— ${name}`);
      process.stdout.write(Buffer.concat(output));
      if (code === 0) continue;
      console.error(`\n${name} failed`);
      failure ||= code;
    }
  };
  await Promise.all(lanes.map(runLane));
  return failure;
}

function start(command, args, output) {
  return spawn(isAbsolute(command) ? command : join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: output === 'inherit' ? 'inherit' : ['ignore', output, output],
    env: { ...process.env, NX_DAEMON: 'false' },
    shell: process.platform === 'win32',
  });
}

/** A step that a signal ended has failed too. */
function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

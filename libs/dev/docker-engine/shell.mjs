// Programs run to their end, and steps that say how long they took.
import { spawnSync } from 'node:child_process';

/** @returns {string} what it printed. @throws Error with the end of what it said when it fails */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 256 << 20,
    ...options,
  });
  if (status === 0) return stdout;
  const said = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`;
  throw new Error(`\`${[command, ...args].join(' ')}\` failed:\n${said.slice(-6000)}`);
}

export function works(command, args, options = {}) {
  return spawnSync(command, args, { stdio: 'ignore', ...options }).status === 0;
}

export async function step(name, work) {
  const start = Date.now();
  const result = await work();
  console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${name}`);
  return result;
}

/** Asks again until the answer is true. @throws Error when it still isn't after that many seconds */
export async function eventually(what, seconds, ask) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (await ask()) return;
    if (Date.now() > end) throw new Error(`${what}: still not after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

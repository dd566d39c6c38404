import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { lockFolder, type Lock } from '../src/lock';
import { isAlive } from '../src/process-identity';

/**
 * A process of its own that takes a folder's lock: `hold` until its input ends, or `hammer` many times and
 * then die holding it.
 */
const [, , mode, folder, rounds] = process.argv as [string, string, string, string, string?];

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function tryLock(): Lock | undefined {
  try {
    return lockFolder(folder, `test ${mode}`);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    if (mode === 'hold') answer({ code: error.code, message: error.message, details: error.details });
    return undefined;
  }
}

/** Says so when another living process is inside, too. */
function inside(lock: Lock): void {
  const mine = join(folder, `inside-${process.pid}`);
  writeFileSync(mine, '');
  for (const name of readdirSync(folder)) {
    const pid = Number(/^inside-(\d+)$/.exec(name)?.[1] ?? process.pid);
    if (pid !== process.pid && isAlive(pid)) answer({ violation: pid, broken: lock.broken?.pid ?? null });
  }
  rmSync(mine);
}

if (mode === 'hold') {
  process.stdin.once('data', () => {
    const lock = tryLock();
    if (lock) answer({ held: process.pid, broken: lock.broken?.pid ?? null });
    process.stdin.once('end', () => lock?.release());
  });
  answer({ ready: process.pid });
} else {
  for (let done = 0; done < Number(rounds);) {
    const lock = tryLock();
    if (!lock) continue;
    inside(lock);
    if (++done < Number(rounds)) lock.release();
  }
  answer({ dying: process.pid });
  process.kill(process.pid, 'SIGKILL');
}

import { readFileSync } from 'node:fs';

/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 1000;

/**
 * Tells when npm, which started this program (through a shell), has gone without a word: it passes SIGHUP on
 * to nobody, SIGTERM only to the shell. Where the system does not tell who started whom (other than Linux),
 * the shell alone is watched. A program that was not started by npm may outlive whoever started it.
 */
export function whenNpmHasGone(tell: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  const looking = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return;
    clearInterval(looking);
    tell();
  }, LOOK_EVERY_MS).unref();
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold spaces: fields are counted from its end. The parent is field 4.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

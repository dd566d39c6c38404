import type { Lock } from '@solvent-por/snapshot/files';
import type { Context } from './context';

/**
 * Works while what is written to is held, and gives it back whatever happens. Says so when the run that held
 * it before is gone without having given it back.
 */
export async function holdOutput<T>(lock: Lock, { say, style }: Context, work: () => Promise<T>): Promise<T> {
  try {
    if (lock.broken) {
      const { command, pid, since } = lock.broken;
      say(
        `${style.bullet} \`${command}\` (process ${pid}, since ${since}) was ended before it was done: going on without it`,
      );
    }
    return await work();
  } finally {
    lock.release();
  }
}

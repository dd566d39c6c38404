import { SolventError } from '@solvent-por/kzg';
import { serve, type WorkContext } from '../../src/threads/serve';

/** How the threads shall begin. */
interface Beginning {
  readonly dieAtStart?: boolean;
  readonly failAtStart?: boolean;
}

export type MortalTasks = Awaited<ReturnType<typeof start>>;

/** Threads for tests: they can be told to fail, to die, or to be slow. */
async function start({ dieAtStart, failAtStart }: Beginning, { tell, ending }: WorkContext) {
  if (dieAtStart) process.exit(3);
  if (failAtStart) throw new SolventError('SETUP', 'internal', 'no set-up');
  let tasks = 0;
  return {
    echo: async <T>(value: T) => value,
    count: async (_: unknown) => ++tasks,
    refuse: async (row: number) => {
      throw new SolventError('REFUSED', 'invalid', `row ${row}`, { row });
    },
    stumble: async (_: unknown) => {
      throw new RangeError('a mistake');
    },
    full: async (_: unknown) => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    },
    exit: async (_: unknown) => process.exit(1),
    crash: async (_: unknown) => {
      setImmediate(() => {
        throw new Error('nobody catches this');
      });
      return new Promise<never>(() => undefined);
    },
    /** Takes its time without giving the thread free, as a proof does. */
    work: async (milliseconds: number) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
      return 'done';
    },
    /** Takes until it is told to end. */
    untilEnded: async (_: unknown) => {
      tell('it has begun');
      if (!ending.aborted)
        await new Promise((resolve) => ending.addEventListener('abort', resolve, { once: true }));
      return 'ended';
    },
  };
}

serve({ failing: async () => ({ start }) });

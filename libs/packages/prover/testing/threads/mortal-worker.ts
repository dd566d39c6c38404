import { workerData } from 'node:worker_threads';
import { SolventError } from '@solvent-por/kzg';
import { serve } from '../../src/threads/serve';

/** A worker for tests: it can be told to fail, to die, or to be slow. */
const { dieAtStart, failAtStart } = workerData as {
  readonly dieAtStart?: boolean;
  readonly failAtStart?: boolean;
};
if (dieAtStart) process.exit(3);
let tasks = 0;

serve(failAtStart ? Promise.reject(new SolventError('SETUP', 'internal', 'no set-up')) : Promise.resolve(), {
  echo: async (value: unknown) => value,
  count: async () => ++tasks,
  refuse: async (row: number) => {
    throw new SolventError('REFUSED', 'invalid', `row ${row}`, { row });
  },
  stumble: async () => {
    throw new RangeError('a mistake');
  },
  exit: async () => process.exit(1),
  crash: async () => {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    return new Promise(() => undefined);
  },
  /** Takes its time without giving the thread free, as a proof does. */
  work: async (milliseconds: number) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    return 'done';
  },
});

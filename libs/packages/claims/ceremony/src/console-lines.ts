import type { Log } from '@solvent-por/claims/prove';

/** Those who listen now: what is said meanwhile may be about any of them. */
const listening = new Set<Log>();
let restore: () => void = () => {};
const world = globalThis as unknown as { readonly console: { log: (line: unknown) => void } };

/**
 * Takes down what is said on the console while something works: snarkjs says there, where a program's own answer
 * belongs, what is wrong with a contribution.
 */
export async function consoleIn<T>(log: Log, work: () => Promise<T>): Promise<T> {
  const own = world.console.log;
  // Whoever comes first takes it, and gives it back when the last one is done.
  if (listening.size === 0) {
    restore = () => (world.console.log = own);
    world.console.log = (line) => listening.forEach((each) => each.error(String(line).trim()));
  }
  listening.add(log);
  try {
    return await work();
  } finally {
    listening.delete(log);
    if (listening.size === 0) restore();
  }
}

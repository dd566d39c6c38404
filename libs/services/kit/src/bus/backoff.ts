import { setTimeout as sleep } from 'node:timers/promises';
import type { RetryPolicy } from './bus-options';

/**
 * The pause before the next try, in milliseconds, after so many that failed: doubled each time, a fifth
 * shorter or longer by chance, so that many who wait for one thing don't come at once.
 */
export function pauseMsAfter(failures: number, { firstPauseMs, longestPauseMs }: RetryPolicy): number {
  const doubled = firstPauseMs * 2 ** Math.min(failures - 1, 30);
  return Math.min(doubled, longestPauseMs) * (0.8 + 0.4 * Math.random());
}

/** Waits; ends early, without an error, when the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

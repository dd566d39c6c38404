import { setTimeout as sleep } from 'node:timers/promises';
import { SolventApiError } from '@solvent-por/client';

export interface RetryOptions {
  /** Attempts in all. */
  readonly tries: number;
  /** Which of the transient failures to wait for; all, when left out. */
  readonly worthwhile?: (error: SolventApiError) => boolean;
  /** Told before each pause. */
  readonly onPause?: (error: SolventApiError, seconds: number) => void;
  readonly signal?: AbortSignal;
}

/** Longest pause between two attempts, in seconds. */
const LONGEST_PAUSE_SECONDS = 30;

/** Does something again, after growing pauses, as long as it fails for a reason that may pass. */
export async function retrying<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { tries, worthwhile = () => true, onPause, signal } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SolventApiError && error.transient && worthwhile(error)) || attempt >= tries)
        throw error;
      const seconds = secondsBeforeRetry(attempt, error.retryAfter);
      onPause?.(error, seconds);
      await sleep(seconds * 1000, undefined, signal ? { signal } : {});
    }
  }
}

/**
 * Half a second, doubled each time, and up to half as much again so that many clients don't come back at
 * once; never less than what was asked for.
 */
export function secondsBeforeRetry(attempt: number, retryAfter = 0): number {
  const growing = Math.min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** (attempt - 1)) * (1 + Math.random() / 2);
  return Math.max(growing, Math.min(retryAfter, 2 * LONGEST_PAUSE_SECONDS));
}

import type { Log } from '../logging/log';

/** How a message ended: handled; given up, to the dead letters; left for another delivery. */
export type Outcome = 'done' | 'dead' | 'abandoned';

/** What a bus counts. */
export interface BusMeter {
  published(topic: string, bytes: number): void;
  handled(topic: string, group: string, outcome: Outcome, seconds: number): void;
  /** A handler threw and will be called again. */
  retried(topic: string, group: string, transient: boolean): void;
}

export const silentMeter: BusMeter = {
  published() {},
  handled() {},
  retried() {},
};

/** How handlers that throw are called again. */
export interface RetryPolicy {
  /** Calls in all before a message is given up, when its errors aren't transient. */
  readonly tries: number;
  /** The first pause, in milliseconds; each is twice the one before, a fifth shorter or longer by chance. */
  readonly firstPauseMs: number;
  /** The longest pause, in milliseconds: so late at most a service notices that its database is back. */
  readonly longestPauseMs: number;
}

export const RETRY_POLICY: RetryPolicy = { tries: 3, firstPauseMs: 200, longestPauseMs: 5_000 };

export interface BusOptions {
  /**
   * Whether an error passes by itself, so that what failed is worth trying without end. Errors of the bus
   * itself are known to it.
   */
  readonly isTransient: (error: unknown) => boolean;
  readonly log: Log;
  readonly meter: BusMeter;
  readonly retry?: RetryPolicy;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context';
import { duration } from '../format';
import { retrying } from './retry';

/** So often in a row it may find nobody: about five minutes. */
const TRIES = 15;

export interface WatchOptions<T> {
  readonly first: T;
  readonly look: () => Promise<T>;
  readonly isFinished: (now: T) => boolean;
  /** How much of it is done, where that is known. */
  readonly share: (now: T) => readonly [done: number, of: number] | undefined;
  /** What goes on, for the line of progress. */
  readonly label: string;
  /** Seconds between two looks. */
  readonly interval: number;
}

/**
 * Looks again and again until something is finished, or has failed; a gateway that is away for a while is
 * waited for.
 */
export async function watch<T extends { readonly state: string }>(
  { first, look, isFinished, share, label, interval }: WatchOptions<T>,
  context: Context,
): Promise<T> {
  const { complain, say, style, signal } = context;
  const started = performance.now();
  const progress = context.progress(label);
  let [now, away] = [first, false];
  say(`${style.bullet} ${first.state}`);
  try {
    for (;;) {
      const { state } = now;
      const [done, of] = share(now) ?? [0, 0];
      if (of > 0) progress.update(done, of, `${state} for ${duration(performance.now() - started)}`);
      await sleep(interval * 1000, undefined, { signal });
      now = await retrying(look, {
        tries: TRIES,
        signal,
        onPause: ({ message }) => {
          if (!away) complain(`${style.warning} the gateway is away (${message}); waiting for it`);
          away = true;
        },
      });
      if (away) say(`${style.tick} the gateway is back`);
      away = false;
      if (now.state !== state)
        say(`${style.bullet} ${now.state} after ${duration(performance.now() - started)}`);
      if (isFinished(now)) return now;
    }
  } finally {
    progress.stop();
  }
}

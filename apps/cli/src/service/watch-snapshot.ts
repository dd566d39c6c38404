import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot } from '@solvent/client';
import type { Context } from '../context';
import { duration } from '../format';
import { retrying } from './retry';
import { isFinished } from './snapshots';

/** So often in a row it may find nobody: about five minutes. */
const TRIES = 15;

export interface WatchOptions {
  readonly first: Snapshot;
  readonly look: () => Promise<Snapshot>;
  /** Seconds between two looks. */
  readonly interval: number;
}

/** Looks again and again until a snapshot is published or has failed; a gateway that is away for a while is waited for. */
export async function watchSnapshot(
  { first, look, interval }: WatchOptions,
  context: Context,
): Promise<Snapshot> {
  const { complain, say, style, signal } = context;
  const started = performance.now();
  const progress = context.progress('proving');
  let [snapshot, away] = [first, false];
  say(`${style.bullet} ${first.state}`);
  try {
    for (;;) {
      const { state, progress: done } = snapshot;
      if (done?.batches)
        progress.update(
          done.batchesProved,
          done.batches,
          `${state} for ${duration(performance.now() - started)}`,
        );
      await sleep(interval * 1000, undefined, { signal });
      const before = state;
      snapshot = await retrying(look, {
        tries: TRIES,
        signal,
        onPause: ({ message }) => {
          if (!away) complain(`${style.warning} the gateway is away (${message}); waiting for it`);
          away = true;
        },
      });
      if (away) say(`${style.tick} the gateway is back`);
      away = false;
      if (snapshot.state !== before)
        say(`${style.bullet} ${snapshot.state} after ${duration(performance.now() - started)}`);
      if (isFinished(snapshot)) return snapshot;
    }
  } finally {
    progress.stop();
  }
}

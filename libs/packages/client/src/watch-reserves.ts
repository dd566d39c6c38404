import { SolventApiError } from './errors';
import type { Reserves } from './reserves-shapes';
import type { RequestOptions } from './transport';

export interface WatchOptions extends RequestOptions {
  /** Milliseconds between two looks; 2,000 when left out. */
  readonly interval?: number;
}

/**
 * Reserves each time that they have come further, until they are PUBLISHED or FAILED; the last one is that.
 * @param look asks for them as they are now
 * @throws SolventApiError RESERVES_NOT_FOUND: nobody asked for any
 */
export async function* watched(
  look: () => Promise<Reserves | null>,
  { interval = 2000, signal }: WatchOptions,
): AsyncGenerator<Reserves, void> {
  for (let last = ''; ;) {
    const now = await look();
    if (!now)
      throw new SolventApiError('RESERVES_NOT_FOUND', 'there are no reserves of a snapshot of this name');
    const seen = `${now.state} ${now.operations?.attempt} ${now.operations?.linesJudged}`;
    if (seen !== last) yield now;
    if (now.state === 'PUBLISHED' || now.state === 'FAILED') return;
    last = seen;
    await pause(interval, signal);
  }
}

/** @throws the signal's reason */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, milliseconds);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
}

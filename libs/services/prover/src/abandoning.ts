/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * The result of work, unless it takes longer than `grace` milliseconds after the signal was aborted: then the
 * signal's reason is thrown, and whatever the work gives later is nobody's.
 */
export async function beforeAbandoned<T>(work: Promise<T>, signal: AbortSignal, grace: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let start: () => void = () => undefined;
  const abandoned = new Promise<never>((_, reject) => {
    start = () => (timer = setTimeout(() => reject(signal.reason as Error), grace));
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true });
  });
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', start);
    work.catch(() => undefined);
  }
}

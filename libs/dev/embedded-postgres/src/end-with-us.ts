/** Those that end a process where nobody handles them. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const ends = new Set<() => void>();

/**
 * Has something end when this process does: by itself, or by a signal. A signal that somebody else here
 * handles is theirs: they end this process in their own order, or not at all.
 *
 * @param end is not waited for
 * @returns takes it back
 */
export function endWithUs(end: () => void): () => void {
  if (ends.size === 0) listen();
  ends.add(end);
  return () => {
    ends.delete(end);
    if (ends.size === 0) unlisten();
  };
}

function listen(): void {
  process.on('exit', endAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unlisten(): void {
  process.removeListener('exit', endAll);
  for (const signal of SIGNALS) process.removeListener(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  // As if it had not been handled at all.
  unlisten();
  process.kill(process.pid, signal);
}

function endAll(): void {
  for (const end of ends) end();
  ends.clear();
}

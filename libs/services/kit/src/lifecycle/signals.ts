import type { Log } from '../logging/log';

/** So long the process may take to end by itself once all is closed. */
const LINGER_MS = 2_000;

/**
 * Ends the process in good order on the first SIGTERM, SIGINT or SIGHUP (the terminal was closed), at once on
 * the second. Exit 0 when all was closed, 1 otherwise, 130 when told twice.
 */
export function endOnSignals(stop: () => Promise<boolean>, log: Log): void {
  let told = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (told) process.exit(130);
      told = true;
      log.info({ signal }, 'shutting down; a second signal ends at once');
      void stop().then((good) => {
        if (!good) process.exit(1);
        process.exitCode = 0;
        setTimeout(() => {
          log.warn({ open: process.getActiveResourcesInfo() }, 'something was left open');
          process.exit(0);
        }, LINGER_MS).unref();
      });
    });
}

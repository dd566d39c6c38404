import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, startEmbeddedPostgres, type EmbeddedPostgres } from '@solvent-por/dev/embedded-postgres';

/**
 * Nothing of a test needs to survive the machine's crash. What was committed must survive the server's,
 * though, and without `synchronous_commit` the last commits would stand in the killed server's memory alone.
 */
export const FAST_SETTINGS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on' } as const;

export interface TestPostgres {
  /** Stays the same over restarts. */
  readonly url: string;
  /** Shuts down in good order and starts again on the same data. */
  restart(): Promise<void>;
  /** SIGKILL to the server; `restart` brings it back. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A PostgreSQL of its own, for tests that restart or kill it; its database is not migrated. */
export async function testPostgres(): Promise<TestPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'solvent-postgres-'));
  const port = await freePort();
  const start = () =>
    startEmbeddedPostgres({ directory, port, log: () => undefined, settings: { ...FAST_SETTINGS } });
  let server: EmbeddedPostgres | undefined = await start().catch((error: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  });
  const { url, directory: home } = server;
  const stop = async () => {
    await server?.stop();
    server = undefined;
  };
  return {
    url,
    restart: async () => {
      await stop();
      server = await start();
    },
    kill: async () => {
      const killed = server;
      if (!killed) return;
      process.kill(killed.pid, 'SIGKILL');
      while (isAlive(killed.pid)) await delay(10);
      // Finds nothing to stop; gives the folder up.
      await stop();
    },
    stop: async () => {
      await stop();
      for (const folder of [home, directory])
        rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

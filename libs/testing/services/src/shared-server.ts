import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The folder that the workers of this run of jest share; jest/global-setup.cjs makes it. */
export function runDirectory(): string {
  const directory = process.env.SOLVENT_TEST_RUN_DIRECTORY;
  if (!directory)
    throw new Error('SOLVENT_TEST_RUN_DIRECTORY is not set: tests of services run under jest only');
  return directory;
}

/** A server that outlives the worker that started it; the run's end ends it. */
export interface SharedServer {
  readonly pid: number;
  /** Its own folder, which its command line names; it is removed at the end. */
  readonly directory: string;
  /** What ends it at once. */
  readonly signal: NodeJS.Signals;
  /** What its users need. */
  readonly address: string;
}

const WAIT_MS = 120_000;

/**
 * A server that all workers of the run use: whoever needs it first starts it, the others wait. When starting fails, each of them gets the reason.
 *
 * @returns its address
 */
export async function sharedServer(name: string, start: () => Promise<SharedServer>): Promise<string> {
  const base = join(runDirectory(), name);
  if (take(`${base}.lock`)) {
    try {
      const server = await start();
      write(`${base}.server.json`, JSON.stringify(server));
    } catch (error) {
      write(`${base}.failed`, error instanceof Error ? `${error.message}\n${error.stack}` : String(error));
      throw error;
    }
  }
  for (let waited = 0; waited < WAIT_MS; waited += 50) {
    if (existsSync(`${base}.server.json`))
      return (JSON.parse(readFileSync(`${base}.server.json`, 'utf8')) as SharedServer).address;
    if (existsSync(`${base}.failed`))
      throw new Error(`${name} did not start: ${readFileSync(`${base}.failed`, 'utf8')}`);
    await delay(50);
  }
  // Whoever was starting it was killed.
  rmdirSync(`${base}.lock`);
  throw new Error(`${name} did not start within ${WAIT_MS / 1000} s`);
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** Readers see all of it. */
function write(file: string, content: string): void {
  writeFileSync(`${file}.writing`, content, { mode: 0o600 });
  renameSync(`${file}.writing`, file);
}

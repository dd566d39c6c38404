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
 * A server that all workers of the run use: whoever needs it first starts it, the others wait. When starting
 * fails, each of them gets the reason.
 *
 * @returns its address
 */
export async function sharedServer(name: string, start: () => Promise<SharedServer>): Promise<string> {
  return (await once(name, 'server', start)).address;
}

/**
 * A folder that is filled once for all test files of the run, because filling it is dear: a proved snapshot,
 * say. Copy it; nobody may change it.
 *
 * @param patience milliseconds that the others wait for whoever fills it
 * @returns its path
 */
export async function sharedFolder(
  name: string,
  fill: (folder: string) => Promise<void>,
  patience = WAIT_MS,
): Promise<string> {
  const make = async () => {
    const folder = join(runDirectory(), `${name}.shared`);
    mkdirSync(folder);
    await fill(folder);
    return folder;
  };
  return once(name, 'folder', make, patience);
}

/** What the first who asks for it makes, and what all others of the run get. It goes through JSON. */
async function once<T>(name: string, kind: string, make: () => Promise<T>, patience = WAIT_MS): Promise<T> {
  const base = join(runDirectory(), name);
  const made = `${base}.${kind}.json`;
  if (take(`${base}.lock`)) {
    try {
      write(made, JSON.stringify(await make()));
    } catch (error) {
      write(`${base}.failed`, error instanceof Error ? `${error.message}\n${error.stack}` : String(error));
      throw error;
    }
  }
  for (let waited = 0; waited < patience; waited += 50) {
    if (existsSync(made)) return JSON.parse(readFileSync(made, 'utf8')) as T;
    if (existsSync(`${base}.failed`))
      throw new Error(`${name} could not be made: ${readFileSync(`${base}.failed`, 'utf8')}`);
    await delay(50);
  }
  // Whoever was making it was killed.
  rmdirSync(`${base}.lock`);
  throw new Error(`${name} was not made within ${patience / 1000} s`);
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

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { placeNew } from './atomic';
import { livenessOf, newOwner, parseOwner, type LockOwner } from './lock-owner';
import { storageFailed } from './storage-error';

export type { LockOwner } from './lock-owner';

/** A lock that this process holds. */
export interface Lock {
  readonly file: string;
  /** Who had it last and is gone without having given it back: killed, or the machine went down. */
  readonly broken: LockOwner | undefined;
  /** Gives it back; again does nothing. */
  release(): void;
}

/** Of a folder; beside a file, `.<name>` comes before it. */
const LOCK = '.solvent-lock';
/** How often another process may be faster, or a file half written, before that is strange. */
const ATTEMPTS = 200;
const PAUSE_MS = 10;

/** Locks to be given back when the process ends, however it ends. */
const held = new Set<Lock>();

/**
 * Takes a lock: a file that names its owner, made whole and exclusively (link). An owner that is gone is
 * succeeded.
 *
 * Two processes that find the same dead owner must not both succeed it, and none may remove the other's new
 * lock. So nobody removes a dead owner's file: whoever wants to succeed the owner with token T makes the file
 * `<lock>.T.next`, exclusively. As tokens are random, a name is made once: there is one successor. A
 * successor that dies in turn is succeeded in the same way, so that locks form a chain, and its last owner
 * holds it. Having looked that the chain still leads to it (an earlier successor may have shortened it
 * meanwhile), the new owner renames its file over the first one: the chain is one link long again. A lock
 * file that is there is thus only ever replaced, or removed, by the process that holds it.
 *
 * @param file the lock's own
 * @param command what this process does, for whoever is refused; no arguments, no secrets
 * @param options `what`: the thing that is locked, for messages
 *   `released`: called when it was given back
 * @throws SolventError OUTPUT_IN_USE, OUTPUT_IN_USE_ELSEWHERE, OUTPUT_LOCK_DAMAGED (kind usage; details pid,
 *   host, command, since, lock)
 */
export function takeLock(
  file: string,
  command: string,
  { what = file, released }: { readonly what?: string; readonly released?: () => void } = {},
): Lock {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const mine = newOwner(command);
    const { last, place, unreadable } = follow(file);
    if (unreadable !== undefined) {
      if (attempt === ATTEMPTS - 1) throw damaged(unreadable, what);
      // Without links a lock is there before all of it is written.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      continue;
    }
    if (last) refuseUnlessGone(last, file, what);
    if (!create(file, place, mine)) continue;
    if (last) {
      if (follow(file).last?.token !== mine.token) {
        rmSync(place, { force: true });
        continue;
      }
      renameSync(place, file);
      sweep(file);
    }
    return hold({ file, mine, broken: last, released });
  }
  throw new SolventError(
    'OUTPUT_IN_USE',
    'usage',
    `others are faster to take ${what}: give the command again`,
    {
      lock: file,
    },
  );
}

/** The end of the chain: who is its last owner, and the name under which that one is succeeded. */
function follow(file: string): {
  readonly last: LockOwner | undefined;
  readonly place: string;
  readonly unreadable?: string;
} {
  let last: LockOwner | undefined;
  let place = file;
  for (;;) {
    const text = read(place);
    if (text === undefined) return { last, place };
    const owner = parseOwner(text);
    if (!owner) return { last, place, unreadable: place };
    last = owner;
    place = `${file}.${owner.token}.next`;
  }
}

function create(file: string, place: string, mine: LockOwner): boolean {
  const temporary = `${file}.${mine.token}.new`;
  // Not secret: another account that is refused is to read who holds it.
  const descriptor = openSync(temporary, 'wx', 0o644);
  try {
    writeSync(descriptor, `${JSON.stringify(mine)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    return placeNew(temporary, place);
  } catch (error) {
    // Swept away by whoever took the lock meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * What others left when they died while they took the lock; whoever is still at it will notice and begin
 * anew.
 */
function sweep(file: string): void {
  const start = `${basename(file)}.`;
  for (const name of readdirSync(dirname(file)))
    if (name.startsWith(start) && isLockFile(name)) rmSync(join(dirname(file), name), { force: true });
}

function hold({
  file,
  mine,
  broken,
  released,
}: {
  readonly file: string;
  readonly mine: LockOwner;
  readonly broken: LockOwner | undefined;
  readonly released: (() => void) | undefined;
}): Lock {
  const lock: Lock = {
    file,
    broken,
    release: () => {
      if (!held.delete(lock)) return;
      // Removed by hand, it may be another's by now.
      if (parseOwner(read(file) ?? '')?.token === mine.token) rmSync(file, { force: true });
      released?.();
    },
  };
  if (!process.listeners('exit').includes(releaseLocks)) process.once('exit', releaseLocks);
  held.add(lock);
  return lock;
}

/**
 * Gives back every lock of this process at once: for a process about to end by a signal, which nothing else
 * is told of.
 */
export function releaseLocks(): void {
  for (const lock of [...held]) lock.release();
}

/**
 * Makes a folder if it is missing, and takes the lock that stands in it. Giving it back removes the folder
 * again if it was made here and nothing came into it.
 * @param mode of a folder that is made
 * @throws SolventError as takeLock, STORAGE_FAILED (internal)
 */
export function lockFolder(directory: string, command: string, mode?: number): Lock {
  return lockIn(directory, LOCK, { command, mode, what: directory });
}

/**
 * Takes the lock of a file to be written, which stands beside it; the folder is made if it is missing.
 * @throws SolventError as lockFolder
 */
export function lockBeside(file: string, command: string, mode?: number): Lock {
  return lockIn(dirname(file), `.${basename(file)}${LOCK}`, { command, mode, what: file });
}

/**
 * Does some work while the folder is held; `lock` is one that the caller has already.
 * @throws SolventError as takeLock
 */
export async function holdFolder<T>(
  directory: string,
  {
    command,
    mode,
    lock,
  }: { readonly command: string; readonly mode?: number; readonly lock?: Lock | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const taken = lock ? undefined : lockFolder(directory, command, mode);
  try {
    return await work();
  } finally {
    taken?.release();
  }
}

/** Whether a file of this name is a lock, or what taking one may leave. */
export function isLockFile(name: string): boolean {
  return /^(?:\..+)?\.solvent-lock(?:\.[0-9a-f]{32}\.(?:new|next))?$/.test(name);
}

/** Names in a folder, locks aside. */
export function contentsOf(directory: string): string[] {
  return readdirSync(directory).filter((name) => !isLockFile(name));
}

function lockIn(
  directory: string,
  name: string,
  {
    command,
    mode,
    what,
  }: { readonly command: string; readonly mode: number | undefined; readonly what: string },
): Lock {
  for (let attempt = 0; ; attempt++) {
    try {
      const made =
        mkdirSync(directory, { recursive: true, ...(mode !== undefined && { mode }) }) !== undefined;
      const released = () => made && removeEmpty(directory);
      return takeLock(join(directory, name), command, { what, released });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another run that had made the folder, and left it empty, has just removed it.
      if (code === 'ENOENT' && attempt < ATTEMPTS) continue;
      if (error instanceof SolventError) throw error;
      throw storageFailed(directory, code);
    }
  }
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Something is in it.
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws SolventError OUTPUT_IN_USE | OUTPUT_IN_USE_ELSEWHERE (kind usage) */
function refuseUnlessGone(owner: LockOwner, lock: string, what: string): void {
  const liveness = livenessOf(owner);
  if (liveness === 'gone') return;
  const { pid, host, command, since } = owner;
  const who = `${what} is in use by \`${command}\`, process ${pid} on ${host}, since ${since}`;
  const details = { pid, host, command, since, lock };
  if (liveness === 'lives')
    throw new SolventError(
      'OUTPUT_IN_USE',
      'usage',
      `${who}: wait until it has ended, or name another output`,
      details,
    );
  throw new SolventError(
    'OUTPUT_IN_USE_ELSEWHERE',
    'usage',
    `${who}. That is another machine or container, so whether it still runs can't be told from here: name another output; or, if you know that it has ended, remove ${lock} and give the command again`,
    details,
  );
}

function damaged(lock: string, what: string): SolventError<'OUTPUT_LOCK_DAMAGED'> {
  return new SolventError(
    'OUTPUT_LOCK_DAMAGED',
    'usage',
    `${what} may be in use: its lock file ${lock} can't be read. If no other run uses it, remove that file and give the command again`,
    { lock },
  );
}

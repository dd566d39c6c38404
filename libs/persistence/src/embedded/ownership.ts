import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { SolventError } from '@solvent/algebra';
import { identityOf } from './process-identity';

/**
 * Makes this process the owner of a data folder, so that a second `npm start` doesn't take the first one's living server for an orphan. A file
 * names the owner; one whose process is gone is nobody's.
 *
 * @returns gives it up again
 * @throws SolventError EMBEDDED_POSTGRES_IN_USE (usage)
 */
export function takeOwnership(file: string): () => void {
  const mine = `${process.pid} ${identityOf(process.pid)}\n`;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (create(file, mine)) return () => release(file, mine);
    const theirs = read(file);
    if (theirs === undefined) continue;
    const pid = Number.parseInt(theirs, 10);
    if (theirs === `${pid} ${identityOf(pid)}\n`) throw inUse(pid);
    discard(file, theirs);
  }
  throw inUse();
}

function create(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Removes a dead owner's file. Two may try at once: renaming makes sure that it isn't the other's new file that is removed. */
function discard(file: string, expected: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) === expected) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function release(file: string, mine: string): void {
  if (read(file) === mine) rmSync(file, { force: true });
}

function inUse(pid?: number): SolventError<'EMBEDDED_POSTGRES_IN_USE'> {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new SolventError(
    'EMBEDDED_POSTGRES_IN_USE',
    'usage',
    `the database folder is in use by ${who}: end it first, or give another data folder`,
  );
}

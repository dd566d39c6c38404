import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { platform } from 'node:os';
import { basename } from 'node:path';

/** Whether a process of this id lives; one of another user does too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What tells a living process from a later one that was given the same id: when it started, and in which boot of the machine.
 *
 * @returns undefined when there is no such process; an empty text where the system does not tell (Windows)
 */
export function identityOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  if (platform() === 'win32') return '';
  try {
    // The name in parentheses may hold spaces: fields are counted from its end. The start time is field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' });
    return stdout?.trim() ?? '';
  }
}

/**
 * Whether a living process is the PostgreSQL of a data folder.
 *
 * @param dataDirectory its real path
 * @returns `other`: it certainly is not; `unclear`: it is a PostgreSQL, but the system does not tell of which folder
 */
export function isPostmasterOf(pid: number, dataDirectory: string): 'yes' | 'other' | 'unclear' {
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (basename(program) !== 'postgres') return 'other';
    // PostgreSQL works in its data folder; the link follows a folder that was moved.
    return readlinkSync(`/proc/${pid}/cwd`) === dataDirectory ? 'yes' : 'other';
  } catch {
    return isPostmasterByCommand(pid, dataDirectory);
  }
}

/** Where there is no /proc. */
function isPostmasterByCommand(pid: number, dataDirectory: string): 'yes' | 'other' | 'unclear' {
  const windows = platform() === 'win32';
  const { stdout } = windows
    ? spawnSync('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], { encoding: 'utf8' })
    : spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  if (!/\bpostgres(\.exe)?\b/.test(stdout ?? '')) return 'other';
  return stdout.includes(dataDirectory) ? 'yes' : 'unclear';
}

import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { platform } from 'node:os';
import { basename } from 'node:path';

/**
 * Whether a living process is the PostgreSQL of a data folder.
 *
 * @param dataDirectory its real path
 * @returns `other`: it certainly is not; `unclear`: it is a PostgreSQL, but the system does not tell of which
 *   folder
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

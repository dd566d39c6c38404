import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import { isAlive } from '@solvent-por/snapshot/files';
import { isPostmasterOf } from './process-identity';
import { runAs, type ServerAccount } from './server-account';
import type { ServerBinaries } from './server-binaries';

/** What a running server writes into its data folder. */
export interface PostmasterFile {
  readonly pid: number;
  readonly ready: boolean;
}

/**
 * Lines of postmaster.pid: pid, data folder, start time, port, socket folder, address, shared memory, status.
 */
export function readPostmasterFile(dataDirectory: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number.parseInt(lines[0] ?? '', 10);
    return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts right what a killed process left in a data folder that nobody owns: ends a server that still runs, in
 * good order, so that this process can start its own.
 *
 * @returns what was found and done; undefined when the last server was shut down as it should
 * @throws SolventError EMBEDDED_POSTGRES_FOREIGN (usage)
 */
export async function clearOrphan(
  dataDirectory: string,
  binaries: ServerBinaries,
  account: ServerAccount | undefined,
): Promise<string | undefined> {
  const left = readPostmasterFile(dataDirectory);
  if (!left) return undefined;
  const verdict = isAlive(left.pid) ? isPostmasterOf(left.pid, realpathSync(dataDirectory)) : 'dead';
  if (verdict === 'yes') {
    await stopServer(dataDirectory, left.pid, binaries, account);
    return `an earlier run was killed and left PostgreSQL running (process ${left.pid}): it was shut down in good order and started again`;
  }
  if (verdict === 'unclear')
    throw new SolventError(
      'EMBEDDED_POSTGRES_FOREIGN',
      'usage',
      `process ${left.pid} is a PostgreSQL that may be using ${dataDirectory}: end it first`,
    );
  // The id now belongs to a stranger; PostgreSQL would take that for a running server.
  if (verdict === 'other') rmSync(join(dataDirectory, 'postmaster.pid'), { force: true });
  return 'PostgreSQL was not shut down last time: it recovered from its write-ahead log';
}

/**
 * Ends the server of a data folder: transactions are rolled back, a checkpoint is written. In need, without
 * one.
 */
export async function stopServer(
  dataDirectory: string,
  pid: number,
  { pgCtl }: ServerBinaries,
  account: ServerAccount | undefined,
): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    if (!isAlive(pid)) return;
    spawnSync(pgCtl, ['stop', '-D', dataDirectory, '-m', mode, '-W', '-s'], { ...runAs(account), cwd: '/' });
    for (let waited = 0; waited < 30_000 && isAlive(pid); waited += 20) await delay(20);
  }
  if (isAlive(pid))
    throw new SolventError('EMBEDDED_POSTGRES_STUCK', 'internal', `PostgreSQL (process ${pid}) does not end`);
}

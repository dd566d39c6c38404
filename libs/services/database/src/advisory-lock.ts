import { createHash } from 'node:crypto';
import { Client, type ClientBase } from 'pg';
import { connectionConfig, type Database } from './database';

/**
 * The 64-bit number PostgreSQL knows a named lock by: the first 8 bytes of SHA-256("solvent/v1/lock" ‖ name),
 * as a decimal string.
 */
export function lockNumber(name: string): string {
  const digest = createHash('sha256').update('solvent/v1/lock').update(name).digest();
  return digest.readBigInt64BE(0).toString();
}

/** Name of the lock under which a snapshot is requested, and its private data dropped. */
export function snapshotLock(snapshotId: string): string {
  return `snapshot ${snapshotId}`;
}

/** Waits for a lock that the end of the transaction gives back. */
export async function lockInTransaction(client: ClientBase, name: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [lockNumber(name)]);
}

/** Waits for a lock that the connection holds until it gives it back or ends. */
export async function lockSession(client: ClientBase, name: string): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [lockNumber(name)]);
}

export async function unlockSession(client: ClientBase, name: string): Promise<void> {
  await client.query('SELECT pg_advisory_unlock($1)', [lockNumber(name)]);
}

/**
 * Runs work while holding a lock that all services share. It is held by a connection of its own: when that is
 * lost, the server gives the lock to another, so what the work writes must be safe without it too.
 *
 * @param work its signal is aborted when the lock was lost
 * @param options.wait whether to wait for another holder
 * @returns undefined when another holds it and we don't wait
 */
export async function withLock<T>(
  db: Database,
  name: string,
  work: (lost: AbortSignal) => Promise<T>,
  options: { readonly wait: boolean },
): Promise<T | undefined> {
  const client = new Client(connectionConfig(db.url));
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  await client.connect();
  try {
    if (options.wait) await lockSession(client, name);
    else {
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
        lockNumber(name),
      ]);
      if (!rows[0]?.taken) return undefined;
    }
    return await work(lost.signal);
  } finally {
    await client.end().catch(() => undefined);
  }
}

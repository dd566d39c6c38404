import type { Database } from './database';

export interface LockOptions {
  /** Wait for it, or give up at once. */
  readonly wait: boolean;
}

/**
 * Does work that only one process may do at a time: holds a session advisory lock on a connection of its own. The server gives it up when that connection is lost, so a killed
 * process blocks nobody; work that must not overlap even then is fenced by the rows it changes.
 *
 * @returns undefined when another holds it and `wait` is false
 */
export async function withLock<T>(
  { pool }: Database,
  name: string,
  work: () => Promise<T>,
  { wait }: LockOptions,
): Promise<T | undefined> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => (broken = error);
  client.on('error', onError);
  try {
    const lock = wait
      ? 'SELECT true AS held FROM (SELECT pg_advisory_lock(hashtextextended($1, 0))) AS l'
      : 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held';
    const { rows } = await client.query<{ held: boolean }>(lock, [name]);
    if (!rows[0]!.held) return undefined;
    try {
      return await work();
    } finally {
      await client
        .query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name])
        .catch((error: Error) => (broken = error));
    }
  } finally {
    client.removeListener('error', onError);
    // A connection that may still hold the lock must not go back to the pool.
    client.release(broken);
  }
}

import type { PoolClient } from 'pg';
import type { Database } from './database';

/** Work in one transaction on a connection of its own: all of it or, when it throws, nothing. */
export async function inTransaction<T>(
  { pool }: Database,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => (broken = error);
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}

/** Whether a statement failed on a unique index whose name matches. */
export function isUniqueViolation(error: unknown, constraint: RegExp): boolean {
  const { code, constraint: name } = error as { code?: unknown; constraint?: unknown };
  return code === '23505' && typeof name === 'string' && constraint.test(name);
}

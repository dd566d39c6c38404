import { PrismaPg } from '@prisma/adapter-pg';
import { Client, Pool, type ClientConfig, type PoolClient } from 'pg';
import { PrismaClient } from './generated/prisma/client';

/** Prisma for ordinary queries, pg for bulk and for transactions that take locks; they share one pool. */
export interface Database {
  readonly prisma: PrismaClient;
  readonly pool: Pool;
  readonly url: string;
  /** Whether the database answers; who asks says how long that may take. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

const CONNECT_MS = 10_000;

/**
 * Opens a pool; connections are made when they are needed.
 *
 * @param url `postgresql://…`; it holds the password
 * @param options.connections most connections at once, 10 by default; locks and migrations take their own
 *   beside them
 */
export function openDatabase(url: string, options: { readonly connections?: number } = {}): Database {
  const pool = new Pool({ ...connectionConfig(url), max: options.connections ?? 10 });
  // An idle connection that breaks is replaced; one in use reports by its query. Without listeners either
  // would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    url,
    isReady: () =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/**
 * How to connect: in UTC, for Prisma's adapter writes and reads times without their zone; and with
 * keep-alive, so that a lost peer is noticed.
 */
export function connectionConfig(url: string): ClientConfig {
  const options = '-c TimeZone=UTC';
  return {
    // Options in the address would replace ours.
    connectionString: url.replace(/([?&]options=)([^&#]*)/, `$1$2%20${encodeURIComponent(options)}`),
    options,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'solvent',
  };
}

/** Work on a connection of its own, closed afterwards. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(connectionConfig(url));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A transaction (READ COMMITTED): all of it or nothing. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is thrown away; the server rolls back when it goes.
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

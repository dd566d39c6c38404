import { SolventError } from '@solvent-por/kzg';
import type * as library from '@solvent-por/services/database';
import type { Context } from '../context';
import { databaseUrl } from './environment';

/**
 * `@solvent-por/services/database`, loaded by those commands alone that need it: Prisma and pg would slow the
 * start of all others.
 */
export type Persistence = typeof library;

/**
 * @throws SolventError DATABASE_LIBRARIES_MISSING (kind usage): the CLI as it is installed from the registry
 * comes without Prisma and pg
 */
export async function loadPersistence(): Promise<Persistence> {
  try {
    return await import('@solvent-por/services/database');
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new SolventError(
      'DATABASE_LIBRARIES_MISSING',
      'usage',
      "this command works on the services' database, for which the installed CLI has no libraries: run it in a checkout of Solvent, or in the services' image",
    );
  }
}

/**
 * Runs work on the services' database, whose tables must be up to date.
 * @throws SolventError CONFIG_ENVIRONMENT, DATABASE_UNREACHABLE, DATABASE_OUTDATED (kind usage)
 */
export async function withDatabase<T>(
  { environment }: Context,
  work: (database: library.Database, persistence: Persistence) => Promise<T>,
): Promise<T> {
  const url = databaseUrl(environment);
  const persistence = await loadPersistence();
  return explained(persistence, async () => {
    const pending = await persistence.pendingMigrations(url);
    if (pending.length > 0)
      throw new SolventError(
        'DATABASE_OUTDATED',
        'usage',
        `the database lacks ${pending.length} of this version's migrations: run \`solvent db migrate\` first`,
        { pending: pending.length },
      );
    const database = persistence.openDatabase(url, { connections: 2 });
    try {
      return await work(database, persistence);
    } finally {
      await database.close();
    }
  });
}

/** Where the command line writes down what operators do: before it is done, and again when it was refused. */
export function auditTrail(
  database: library.Database,
  { AuditLog, AuditTrail }: Persistence,
): library.AuditTrail {
  const log = new AuditLog(database);
  return new AuditTrail((entry) => log.record(entry));
}

/**
 * Failures to reach the database, as commands report failures. The address itself may hold a password: it is
 * never shown.
 */
export async function explained<T>({ isTransient }: Persistence, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SolventError) throw error;
    const code = databaseCode(error);
    if (isTransient(error))
      throw unreachable(
        `the database that SOLVENT_DATABASE_URL names does not answer${named(code)}: is it running?`,
      );
    const reason = code === undefined ? undefined : REFUSALS[code];
    throw reason === undefined ? error : unreachable(`the database refuses: ${reason}${named(code)}`);
  }
}

/** Codes of PostgreSQL and of name resolution that configuration causes. */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': 'SOLVENT_DATABASE_URL names a wrong user or password',
  '28000': 'SOLVENT_DATABASE_URL names a user that may not connect',
  '3D000': 'there is no database of the name that SOLVENT_DATABASE_URL gives',
  '42501': 'its user lacks the right to do this',
  ENOTFOUND: 'SOLVENT_DATABASE_URL names a host that does not exist',
};

/** PostgreSQL's, where Prisma has it within its own error. */
function databaseCode(error: unknown, depth = 0): string | undefined {
  if (depth > 4 || typeof error !== 'object' || error === null) return undefined;
  const { code, originalCode, cause, meta } = error as Record<string, unknown>;
  const inner = [cause, ...(typeof meta === 'object' && meta !== null ? Object.values(meta) : [])];
  const codes = [originalCode, ...inner.map((one) => databaseCode(one, depth + 1)), code];
  return codes.find((one): one is string => typeof one === 'string' && /^[A-Z0-9]{2,20}$/.test(one));
}

function named(code: string | undefined): string {
  return code === undefined ? '' : ` (${code})`;
}

function unreachable(message: string): SolventError<'DATABASE_UNREACHABLE'> {
  return new SolventError('DATABASE_UNREACHABLE', 'usage', message);
}

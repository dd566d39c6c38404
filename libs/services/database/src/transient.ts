import { Prisma } from './generated/prisma/client';

/**
 * SQLSTATEs and classes of a database that is away, busy or out of something for now. 08 connection, 40
 * serialization and deadlock, 53 resources (a full disk too: it is emptied by someone), 57P01–57P05 shutdown,
 * crash, starting up, dropped, idle; 25006 a standby during failover.
 */
const TRANSIENT_STATE = /^(08|40|53)|^(57P0[1-5]|25006|25P03|55P03|55006|58030)$/;
/** Of Node's sockets and resolver. */
const TRANSIENT_SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/**
 * Of Prisma: not reached, timed out, closed, pool exhausted, transaction expired or in conflict, too many
 * connections.
 */
const TRANSIENT_PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']);
/** Of Prisma's driver adapter. */
const TRANSIENT_KIND = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
]);
/** What pg throws without any code. */
const TRANSIENT_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|Client was closed and is not queryable|timeout exceeded when trying to connect|Query read timeout|timeout expired)/;

/**
 * Whether an error is the database's being away or busy: whatever failed is worth trying again without end.
 * Anything else, a violated constraint say, would fail again.
 */
export function isTransient(error: unknown): boolean {
  return isTransientWithin(error, 0);
}

/** Causes may be nested; a cycle of causes ends by depth. */
function isTransientWithin(error: unknown, depth: number): boolean {
  if (depth > 5 || typeof error !== 'object' || error === null) return false;
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  const { code, originalCode, kind, message, cause, errors, meta } = error as Record<string, unknown>;
  if ([code, originalCode].some((c) => typeof c === 'string' && isTransientCode(c))) return true;
  if (typeof kind === 'string' && TRANSIENT_KIND.has(kind)) return true;
  if (typeof message === 'string' && TRANSIENT_MESSAGE.test(message)) return true;
  const driver = typeof meta === 'object' && meta !== null ? Object.values(meta) : [];
  const inner = [cause, ...driver, ...(Array.isArray(errors) ? errors : [])];
  return inner.some((one) => isTransientWithin(one, depth + 1));
}

function isTransientCode(code: string): boolean {
  return (
    TRANSIENT_SOCKET.has(code) ||
    TRANSIENT_PRISMA.has(code) ||
    (code.length === 5 && TRANSIENT_STATE.test(code))
  );
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Options } from 'pino-http';

type Request = IncomingMessage & { readonly originalUrl?: string };

/** Asked several times a minute by machines: only failures are worth a line. */
const WATCHED = new Set(['/healthz', '/readyz', '/metrics']);
/** Longest path that is logged; none that we serve comes near. */
const MOST_PATH_CHARACTERS = 200;

/** Who asked, as far as a log may say. */
export interface RequestOrigin {
  /** A keyed hash of the address, never the address. */
  readonly from?: string;
  /** Of the API key. */
  readonly keyId?: string;
}

const origins = new WeakMap<IncomingMessage, RequestOrigin>();

/** Adds to what the line of a request says of who asked. */
export function tellOrigin(request: IncomingMessage, origin: RequestOrigin): void {
  origins.set(request, { ...origins.get(request), ...origin });
}

/**
 * One line a request: method, path and outcome, and whose it was where `tellOrigin` was told. Headers and
 * bodies are never logged, nor queries, which may hold ids.
 */
export function httpLogOptions(logger: Logger): Options {
  return {
    logger,
    autoLogging: { ignore: (request) => WATCHED.has(pathOf(request)) },
    customLogLevel: (_request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      return response.statusCode >= 400 ? 'warn' : 'info';
    },
    // The raw request and response: wrapped, the response would say null for its status.
    wrapSerializers: false,
    serializers: {
      req: (request: Request & { id?: unknown }) => ({
        id: request.id,
        method: request.method,
        path: pathOf(request),
      }),
    },
    // Not the response itself, which leads to sockets, headers and the path, many times over.
    customSuccessObject: (request, response, { responseTime }: { responseTime: number }) => ({
      ...origins.get(request),
      res: outcome(response),
      responseTime,
    }),
    customErrorObject: (request, response, _error, { err, responseTime }: Record<string, unknown>) => ({
      ...origins.get(request),
      res: outcome(response),
      err,
      responseTime,
    }),
    customSuccessMessage: summary,
    customErrorMessage: summary,
  };
}

function outcome({ statusCode }: ServerResponse): object {
  return { statusCode };
}

function summary(request: Request, { statusCode }: ServerResponse): string {
  return `${request.method} ${pathOf(request)} ${statusCode}`;
}

/**
 * Middleware cuts off of `url` what it matched. A long path is cut between segments: half an id would no
 * longer be known for one.
 */
function pathOf({ originalUrl, url }: Request): string {
  const path = (originalUrl ?? url ?? '').split('?', 1)[0]!;
  return path.length <= MOST_PATH_CHARACTERS
    ? path
    : `${path.slice(0, path.lastIndexOf('/', MOST_PATH_CHARACTERS - 1) + 1)}…`;
}

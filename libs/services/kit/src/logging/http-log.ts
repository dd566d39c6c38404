import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Options } from 'pino-http';

type Request = IncomingMessage & { readonly originalUrl?: string };

/** Asked several times a minute by machines: only failures are worth a line. */
const WATCHED = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * One line a request: method, path and outcome. Headers and bodies are never logged, nor queries, which may
 * hold ids.
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
      res: ({ statusCode }: ServerResponse) => ({ statusCode }),
    },
    customSuccessMessage: summary,
    customErrorMessage: summary,
  };
}

function summary(request: Request, { statusCode }: ServerResponse): string {
  return `${request.method} ${pathOf(request)} ${statusCode}`;
}

/** Middleware cuts off of `url` what it matched. */
function pathOf({ originalUrl, url }: Request): string {
  return (originalUrl ?? url ?? '').split('?', 1)[0]!;
}

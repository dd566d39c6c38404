/**
 * Codes that come from this client itself; any other is the service's own, from `extensions.code`.
 *
 * - `ENDPOINT_MALFORMED`, `API_KEY_MALFORMED`: what the client was made with
 * - `ID_MALFORMED`, `KEY_MALFORMED`, `ACCESS_MALFORMED`: an account id, key or claim access that is none, undefined and null included; nothing was sent
 * - `OPTIONS_UNKNOWN`: a method's options have a member it doesn't know; nothing was sent
 * - `NETWORK_FAILED`: nobody answers at the endpoint, or the connection was cut
 * - `TIMED_OUT`: no answer, or no further byte of it, in time
 * - `RESPONSE_TOO_LONG`, `RESPONSE_MALFORMED`: an answer beyond the bound, or not what the schema says
 * - `HTTP_<status>`: an answer that is an error and no GraphQL: of a proxy, say
 * - `QUERY_FAILED`: the service names no code
 */
export type ClientCode =
  | 'ENDPOINT_MALFORMED'
  | 'API_KEY_MALFORMED'
  | 'ID_MALFORMED'
  | 'ACCESS_MALFORMED'
  | 'KEY_MALFORMED'
  | 'OPTIONS_UNKNOWN'
  | 'NETWORK_FAILED'
  | 'TIMED_OUT'
  | 'RESPONSE_TOO_LONG'
  | 'RESPONSE_MALFORMED'
  | 'QUERY_FAILED'
  | `HTTP_${number}`;

/** What else is known of a failure. */
export interface ApiErrorContext {
  /** HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** Seconds after which the service would like to be asked again. */
  readonly retryAfter?: number | undefined;
  /** The service's own details, from `extensions`; values are text or numbers. */
  readonly details?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/** Statuses of a service that is busy, starting, or between two instances. */
const PASSING = new Set([429, 502, 503, 504]);

/** Any refusal of the service, and any failure to reach it. */
export class SolventApiError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: ClientCode | (string & {}), message: string, context: ApiErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = 'SolventApiError';
    this.code = code;
    this.status = context.status;
    this.retryAfter = context.retryAfter;
    this.details = context.details ?? {};
  }

  /**
   * Whether the same request may succeed a little later: nobody answered, or the service asked for patience.
   */
  get transient(): boolean {
    return (
      this.code === 'NETWORK_FAILED' ||
      this.code === 'TIMED_OUT' ||
      (this.status !== undefined && PASSING.has(this.status)) ||
      this.retryAfter !== undefined
    );
  }
}

/** `Retry-After` in seconds: a number, or a date (RFC 9110, section 10.2.3). */
export function retryAfterSeconds(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

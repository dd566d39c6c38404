import { SolventApiError } from './errors';

/** Ends a request when its caller wants, or when nothing came for too long. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Something came: the time starts again. */
  touch(): void;
  /** What a failure under this deadline really was. */
  explain(error: unknown): unknown;
  done(): void;
}

/** @param milliseconds without a sign of life */
export function deadline(milliseconds: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let timedOut = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = () => controller.abort(outer?.reason);
  const touch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timedOut = true;
      controller.abort();
    }, milliseconds);
  };
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();
  touch();
  return {
    signal: controller.signal,
    touch,
    explain: (error) => {
      if (outer?.aborted) return outer.reason;
      if (error instanceof SolventApiError) return error;
      return timedOut
        ? new SolventApiError('TIMED_OUT', `nothing came for ${milliseconds / 1000} seconds`)
        : new SolventApiError('NETWORK_FAILED', `the connection failed: ${reasonOf(error)}`, {
            cause: error,
          });
    },
    done: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

/**
 * `fetch` says "fetch failed"; why, stands in its cause (`connect ECONNREFUSED 127.0.0.1:4000`), where the
 * runtime tells it.
 */
function reasonOf(error: unknown): string {
  const { message, cause } = described(error);
  const inner = described(cause);
  return inner.message || inner.code || message || String(error);
}

/** Errors of another realm are no instances of ours. */
function described(error: unknown): {
  readonly message: string;
  readonly code: string;
  readonly cause: unknown;
} {
  const { message, code, cause } = Object(error) as Readonly<Record<string, unknown>>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { message: text(message), code: text(code), cause };
}

import { LIKE_AN_API_KEY } from '@solvent-por/services/contracts';

/** An id, digest or key in hex, from 32 bytes on. */
const LONG_HEX = /(?<![0-9a-f])(0x)?([0-9a-f]{8})[0-9a-f]{56,}/gi;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+/gi;
/** `scheme://user:password@host`, within the quotes of a line of JSON. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):[^\s@/"]*@/gi;

/**
 * A text without what must not be logged: 64 hex digits and more are cut to 8, API keys to their id,
 * passwords in URLs are gone.
 */
export function redactText(text: string): string {
  return text
    .replace(BEARER, '$1 [redacted]')
    .replace(LIKE_AN_API_KEY, '$1_[redacted]')
    .replace(URL_PASSWORD, '$1:[redacted]@')
    .replace(LONG_HEX, '$1$2…');
}

/** Members whose whole value is never logged, wherever they stand. */
const SECRET_NAME =
  /^(proxy-)?authorization$|cookie|password|passwd|secret|private[_-]?key|api[_-]?key|master[_-]?key|witness[_-]?keys?|^salt$|blinding/i;
/** Deeper than any line should be. */
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;

/**
 * A copy of a value without what must not be logged. Bytes are shown as their length; errors as name, code,
 * message and stack.
 */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((one) => redactValue(one, depth + 1));
  if (value instanceof Map || value instanceof Set) return redactValue([...value], depth);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      redactText(name),
      SECRET_NAME.test(name) ? '[redacted]' : redactValue(one, depth + 1),
    ]),
  );
}

function redactError(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error;
  return {
    ...(redactValue({ ...error }, depth) as object),
    type: name,
    message: redactText(message),
    ...(stack === undefined ? {} : { stack: redactText(stack) }),
    ...(cause === undefined ? {} : { cause: redactValue(cause, depth + 1) }),
  };
}

import { LIKE_AN_API_KEY } from '@solvent-por/services/contracts';

/** An id, digest or key in hex, from 32 bytes on. */
const LONG_HEX = /(?<![0-9a-f])(0x)?([0-9a-f]{8})[0-9a-f]{56,}/gi;
/** Blanks may be the escapes of a JSON text; it may stand right behind one, too. */
const BEARER = /(bearer|basic)(?:\s|\\[nrt])+[A-Za-z0-9._~+/=-]+/gi;
/**
 * `scheme://user:password@host`, within the quotes of a line of JSON. It begins at `://`, which nothing that
 * follows can hold: looked for from the scheme on, a path of `a.a.a…` took time by the square of its length.
 */
const URL_PASSWORD = /(:\/\/[^\s:/@"]*):[^\s@/"]*@/g;

/**
 * A text, or a line of JSON, without what must not be logged: 64 hex digits and more are cut to 8, API keys
 * to their id, passwords in URLs are gone. In time that grows with its length alone.
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
/** All members of a line together: a socket that somebody logs leads to everything else. */
const MAX_MEMBERS = 1000;

/**
 * A copy of a value for the log, without members that are secret. Bytes are shown as their length; errors as
 * name, code, message and stack. Texts are left as they are: the line that they come to stand in passes
 * `redactText`, once.
 */
export function redactValue(value: unknown): unknown {
  return copied(value, 0, { members: MAX_MEMBERS });
}

interface Left {
  members: number;
}

function copied(value: unknown, depth: number, left: Left): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return copiedError(value, depth, left);
  if (Array.isArray(value))
    return value.slice(0, spent(left, MAX_ITEMS)).map((one) => copied(one, depth + 1, left));
  if (value instanceof Map || value instanceof Set) return copied([...value], depth, left);
  const members = Object.entries(value);
  return Object.fromEntries(
    members
      .slice(0, spent(left, members.length))
      .map(([name, one]) => [name, SECRET_NAME.test(name) ? '[redacted]' : copied(one, depth + 1, left)]),
  );
}

function copiedError(error: Error, depth: number, left: Left): unknown {
  const { name, message, stack, cause } = error;
  return {
    ...(copied({ ...error }, depth, left) as object),
    type: name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause: copied(cause, depth + 1, left) }),
  };
}

/** Takes as many of what is left as are wanted, or there are. */
function spent(left: Left, wanted: number): number {
  const taken = Math.min(wanted, left.members);
  left.members -= taken;
  return taken;
}

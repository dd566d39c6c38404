/** Bytes from `start` up to, not with, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A single range of RFC 9110, section 14.
 * @returns undefined when the header says nothing we serve (another unit, several ranges, nonsense): then the
 *   whole is the answer;
 *   'unsatisfiable' when it begins behind the end
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replace(/\s+/g, '') ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const suffix = Number(match[2]);
    return suffix === 0 ? 'unsatisfiable' : { start: Math.max(0, size - suffix), end: size };
  }
  const start = Number(match[1]);
  const last = match[2] === '' ? size - 1 : Number(match[2]);
  if (last < start && match[2] !== '') return undefined;
  return start >= size ? 'unsatisfiable' : { start, end: Math.min(last + 1, size) };
}

/** Whether `If-None-Match` names the tag (weak comparison). */
export function noneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return true;
  return !header.split(',').some((tag) => {
    const name = tag.trim().replace(/^W\//, '');
    return name === '*' || name === etag;
  });
}

/**
 * Whether a range may be answered: without `If-Range`, or when it names this very version (strong comparison,
 * or its exact date).
 */
export function ifRange(header: string | undefined, etag: string, lastModified: string): boolean {
  return header === undefined || header === etag || header === lastModified;
}

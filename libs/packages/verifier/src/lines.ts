import { SolventError } from '@solvent-por/kzg';

/**
 * Splits a stream into lines that all end with one LF; memory is bounded by the longest line allowed.
 *
 * @param limit most bytes of line `index` (from 0), without its LF; a longer one is refused before more is
 *   read
 * @param unterminated may throw what a last line without its LF is, before it is called cut off
 * @throws SolventError LINE_TOO_LONG | FILE_CUT_OFF (no final LF), kind malformed
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  limit: (index: number) => number,
  unterminated?: (line: Uint8Array, index: number) => void,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let index = 0;
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length;) {
      const end = chunk.indexOf(LF, start);
      const part = chunk.subarray(start, end < 0 ? chunk.length : end);
      length += part.length;
      if (length > limit(index))
        throw new SolventError(
          'LINE_TOO_LONG',
          'malformed',
          `line ${index + 1} is longer than ${limit(index)} bytes`,
          {
            line: index + 1,
          },
        );
      if (end < 0) {
        parts.push(part.slice());
        break;
      }
      yield join(parts, part, length);
      [parts, length] = [[], 0];
      index++;
      start = end + 1;
    }
  }
  if (length === 0) return;
  unterminated?.(join(parts, new Uint8Array(0), length), index);
  throw new SolventError(
    'FILE_CUT_OFF',
    'malformed',
    `line ${index + 1} does not end with a line feed: the file is cut off, so download it again; or an editor took the line feed away, which \`solvent normalise FILE\` puts back`,
  );
}

const LF = 10;

function join(parts: readonly Uint8Array[], last: Uint8Array, length: number): Uint8Array {
  const line = new Uint8Array(length);
  let at = 0;
  for (const part of [...parts, last]) {
    line.set(part, at);
    at += part.length;
  }
  return line;
}

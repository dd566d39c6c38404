import { SolventError } from '@solvent/algebra';

/**
 * Lines of a text as some program saved it: UTF-8, or UTF-16 behind its byte order mark; LF or CRLF, or none at the end; empty ones are left out. Memory is
 * bounded by the longest line.
 *
 * @param limit most characters of a line
 * @throws SolventError DOCUMENT_MALFORMED (neither encoding), LINE_TOO_LONG; kind malformed
 */
export async function* looseLines(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let rest = '';
  const decode = (piece?: Uint8Array) => {
    try {
      return piece ? decoder!.decode(piece, { stream: true }) : (decoder?.decode() ?? '');
    } catch {
      throw new SolventError(
        'DOCUMENT_MALFORMED',
        'malformed',
        'the file is neither UTF-8 nor UTF-16: download it again',
      );
    }
  };
  for await (const piece of source) {
    // Without ignoreBOM the decoder takes the mark away.
    decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
    const lines = (rest + decode(piece)).split('\n');
    rest = lines.pop()!;
    if (rest.length > limit)
      throw new SolventError('LINE_TOO_LONG', 'malformed', `a line is longer than ${limit} characters`);
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  rest += decode();
  if (rest.trim() !== '') yield rest;
}

/** By the byte order mark. */
export function encodingOf([a, b]: Uint8Array): string {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
}

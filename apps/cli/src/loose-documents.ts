import { SolventError } from '@solvent-por/kzg';

/**
 * JSON documents of a text as some program saved it, compact or indented, with any white space between:
 * UTF-8, or UTF-16 behind its byte order mark. What is no JSON comes as the line it is, and an end that is
 * missing as what is there. Memory is bounded by the longest document.
 *
 * @param limit most characters of a document
 * @throws SolventError DOCUMENT_MALFORMED (neither encoding), DOCUMENT_TOO_LARGE; kind malformed
 */
export async function* looseDocuments(
  source: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<string> {
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
    rest = (rest + decode(piece)).trimStart();
    let at = 0;
    for (let end; (end = endOfDocument(rest, at)) !== undefined; at = afterBlanks(rest, end))
      yield rest.slice(at, end);
    rest = rest.slice(at);
    if (rest.length > limit)
      throw new SolventError(
        'DOCUMENT_TOO_LARGE',
        'malformed',
        `a document in the file is longer than ${limit} characters: it is none of ours; download it again`,
      );
  }
  rest = (rest + decode()).trim();
  if (rest !== '') yield rest;
}

/**
 * Where the JSON document ends that begins in a text: behind its last bracket; of anything else, at the end
 * of its line. Undefined where the text ends before.
 * @param start where it begins, not with a blank
 */
export function endOfDocument(text: string, start: number): number | undefined {
  if (start >= text.length) return undefined;
  if (!'{['.includes(text[start]!)) {
    const end = text.indexOf('\n', start);
    return end < 0 ? undefined : end;
  }
  const token = /["{}[\]]/g;
  token.lastIndex = start;
  let depth = 0;
  for (let found; (found = token.exec(text));) {
    if (found[0] === '"') {
      const end = endOfString(text, token.lastIndex);
      if (end === undefined) return undefined;
      token.lastIndex = end;
    } else if (found[0] === '{' || found[0] === '[') depth++;
    else if (--depth === 0) return token.lastIndex;
  }
  return undefined;
}

/** Behind its closing quote. @param at behind the opening one */
function endOfString(text: string, at: number): number | undefined {
  for (let quote = text.indexOf('"', at); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text[quote - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return quote + 1;
  }
  return undefined;
}

/** The first place from `at` on that is no blank. */
function afterBlanks(text: string, at: number): number {
  const blank = /\s*/y;
  blank.lastIndex = at;
  blank.test(text);
  return blank.lastIndex;
}

/** The first document of a text whose end may be missing, and whether more follows it. */
export function firstDocument(bytes: Uint8Array): { readonly text: string; readonly more: boolean } {
  // Not fatal: the start of a longer file may end within a character.
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes).trimStart();
  const end = endOfDocument(text, 0) ?? text.length;
  return { text: text.slice(0, end), more: text.slice(end).trim() !== '' };
}

/** By the byte order mark. */
export function encodingOf([a, b]: Uint8Array): string {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
}

import { hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import { KEY_BYTES, readAccountKey } from '@solvent-por/verifier';
import type { Given } from './arguments';
import { readPieces } from './files';
import { count, plural, printable } from './format';

/** More than a key with blanks and quotes around it takes, and less than the first line of anything else. */
const MAX_LINE_CHARACTERS = 1024;
/** What is usual in a list, and not said. */
const ORDINARY: readonly string[] = ['blanks around it', 'no 0x before it', 'capital letters'];
/** Most keys of one list, and most lines: blank ones have no end either. */
const LIMITS = { keys: 1_000_000, lines: 4_000_000 };

/** A key of a list. It is a secret: to people it is named by its line. */
export interface ListedKey {
  readonly key: Uint8Array;
  readonly line: number;
}

/**
 * Account keys from a file, one a line, each once; read as a stream, so that a pipe will do and a wrong file
 * is refused at its first lines.
 * @returns each once, by its first line, and what some lines were read without
 * @throws SolventError FILE_UNREADABLE, KEYS_EMPTY, KEYS_TOO_MANY (usage), KEYS_MALFORMED, KEY_MALFORMED
 *   (malformed); details.line where there is one
 */
export async function readAccountKeys(file: string, limits = LIMITS): Promise<Given<readonly ListedKey[]>> {
  const keys = new Map<string, number>();
  const tidied = new Set<string>();
  let [line, oddLines] = [0, 0];
  for await (const text of linesOf(file)) {
    if (++line > limits.lines) throw tooMany(file, `more than ${count(limits.lines)} lines`);
    if (text.trim() === '') continue;
    try {
      const read = readAccountKey(text);
      const key = toHex(read.bytes);
      if (!keys.has(key)) keys.set(key, line);
      const odd = read.tidied.filter((what) => !ORDINARY.includes(what));
      if (odd.length > 0) oddLines++;
      for (const what of odd) tidied.add(what);
    } catch (error) {
      if (!(error instanceof SolventError)) throw error;
      const message = `${printable(file)}, line ${line}: ${error.message}`;
      throw new SolventError(error.code, error.kind, message, { file, line });
    }
    if (keys.size > limits.keys) throw tooMany(file, `more than ${count(limits.keys)} account keys`);
  }
  if (keys.size === 0)
    throw new SolventError('KEYS_EMPTY', 'usage', `${printable(file)} holds no account keys`);
  const said = `${plural(oddLines, 'line')} of ${printable(file)} had ${[...tidied].join(', ')}: read without`;
  return {
    value: [...keys].map(([key, at]) => ({ key: hexBytes(key, KEY_BYTES), line: at })),
    tidied: oddLines > 0 ? [said] : [],
  };
}

/** Lines that end with LF, CR, both, or the file; a byte order mark is none of the first. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let [rest, lines] = ['', 0];
  const bounded = (text: string) => {
    if (text.length <= MAX_LINE_CHARACTERS) return text;
    const line = lines + 1;
    throw new SolventError(
      'KEYS_MALFORMED',
      'malformed',
      `${printable(file)}, line ${line} is longer than ${count(MAX_LINE_CHARACTERS)} characters: give a text file of account keys, one a line`,
      { file, line },
    );
  };
  for await (const piece of readPieces(file)) {
    rest += decoder.decode(piece, { stream: true });
    // A CR at the very end may be half of a line break.
    const parts = rest.split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop()!;
    for (const part of parts) {
      yield bounded(part);
      lines++;
    }
    bounded(rest);
  }
  yield bounded(rest + decoder.decode());
}

function tooMany(file: string, what: string): SolventError<'KEYS_TOO_MANY'> {
  return new SolventError(
    'KEYS_TOO_MANY',
    'usage',
    `${printable(file)} holds ${what}: give shorter lists one after another, or --all`,
    { file },
  );
}

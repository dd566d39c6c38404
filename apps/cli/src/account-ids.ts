import { hexBytes, SolventError, toHex } from '@solvent/algebra';
import { readAccountId } from '@solvent/proof/verify';
import type { Given } from './arguments';
import { readPieces } from './files';
import { count, plural, printable } from './format';

/** More than an id with blanks and quotes around it takes, and less than the first line of anything else. */
const MAX_LINE = 1024;
/** Most ids of one list, and most lines: blank ones have no end either. */
/** What is usual in a list, and not said. */
const ORDINARY: readonly string[] = ['blanks around it', 'no 0x before it', 'capital letters'];
const LIMITS = { ids: 1_000_000, lines: 4_000_000 };

/**
 * Account ids from a file, one a line, each once; read as a stream, so that a pipe will do and a wrong file is refused at its first lines.
 * @returns 32 bytes each, and what some lines were read without
 * @throws SolventError FILE_UNREADABLE, IDS_EMPTY, IDS_TOO_MANY (usage), IDS_MALFORMED, ID_MALFORMED (malformed); details.line where there is one
 */
export async function readAccountIds(file: string, limits = LIMITS): Promise<Given<Uint8Array[]>> {
  const ids = new Set<string>();
  const tidied = new Set<string>();
  let [line, oddLines] = [0, 0];
  for await (const text of linesOf(file)) {
    if (++line > limits.lines) throw tooMany(file, `more than ${count(limits.lines)} lines`);
    if (text.trim() === '') continue;
    try {
      const read = readAccountId(text);
      ids.add(toHex(read.bytes));
      const odd = read.tidied.filter((what) => !ORDINARY.includes(what));
      if (odd.length > 0) oddLines++;
      for (const what of odd) tidied.add(what);
    } catch (error) {
      if (!(error instanceof SolventError)) throw error;
      const message = `${printable(file)}, line ${line}: ${error.message}`;
      throw new SolventError(error.code, error.kind, message, { file, line });
    }
    if (ids.size > limits.ids) throw tooMany(file, `more than ${count(limits.ids)} account ids`);
  }
  if (ids.size === 0) throw new SolventError('IDS_EMPTY', 'usage', `${printable(file)} holds no account ids`);
  const said = `${plural(oddLines, 'line')} of ${printable(file)} had ${[...tidied].join(', ')}: read without`;
  return { value: [...ids].map((id) => hexBytes(id, 32)), tidied: oddLines > 0 ? [said] : [] };
}

/** Lines that end with LF, CR, both, or the file; a byte order mark is none of the first. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let [rest, lines] = ['', 0];
  const bounded = (text: string) => {
    if (text.length <= MAX_LINE) return text;
    const line = lines + 1;
    throw new SolventError(
      'IDS_MALFORMED',
      'malformed',
      `${printable(file)}, line ${line} is longer than ${count(MAX_LINE)} characters: give a text file of account ids, one a line`,
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

function tooMany(file: string, what: string): SolventError<'IDS_TOO_MANY'> {
  return new SolventError(
    'IDS_TOO_MANY',
    'usage',
    `${printable(file)} holds ${what}: give shorter lists one after another, or --all`,
    { file },
  );
}

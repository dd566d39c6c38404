import { asciiUpper } from '@solvent-por/kzg';
import { withoutOuterBlanks } from '@solvent-por/snapshot';

/** So many bytes of a refused line are looked at. */
export const ODD_LINE_BYTES = 4096;

/** Bytes that old systems and half copies leave at the end of a file. */
export const CTRL_Z = 0x1a;
export const PADDING =
  'ends in zero bytes or Ctrl-Z, which are no part of a CSV file: copy it again or, if all else is there, take them off (tr -d "\\000\\032" < FILE)';

/** What programs write below a table: (2 rows), 2 rows in set, rules of hyphens. */
const FOOTER =
  /^\W*\d[\d,.\s]*(?:rows?|records?|lines?|entries|accounts?|users?|zeilen|lignes|filas|строк\p{L}*|行)(?!\p{L})|^[-+=|\s_]{3,}$/iu;

/**
 * What a refused line is where it is no account at all; said instead of what is wrong with its cells, and
 * quoting nothing of it.
 * @param names cells of the header
 */
export function oddLine(line: string, names: readonly string[], delimiter: string): string | undefined {
  if (/^[\0\x1a]/.test(line))
    return `the line begins with zero bytes or Ctrl-Z; the file is damaged, or ${PADDING}`;
  const together = 'two files were put together. Give them as two, or take';
  if (line.startsWith('\ufeff'))
    return `a byte order mark stands here, as at the beginning of a file: ${together} it out, with a header that follows it`;
  const cells = line.split(delimiter).map((cell) => asciiUpper(withoutOuterBlanks(cell.replaceAll('"', ''))));
  const header = new Set(names.map(asciiUpper));
  if (cells.length > 1 && 2 * cells.filter((cell) => cell !== '' && header.has(cell)).length > cells.length)
    return `a header stands here once more: ${together} the line out where its columns are the same`;
  if (cells.every((cell) => cell === ''))
    return 'the line is blank but for what divides cells, as spreadsheets write it below a table: remove it';
  const alone = cells.length !== names.length || cells.filter((cell) => cell !== '').length === 1;
  if (alone && FOOTER.test(line))
    return 'this is no account but a line that a program wrote around the table, such as "(2 rows)": remove it';
  return line.startsWith('#') ? 'the line begins with #: if it is a comment, remove it' : undefined;
}

import { asciiUpper } from '@solvent/algebra';
import { tokensOf, type SnapshotConfig } from '@solvent/snapshot';

/** So many names of columns a message shows. */
const SHOWN = 12;

/** What stands in a row, not above it: a number, or so many hex digits that they may be an id. */
const DATA = /^(?:0x)?[0-9a-f]{16,}$|^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Whether a cell looks like an account's, which no message may repeat. */
export function looksLikeData(cell: string): boolean {
  return DATA.test(cell.trim());
}

/** Whether a line looks like an account: an id in it, or at least half of its cells numbers. */
export function looksLikeAccount(cells: readonly string[]): boolean {
  const data = cells.filter(looksLikeData);
  return (
    data.some((cell) => cell.trim().length >= 64) || (cells.length > 1 && 2 * data.length >= cells.length)
  );
}

/** A column's name for a message: quoted, so that blanks around it are seen. */
export function shownName(name: string): string {
  return looksLikeData(name) && name.length > 4 ? '(a number)' : JSON.stringify(name.slice(0, 40));
}

/** The column of the ids, folded. */
export function idName({ idColumn = 'id' }: SnapshotConfig): string {
  return asciiUpper(idColumn);
}

/** The header that was read beside the one that the configuration asks for. */
export function headersBeside(names: readonly string[], config: SnapshotConfig): string {
  const expected = [idName(config), ...tokensOf(config)];
  return `Columns read: ${some(names.map(shownName))}. Expected: ${some(expected)}, or e_ and d_ pairs of these`;
}

function some(names: readonly string[]): string {
  const more = names.length > SHOWN ? `, … (${names.length} in all)` : '';
  return names.slice(0, SHOWN).join(', ') + more;
}

import { asciiUpper } from '@solvent/algebra';
import { idName, inputNames, readTokens, type SnapshotConfig } from '@solvent/snapshot';

/** So many names of columns a message shows. */
const SHOWN = 12;
/** So many it lists to be pasted. */
const LISTED = 1000;

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

/** The header that was read beside the one that the configuration asks for. */
export function headersBeside(names: readonly string[], config: SnapshotConfig): string {
  const expected = [idName(config), ...expectedNames(config)];
  return `Columns read: ${some(names.map(shownName))}. Expected: ${some(expected)}, or e_ and d_ pairs of these`;
}

/** Names that `columns` gives, and tokens that have none of these; none of what nobody holds. */
function expectedNames(config: SnapshotConfig): string[] {
  const names = inputNames(config);
  const renamed = new Set(names.flatMap((name) => (name.renamed ? [name.token] : [])));
  const unheld = new Set(config.unheldAssets);
  const tokens = readTokens(config);
  return names
    .filter(({ token, renamed: given }) => !unheld.has(tokens[token]!) && (given || !renamed.has(token)))
    .map(({ name }) => asciiUpper(name));
}

/** What can be done with columns that are not in the configuration, in words that can be pasted into it. */
export function unknownColumns(
  header: readonly string[],
  unknown: readonly number[],
  config: SnapshotConfig,
): string {
  const first = header[unknown[0]!]!;
  const more = unknown.length > 1 ? ` (nor are ${unknown.length - 1} more)` : '';
  const names = new Set([...config.ignoreColumns, ...unknown.map((index) => header[index]!)]);
  const ignore = `"ignoreColumns": ${list([...names].slice(0, LISTED))}`;
  if (first === '')
    return (
      `column ${unknown[0]! + 1} has no name, as programs write it above row numbers or after a comma at the end, and is not in the ` +
      `configuration${more}. If it holds no balances: ${ignore}; if it does, give it a name`
    );
  const base = asciiUpper(first).replace(/^[ED]_/, '');
  const tokens = new Set(readTokens(config));
  const part = base.split(/[^A-Z0-9]+/).find((piece) => tokens.has(piece));
  const rename = `"columns": { ${JSON.stringify(first)}: ${JSON.stringify(part ?? 'SYMBOL')} }`;
  const symbol = /^[A-Z0-9]{1,16}$/.test(base);
  return (
    `the column ${shownName(first)} is not in the configuration${more}. If it holds balances ` +
    (symbol ? `of an asset of its own, add ${base}; if it holds` : 'of an asset, say of which; for') +
    ` ${symbol ? "another one's balances" : `${part ?? 'an asset'}`}, ${rename} adds it to that. ` +
    `If it holds no balances: ${ignore}`
  );
}

function list(names: readonly string[]): string {
  return `[${names.map((name) => JSON.stringify(name)).join(', ')}]`;
}

function some(names: readonly string[]): string {
  const more = names.length > SHOWN ? `, … (${names.length} in all)` : '';
  return names.slice(0, SHOWN).join(', ') + more;
}

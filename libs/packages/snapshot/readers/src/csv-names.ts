import { asciiUpper } from '@solvent-por/kzg';
import {
  idName,
  inputNames,
  readTokens,
  withoutOuterBlanks,
  type SnapshotConfig,
} from '@solvent-por/snapshot';

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

/**
 * A column's name for a message: quoted, so that blanks around it are seen, and those that no quotes show are
 * written as escapes.
 */
export function shownName(name: string): string {
  if (looksLikeData(name) && name.length > 4) return '(a number)';
  return JSON.stringify(name.slice(0, 40)).replace(/(?! )[\s\p{Cf}\x7f-\x9f]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Where a column is missing: that it stands there with blanks around its name. */
export function sameButBlanks(wanted: string, names: readonly string[]): string {
  const found = names.find((name) => asciiUpper(withoutOuterBlanks(name)) === wanted);
  return found === undefined || asciiUpper(found) === wanted
    ? ''
    : `, for blanks or characters that are not seen belong to the name ${shownName(found)}: take them out of the header`;
}

/** The header that was read, if there is any, beside the one that the configuration asks for. */
export function headersBeside(names: readonly string[], config: SnapshotConfig): string {
  const expected = [idName(config), ...expectedNames(config)];
  const read = names.length === 0 ? '' : `Columns read: ${some(names.map(shownName))}. `;
  return `${read}Expected: ${some(expected)}, or e_ and d_ pairs of these`;
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
  const ignore = `"ignoreColumns": ${listed([...names].slice(0, LISTED))}`;
  if (first === '')
    return (
      `column ${unknown[0]! + 1} has no name, as programs write it above row numbers or after a comma at the end, and is not in the ` +
      `configuration${more}. If it holds no balances: ${ignore}; if it does, give it a name`
    );
  const base = asciiUpper(first).replace(/^[ED]_/, '');
  const tokens = new Set(readTokens(config));
  const part = base.split(/[^A-Z0-9]+/).find((piece) => tokens.has(piece));
  const rename = renaming(first, part ?? 'SYMBOL', new Set(header.map(asciiUpper)));
  const symbol = /^[A-Z0-9]{1,16}$/.test(base);
  return (
    `the column ${shownName(first)} is not in the configuration${more}${sameButBlanks(base, [first])}. If it holds balances ` +
    (symbol ? `of an asset of its own, add ${base}; if it holds` : 'of an asset, say of which; for') +
    ` ${symbol ? "another one's balances" : `${part ?? 'an asset'}`}, ${rename}. ` +
    `If it holds no balances, or only what other columns hold already (a net, a total, a value): ${ignore}`
  );
}

/**
 * How a column is read as an asset's, without counting anything twice: by the name of its pair where it
 * belongs to one.
 */
function renaming(column: string, symbol: string, header: ReadonlySet<string>): string {
  const side = /^[ed]_/i.exec(column)?.[0] ?? '';
  const base = column.slice(side.length);
  const entry = (name: string, target: string) =>
    `"columns": { ${JSON.stringify(name)}: ${JSON.stringify(target)} }`;
  if (['E_', 'D_'].every((one) => header.has(one + asciiUpper(base))))
    return `${entry(base, symbol)} adds its pair of equity and debt to that (a net column beside the pair is ignored)`;
  return `${entry(column, side.toLowerCase() + symbol)} adds it to that`;
}

/** Names to be pasted into the configuration. */
export function listed(names: readonly string[]): string {
  return `[${names.map((name) => JSON.stringify(name)).join(', ')}]`;
}

function some(names: readonly string[]): string {
  const more = names.length > SHOWN ? `, … (${names.length} in all)` : '';
  return names.slice(0, SHOWN).join(', ') + more;
}

import { SolventError, asciiUpper } from '@solvent-por/kzg';
import {
  idName,
  readTokens,
  sourceScale,
  type InputName,
  type Side,
  type SnapshotConfig,
} from '@solvent-por/snapshot';
import { headersBeside, listed, sameButBlanks, shownName, unknownColumns } from './csv-names';
import { placeText, type InputCode, type Place } from './input-error';
import { equityBeside, isRenamedPair, knownNames, netOrMore, type KnownNames } from './net-beside';
import type { ReadName } from './record-reader';

/** What a cell of a CSV column is; `empty` where it must be. */
export type Column =
  { readonly kind: 'ignored' } | { readonly kind: 'empty' } | { readonly kind: 'id' } | AmountColumn;

/** In a `net` column a negative amount is debt. */
export interface AmountColumn {
  readonly kind: Side;
  /** Of kind `pool`: its index among the pools of the asset. */
  readonly pool?: number;
  /** Index into `readTokens`. */
  readonly token: number;
  /** Decimals that a cell may have. */
  readonly scale: number;
}

/**
 * What the columns of a CSV file mean. Names are upper-cased (ASCII). Every configured token needs a column
 * of its name, or of one that `columns` reads as it, or `e_` and `d_` before such a name for equity and debt;
 * where those two exist, the plain column is ignored. Columns of one token are added up, but a token's own
 * one beside a column that `columns` reads as its equity is refused until it is listed itself. The accounts'
 * column is `idColumn`, pools have a column each. Any other column must be listed in `ignoreColumns`, whose
 * members are taken out before anything else. A column without a name at the end must be empty: a number with
 * an unquoted comma would fill it.
 *
 * @param names the cells of the header line
 * @param place of the header line
 * @throws SolventError CSV_COLUMN_MISSING, CSV_COLUMN_REPEATED, CSV_COLUMN_UNKNOWN, CSV_COLUMN_AMBIGUOUS
 *   (kind invalid)
 */
export function planColumns(names: readonly string[], config: SnapshotConfig, place: Place): Column[] {
  const fail = (code: InputCode, column: string, problem: string): never => {
    const reason = `${problem}. ${headersBeside(names, config)}`;
    throw new SolventError(code, 'invalid', `${placeText(place)}: ${reason}`, { ...place, column, reason });
  };
  const id = idName(config);
  const ignored = new Set(config.ignoreColumns.map(asciiUpper));
  const known = knownNames(config);
  const columns = names.map(asciiUpper);
  const net = netBesidePair(columns, id);
  const present = new Set<string>();
  for (const [index, name] of columns.entries()) {
    if (index === net) continue;
    // Those without a name are told together, below.
    if (present.has(name) && name !== '' && !ignored.has(name))
      fail('CSV_COLUMN_REPEATED', shownName(name), `the column ${shownName(name)} is repeated`);
    present.add(name);
  }
  for (const name of ignored) present.delete(name);

  const missing = (name: string): never =>
    fail(
      'CSV_COLUMN_MISSING',
      name,
      `the column ${name}, which the configuration asks for, ${ignored.has(name) ? 'is listed in ignoreColumns' : `is missing${sameButBlanks(name, names)}${name === id ? '' : '. If it is called otherwise here, name it in "columns"; if nobody holds that asset, list it in "unheldAssets"'}`}`,
    );
  if (!present.has(id)) missing(id);
  const paired = pairedNames(known, present, missing);
  // A token called like the accounts' column can only stand in a pair.
  refuseMissing(config, known, (name) => paired.has(name) || (present.has(name) && name !== id), missing);

  const unknown: number[] = [];
  const plan = columns.map((name, index): Column => {
    if (!present.has(name) || index === net) return { kind: 'ignored' };
    if (name === id) return { kind: 'id' };
    const input = known.get(name);
    if (paired.has(name) || (!input && isRenamedPair(name, known, present))) return { kind: 'ignored' };
    const beside = input ? equityBeside(input, known, present) : [];
    if (input && beside.length > 0)
      fail(
        'CSV_COLUMN_AMBIGUOUS',
        name,
        `the column ${netOrMore(names[index]!, readTokens(config)[input.token]!, beside, `"ignoreColumns": ${listed([...config.ignoreColumns, names[index]!])}`)}`,
      );
    const meant = input ?? sided(name, known);
    if (meant) return amountColumn(meant, config);
    unknown.push(index);
    return { kind: 'ignored' };
  });
  if (unknown.length > 0)
    fail('CSV_COLUMN_UNKNOWN', shownName(columns[unknown[0]!]!), unknownColumns(names, unknown, config));
  let end = columns.length;
  while (columns[end - 1] === '') end--;
  return plan.map((column, index) => (index < end ? column : { kind: 'empty' }));
}

function amountColumn({ side, token, pool }: InputName, config: SnapshotConfig): AmountColumn {
  return { kind: side, token, scale: sourceScale(config, token), ...(pool === undefined ? {} : { pool }) };
}

/** What was read under which name of the header. */
export function namesOf(header: readonly string[], plan: readonly Column[]): ReadName[] {
  return plan.flatMap((column, i): ReadName[] => {
    if (column.kind === 'id') return [];
    const name = header[i]!;
    // What lies in a pool is not added to the asset.
    if (column.kind === 'pool') return [];
    return ['token' in column ? { name, token: column.token } : { name }];
  });
}

/**
 * The place of a token's net column that is called like the accounts' column: where that name stands twice,
 * the one behind the token's pair, as Binance writes `e_id,d_id,id`. −1 where there is none.
 */
function netBesidePair(columns: readonly string[], id: string): number {
  const places = columns.flatMap((name, i) => (name === id ? [i] : []));
  const behind = places.filter((i) => columns[i - 2] === `E_${id}` && columns[i - 1] === `D_${id}`);
  return places.length === 2 && behind.length === 1 ? behind[0]! : -1;
}

/** Names that stand as a pair, `e_` and `d_` before them, by themselves or by `columns`. */
function pairedNames(
  known: KnownNames,
  present: ReadonlySet<string>,
  missing: (name: string) => never,
): Set<string> {
  const paired = new Set<string>();
  for (const [base, { side, token }] of known) {
    if (side === 'net' && isRenamedPair(base, known, present, token)) paired.add(base);
    const pair = [`E_${base}`, `D_${base}`].filter((name) => !known.has(name));
    if (side !== 'net' || !pair.some((name) => present.has(name))) continue;
    for (const name of pair) if (!present.has(name)) missing(name);
    paired.add(base);
  }
  return paired;
}

/** Every token that is proved must come from somewhere, and every name that `columns` lists must occur. */
function refuseMissing(
  config: SnapshotConfig,
  known: KnownNames,
  stands: (name: string) => boolean,
  missing: (name: string) => never,
): void {
  const tokens = readTokens(config);
  const unheld = new Set(config.unheldAssets);
  const found = new Set<number>();
  for (const [name, { token, side, renamed }] of known) {
    if (side === 'pool') {
      if (!stands(name)) missing(name);
    } else if (stands(name)) found.add(token);
    else if (renamed && !unheld.has(tokens[token]!)) missing(name);
  }
  tokens.forEach((symbol, token) => {
    if (!found.has(token) && !unheld.has(symbol)) missing(symbol);
  });
}

/** `E_BTC` and `D_BTC` of a name that is known. */
function sided(name: string, known: KnownNames): InputName | undefined {
  const side = { E_: 'equity', D_: 'debt' }[name.slice(0, 2)] as 'equity' | 'debt' | undefined;
  const base = side && known.get(name.slice(2));
  return base?.side === 'net' ? { ...base, side: side! } : undefined;
}

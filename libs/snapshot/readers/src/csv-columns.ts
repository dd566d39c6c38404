import { SolventError, asciiUpper } from '@solvent/algebra';
import { tokensOf, type SnapshotConfig } from '@solvent/snapshot';
import { headersBeside, idName, shownName } from './csv-names';
import { placeText, type InputCode, type Place } from './input-error';

/** What a cell of a CSV column is. */
export type Column = { readonly kind: 'ignored' } | { readonly kind: 'id' } | AmountColumn;

/** In a `net` column a negative amount is debt. */
export interface AmountColumn {
  readonly kind: 'net' | 'equity' | 'debt';
  readonly token: number;
  /** Decimals that a cell may have. */
  readonly scale: number;
}

/**
 * What the columns of a CSV file mean. Names are upper-cased (ASCII). Every configured token needs a column of its name, or `e_` and `d_` before it for
 * equity and debt; where those two exist, the plain column is ignored. The accounts' column is `idColumn`. Any other column must be listed
 * in `ignoreColumns`, whose members are taken out before anything else.
 *
 * @param names the cells of the header line
 * @param place of the header line
 * @throws SolventError CSV_COLUMN_MISSING, CSV_COLUMN_REPEATED, CSV_COLUMN_UNKNOWN (kind invalid)
 */
export function planColumns(names: readonly string[], config: SnapshotConfig, place: Place): Column[] {
  const fail = (code: InputCode, column: string, problem: string): never => {
    const reason = `${problem}. ${headersBeside(names, config)}`;
    throw new SolventError(code, 'invalid', `${placeText(place)}: ${reason}`, { ...place, column, reason });
  };
  const id = idName(config);
  const ignored = new Set(config.ignoreColumns.map(asciiUpper));
  const tokens = tokensOf(config);
  const tokenIndex = new Map(tokens.map((name, token) => [name, token]));
  const columns = names.map(asciiUpper);
  const net = netBesidePair(columns, id);
  const present = new Set<string>();
  for (const [i, name] of columns.entries()) {
    if (i === net) continue;
    if (present.has(name) && !ignored.has(name))
      fail('CSV_COLUMN_REPEATED', shownName(name), `${described(name, i)} is repeated`);
    present.add(name);
  }
  for (const name of ignored) present.delete(name);

  const missing = (name: string): never =>
    fail(
      'CSV_COLUMN_MISSING',
      name,
      `the column ${name}, which the configuration asks for, ${ignored.has(name) ? 'is listed in ignoreColumns' : 'is missing'}`,
    );
  if (!present.has(id)) missing(id);
  const paired = new Set<string>();
  for (const token of tokens) {
    if (present.has(`E_${token}`) || present.has(`D_${token}`)) {
      for (const name of [`E_${token}`, `D_${token}`]) if (!present.has(name)) missing(name);
      paired.add(token);
      // A token called like the accounts' column can only stand in a pair.
    } else if (!present.has(token) || token === id) missing(token);
  }

  return columns.map((name, i): Column => {
    if (!present.has(name) || i === net) return { kind: 'ignored' };
    if (name === id) return { kind: 'id' };
    const side = { E_: 'equity', D_: 'debt' }[name.slice(0, 2)] as 'equity' | 'debt' | undefined;
    const token = tokenIndex.get(side === undefined ? name : name.slice(2));
    if (token === undefined)
      return fail(
        'CSV_COLUMN_UNKNOWN',
        shownName(name),
        name === ''
          ? `${described(name, i)}, as programs write it above row numbers or after a comma at the end: if nothing is owed by it, list "" in ignoreColumns`
          : `${described(name, i)} is not in the configuration: add the token, or list it in ignoreColumns`,
      );
    if (side === undefined && paired.has(name)) return { kind: 'ignored' };
    return { kind: side ?? 'net', token, scale: scaleOf(config, token) };
  });
}

/** Decimals that cells of a token may have. */
function scaleOf(config: SnapshotConfig, token: number): number {
  return config.assets[config.mode === 'aggregate' ? 0 : token]!.scale;
}

/**
 * The place of a token's net column that is called like the accounts' column: where that name stands twice, the one behind the token's pair,
 * as Binance writes `e_id,d_id,id`. −1 where there is none.
 */
function netBesidePair(columns: readonly string[], id: string): number {
  const places = columns.flatMap((name, i) => (name === id ? [i] : []));
  const behind = places.filter((i) => columns[i - 2] === `E_${id}` && columns[i - 1] === `D_${id}`);
  return places.length === 2 && behind.length === 1 ? behind[0]! : -1;
}

function described(name: string, index: number): string {
  return name === '' ? `column ${index + 1} has no name` : `the column ${shownName(name)}`;
}

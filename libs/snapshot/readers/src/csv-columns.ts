import { SolventError } from '@solvent/algebra';
import { tokensOf, type SnapshotConfig } from '@solvent/snapshot';
import type { InputCode } from './input-error';

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
 * What the columns of a CSV file mean. Names are upper-cased. Every configured token needs a column of its name, or `e_` and `d_` before it for
 * equity and debt; where those two exist, the plain column is ignored. Any other column must be listed in `ignoreColumns`, whose
 * members are taken out before anything else.
 *
 * @param names the cells of the header line
 * @throws SolventError CSV_COLUMN_MISSING, CSV_COLUMN_REPEATED, CSV_COLUMN_UNKNOWN (kind invalid)
 */
export function planColumns(names: readonly string[], config: SnapshotConfig, file: string): Column[] {
  const fail = (code: InputCode, column: string, reason: string): never => {
    throw new SolventError(code, 'invalid', `${file}, row 0: ${reason}`, { file, row: 0, column, reason });
  };
  const ignored = new Set(config.ignoreColumns.map((name) => name.toUpperCase()));
  const tokens = tokensOf(config);
  const tokenIndex = new Map(tokens.map((name, token) => [name, token]));
  const columns = names.map((name) => name.toUpperCase());
  const present = new Set<string>();
  for (const name of columns) {
    if (present.has(name)) fail('CSV_COLUMN_REPEATED', shown(name), `the column ${shown(name)} is repeated`);
    present.add(name);
  }
  for (const name of ignored) present.delete(name);

  const missing = (name: string): never =>
    fail('CSV_COLUMN_MISSING', name, `the column ${name} is missing (the configuration asks for it)`);
  if (!present.has('ID')) missing('ID');
  const paired = new Set<string>();
  for (const token of tokens) {
    if (present.has(`E_${token}`) || present.has(`D_${token}`)) {
      for (const name of [`E_${token}`, `D_${token}`]) if (!present.has(name)) missing(name);
      paired.add(token);
      // A token called ID can only stand in a pair: ID itself is the accounts' column.
    } else if (!present.has(token) || token === 'ID') missing(token);
  }

  return columns.map((name): Column => {
    if (!present.has(name)) return { kind: 'ignored' };
    if (name === 'ID') return { kind: 'id' };
    const side = { E_: 'equity', D_: 'debt' }[name.slice(0, 2)] as 'equity' | 'debt' | undefined;
    const token = tokenIndex.get(side === undefined ? name : name.slice(2));
    if (token === undefined)
      return fail(
        'CSV_COLUMN_UNKNOWN',
        shown(name),
        `the column ${shown(name)} is not in the configuration: add the token, or list it in ignoreColumns`,
      );
    if (side === undefined && paired.has(name)) return { kind: 'ignored' };
    return { kind: side ?? 'net', token, scale: scaleOf(config, token) };
  });
}

/** Decimals that cells of a token may have. */
function scaleOf(config: SnapshotConfig, token: number): number {
  return config.assets[config.mode === 'aggregate' ? 0 : token]!.scale;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}

import { SolventError } from '@solvent/algebra';
import { inputNames, readTokens, sourceScale, type InputName, type SnapshotConfig } from '@solvent/snapshot';
import type { InputCode } from './input-error';
import type { ReadName } from './record-reader';

/** What a cell of a CSV column is. */
export type Column = { readonly kind: 'ignored' } | { readonly kind: 'id' } | AmountColumn;

/** In a `net` column a negative amount is debt. */
export interface AmountColumn {
  readonly kind: 'net' | 'equity' | 'debt';
  /** Index into `readTokens`. */
  readonly token: number;
  /** Decimals that a cell may have. */
  readonly scale: number;
}

/**
 * What the columns of a CSV file mean. Names are upper-cased. Every configured token needs a column of its name, or of one that `columns` reads as it, or
 * `e_` and `d_` before such a name for equity and debt; where those two exist, the plain column is ignored. Columns of one token are added up. Any other
 * column must be listed in `ignoreColumns`, whose members are taken out before anything else.
 *
 * @param names the cells of the header line
 * @throws SolventError CSV_COLUMN_MISSING, CSV_COLUMN_REPEATED, CSV_COLUMN_UNKNOWN (kind invalid)
 */
export function planColumns(names: readonly string[], config: SnapshotConfig, file: string): Column[] {
  const fail = (code: InputCode, column: string, reason: string): never => {
    throw new SolventError(code, 'invalid', `${file}, row 0: ${reason}`, { file, row: 0, column, reason });
  };
  const columns = names.map((name) => name.toUpperCase());
  const present = new Set<string>();
  for (const name of columns) {
    if (present.has(name)) fail('CSV_COLUMN_REPEATED', shown(name), `the column ${shown(name)} is repeated`);
    present.add(name);
  }
  for (const name of config.ignoreColumns) present.delete(name.toUpperCase());

  const missing = (name: string): never =>
    fail('CSV_COLUMN_MISSING', name, `the column ${name} is missing (the configuration asks for it)`);
  if (!present.has('ID')) missing('ID');
  const known = new Map(inputNames(config).map((input) => [input.name.toUpperCase(), input]));
  const paired = pairedNames(known, present, missing);
  refuseMissing(config, known, (name) => paired.has(name) || (present.has(name) && name !== 'ID'), missing);

  const unknown: number[] = [];
  const plan = columns.map((name, index): Column => {
    if (!present.has(name)) return { kind: 'ignored' };
    if (name === 'ID') return { kind: 'id' };
    const input = known.get(name);
    if (input && paired.has(name)) return { kind: 'ignored' };
    const meant = input ?? sided(name, known);
    if (meant) return { kind: meant.side, token: meant.token, scale: sourceScale(config, meant.token) };
    unknown.push(index);
    return { kind: 'ignored' };
  });
  if (unknown.length > 0)
    fail(
      'CSV_COLUMN_UNKNOWN',
      shown(columns[unknown[0]!]!),
      unknownColumns(
        unknown.map((index) => names[index]!),
        config,
      ),
    );
  return plan;
}

/** What was read under which name of the header. */
export function namesOf(header: readonly string[], plan: readonly Column[]): ReadName[] {
  return plan.flatMap((column, i): ReadName[] => {
    if (column.kind === 'id') return [];
    const name = header[i]!;
    return [column.kind === 'ignored' ? { name } : { name, token: column.token }];
  });
}

/** Names that stand as a pair, `e_` and `d_` before them. */
function pairedNames(
  known: ReadonlyMap<string, InputName>,
  present: ReadonlySet<string>,
  missing: (name: string) => never,
): Set<string> {
  const paired = new Set<string>();
  for (const [base, { side }] of known) {
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
  known: ReadonlyMap<string, InputName>,
  stands: (name: string) => boolean,
  missing: (name: string) => never,
): void {
  const tokens = readTokens(config);
  const unheld = new Set(config.unheldAssets);
  const found = new Set<number>();
  for (const [name, { token, renamed }] of known) {
    if (stands(name)) found.add(token);
    else if (renamed && !unheld.has(tokens[token]!)) missing(name);
  }
  tokens.forEach((symbol, token) => {
    if (!found.has(token) && !unheld.has(symbol)) missing(symbol);
  });
}

/** `E_BTC` and `D_BTC` of a name that is known. */
function sided(name: string, known: ReadonlyMap<string, InputName>): InputName | undefined {
  const side = { E_: 'equity', D_: 'debt' }[name.slice(0, 2)] as 'equity' | 'debt' | undefined;
  const base = side && known.get(name.slice(2));
  return base?.side === 'net' ? { ...base, side: side! } : undefined;
}

/** What can be done with columns that are not in the configuration, in words that can be pasted into it. */
function unknownColumns(names: readonly string[], config: SnapshotConfig): string {
  const [first] = names as [string];
  const more = names.length > 1 ? ` (nor are ${names.length - 1} more)` : '';
  const base = first.toUpperCase().replace(/^[ED]_/, '');
  const tokens = new Set(readTokens(config));
  const part = base.split(/[^A-Z0-9]+/).find((piece) => tokens.has(piece));
  const rename = `"columns": { ${JSON.stringify(first)}: ${JSON.stringify(part ?? 'SYMBOL')} }`;
  const symbol = /^[A-Z0-9]{1,16}$/.test(base);
  return (
    `the column ${shown(first)} is not in the configuration${more}. If it holds balances ` +
    (symbol ? `of an asset of its own, add ${base}; if it holds` : 'of an asset, say of which; for') +
    ` ${symbol ? "another one's balances" : `${part ?? 'an asset'}`}, ${rename} adds it to that. ` +
    `If it holds no balances: "ignoreColumns": [${names
      .slice(0, 1000)
      .map((name) => JSON.stringify(name))
      .join(', ')}]`
  );
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}

import { countedValues, hasHaircuts, layoutOf, type Header } from '@solvent-por/verifier';
import type { Context } from './context';
import { decimalAmount, readableAmount } from './format';
import { folded, type Screen } from './screen';

/** A published value, as `--json` prints it. */
export interface ValueDocument {
  readonly symbol: string;
  /** `pool`: what of its equity lies in one pool. */
  readonly side: 'equity' | 'debt' | 'pool';
  /** Of side `pool`: its name. */
  readonly pool?: string;
  readonly scale: number;
  /** In smallest units, 10^(−scale). */
  readonly amount: string;
  /** In whole tokens. */
  readonly decimal: string;
  /**
   * Of one account's equity or pool, where the snapshot has haircuts: what of it counts against debts, in
   * whole tokens.
   */
  readonly counts?: string;
}

/** Published values (of one account, or totals), in layout order. */
export function valueDocuments(header: Header, values: readonly bigint[]): ValueDocument[] {
  return layoutOf(header).published.map(({ symbol, side, pool, scale }, v) => ({
    symbol,
    side,
    ...(pool !== undefined && { pool }),
    scale,
    amount: values[v]!.toString(),
    decimal: decimalAmount(values[v]!, scale),
  }));
}

/** The same of one account, with what of its equity counts. */
export function accountDocuments(header: Header, values: readonly bigint[]): ValueDocument[] {
  const documents = valueDocuments(header, values);
  if (!hasHaircuts(header)) return documents;
  const counts = countedValues(header, values);
  return documents.map((document, v) =>
    counts[v] === undefined
      ? document
      : { ...document, counts: decimalAmount(counts[v], document.scale + 2) },
  );
}

interface Line {
  readonly name: string;
  readonly scale: number;
  equity: bigint;
  debt?: bigint;
  counts: bigint;
}

/**
 * The same as a table: a line an asset, points under each other; `net` where there are debts; below an
 * asset's line one for each of its pools. On a terminal many assets are folded, and a line that is too long
 * goes without its net, or over several lines.
 * @param options.account the values are of one account: what of its equity counts is shown where there are
 *   haircuts, and assets of which it has nothing
 *   at all are left out, and counted
 */
export function valueTable(
  header: Header,
  values: readonly bigint[],
  { style, screen }: Pick<Context, 'style' | 'screen'>,
  options: { readonly account?: boolean } = {},
): string[] {
  const { account = false } = options;
  const all = linesOf(header, values);
  const held = account ? all.filter(([{ equity, debt }]) => equity > 0n || debt! > 0n) : all;
  const hasDebt = header.mode !== 'spot';
  const shown = (counts: string) => (account && hasHaircuts(header) ? [counts] : []);
  const cellsOf = ({ name, scale, equity, debt, counts }: Line): string[] => {
    const amount = (units: bigint) => readableAmount(units, scale);
    // Rounded down: no more counts than is shown.
    const cells = [name, amount(equity), ...shown(amount(counts / 100n))];
    if (!hasDebt || debt === undefined) return [...cells, ...(hasDebt ? ['', ''] : [])];
    const net = equity - debt;
    return [...cells, amount(debt), net < 0n ? `-${amount(-net)}` : amount(net)];
  };
  const head = ['', 'equity', ...shown('counts'), ...(hasDebt ? ['debt', 'net'] : [])];
  const { items, rest } = folded(held, 'asset', screen, ({ length }) => length);
  const rows = items.flatMap((lines) => lines.map(cellsOf));
  const { lines, left } = rows.length > 0 ? fitting([head, ...rows], screen) : { lines: [], left: undefined };
  const hidden = all.length - held.length;
  const notes = [
    rest,
    left,
    hidden === 0 ? undefined : `(nothing of ${hidden === all.length ? 'any asset' : `${hidden} more`})`,
  ].filter((note) => note !== undefined);
  return [...lines.map((line, i) => (i === 0 ? style.paint('dim', line) : line)), ...notes].map(
    (line) => `  ${line}`,
  );
}

/**
 * A table as wide as the screen: without `net`, which anybody can work out, where there is no room for it;
 * else each value in a line of its own.
 */
function fitting(
  table: readonly (readonly string[])[],
  { columns, folds }: Screen,
): { readonly lines: string[]; readonly left?: string } {
  const fits = (lines: readonly string[]) =>
    !folds || Math.max(...lines.map(({ length }) => length)) + 2 <= columns;
  const whole = aligned(table);
  if (fits(whole)) return { lines: whole };
  const [head, ...rows] = table as [readonly string[], ...(readonly string[])[]];
  if (head.at(-1) === 'net') {
    const lines = aligned(table.map((row) => row.slice(0, -1)));
    if (fits(lines)) return { lines, left: '(net is left out: it needs a wider terminal)' };
  }
  const width = Math.max(...head.map(({ length }) => length));
  return {
    lines: rows.flatMap(([name, ...cells]) => [
      name!,
      ...cells.flatMap((cell, c) => (cell === '' ? [] : [`    ${head[c + 1]!.padEnd(width)}  ${cell}`])),
    ]),
  };
}

/** Asset by asset its own line, then those of its pools. */
function linesOf(header: Header, values: readonly bigint[]): (readonly [Line, ...Line[]])[] {
  const counts = countedValues(header, values);
  const bySymbol = new Map<string, [Line, ...Line[]]>();
  layoutOf(header).published.forEach(({ symbol, side, pool, scale }, v) => {
    const lines = bySymbol.get(symbol) ?? [{ name: symbol, scale, equity: 0n, debt: 0n, counts: 0n }];
    bySymbol.set(symbol, lines);
    if (side === 'debt') lines[0].debt = values[v]!;
    else {
      const part = { equity: values[v]!, counts: counts[v] ?? 0n };
      if (side === 'equity') Object.assign(lines[0], part);
      else lines.push({ name: `  in ${pool}`, scale, ...part });
    }
  });
  return [...bySymbol.values()];
}

/** Cells under each other: the first column to the left, numbers to the right, by their point. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const columns = rows[0]!.map((_, c) => {
    const cells = rows.map((row) => row[c]!);
    // The heading has no part after a point, nor has an asset of scale 0.
    const tails = cells.map((cell, r) => (r > 0 && c > 0 ? cell.length - (cell + '.').indexOf('.') : 0));
    const longest = Math.max(...tails);
    const padded = cells.map((cell, r) => (r === 0 ? cell : cell + ' '.repeat(longest - tails[r]!)));
    const width = Math.max(...padded.map(({ length }) => length));
    return padded.map((cell) => (c === 0 ? cell.padEnd(width) : cell.padStart(width)));
  });
  return rows.map((_, r) =>
    columns
      .map((column) => column[r]!)
      .join('  ')
      .trimEnd(),
  );
}

import { layoutOf, type Header } from '@solvent/proof/verify';
import { decimalAmount, readableAmount } from './format';
import type { Style } from './style';

/** A published value, as `--json` prints it. */
export interface ValueDocument {
  readonly symbol: string;
  readonly side: 'equity' | 'debt';
  readonly scale: number;
  /** In smallest units, 10^(−scale). */
  readonly amount: string;
  /** In whole tokens. */
  readonly decimal: string;
}

/** Published values (of one account, or totals), in layout order. */
export function valueDocuments(header: Header, values: readonly bigint[]): ValueDocument[] {
  return layoutOf(header).published.map(({ symbol, side, scale }, v) => ({
    symbol,
    side,
    scale,
    amount: values[v]!.toString(),
    decimal: decimalAmount(values[v]!, scale),
  }));
}

/**
 * The same as a table: a line an asset, points under each other; `net` where there are debts.
 * @param options.onlyHeld leaves out assets of which there is nothing at all, and says how many
 */
export function valueTable(
  header: Header,
  values: readonly bigint[],
  style: Style,
  options: { readonly onlyHeld?: boolean } = {},
): string[] {
  const bySymbol = new Map<string, { scale: number; equity: bigint; debt: bigint }>();
  layoutOf(header).published.forEach(({ symbol, side, scale }, v) => {
    const row = bySymbol.get(symbol) ?? { scale, equity: 0n, debt: 0n };
    bySymbol.set(symbol, { ...row, [side]: values[v]! });
  });
  const all = [...bySymbol];
  const held = options.onlyHeld ? all.filter(([, { equity, debt }]) => equity > 0n || debt > 0n) : all;
  const hasDebt = header.mode !== 'spot';
  const rows = held.map(([symbol, { scale, equity, debt }]) => {
    const net = equity - debt;
    const amount = (units: bigint) => readableAmount(units, scale);
    const signed = net < 0n ? `-${amount(-net)}` : amount(net);
    return [symbol, amount(equity), ...(hasDebt ? [amount(debt), signed] : [])];
  });
  const head = ['', 'equity', ...(hasDebt ? ['debt', 'net'] : [])];
  const lines = rows.length > 0 ? aligned([head, ...rows]) : [];
  const table = lines.map((line, i) => `  ${i === 0 ? style.paint('dim', line) : line}`);
  const hidden = all.length - held.length;
  return hidden === 0
    ? table
    : [...table, `  (nothing of ${hidden === all.length ? 'any asset' : `${hidden} more`})`];
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

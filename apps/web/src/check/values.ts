import { countedValues, hasHaircuts, layoutOf, type Header } from '@solvent-por/verifier';
import { decimal } from './decimal';
import type { ValueRow } from './report';

/** Published values in layout order. */
export function valueRows(header: Header, values: readonly bigint[]): ValueRow[] {
  return layoutOf(header).published.map(({ symbol, side, pool, scale }, v) => ({
    symbol,
    side,
    ...(pool !== undefined && { pool }),
    amount: decimal(values[v]!, scale),
  }));
}

/** The same of one account, with what of its equity counts against debts. */
export function accountRows(header: Header, values: readonly bigint[]): ValueRow[] {
  const rows = valueRows(header, values);
  if (!hasHaircuts(header)) return rows;
  const counts = countedValues(header, values);
  const { published } = layoutOf(header);
  return rows.map((row, v) =>
    counts[v] === undefined ? row : { ...row, counts: decimal(counts[v], published[v]!.scale + 2) },
  );
}

/** Totals, with what they are worth in the snapshot's unit where that can be said. */
export function totalRows(header: Header, values: readonly bigint[]): ValueRow[] {
  const rows = valueRows(header, values);
  const { unit, priceScale } = header;
  if (unit === undefined) return rows;
  const prices = new Map(header.assets.map(({ symbol, price }) => [symbol, price]));
  return rows.map((row, v) => {
    const price = prices.get(row.symbol);
    if (price !== undefined && priceScale !== undefined)
      return { ...row, worth: decimal(values[v]! * BigInt(price), priceScale) };
    return row.symbol === unit ? { ...row, worth: row.amount } : row;
  });
}

import type { ValueRow } from './report';

export interface TotalsBar {
  readonly symbol: string;
  readonly side: 'equity' | 'debt';
  /** Exact, in its own unit. */
  readonly amount: string;
  /** In the chart's unit, where it has one. */
  readonly worth?: string;
  /** Of the axis, 0 to 1. */
  readonly length: number;
}

/**
 * Totals as bars. Where every total has a worth in the snapshot's unit the axis is that, from nothing; otherwise
 * each bar is in its own unit, on one axis of powers of ten: it shows how large a figure is, and compares no assets.
 */
export interface TotalsChart {
  readonly axis: 'worth' | 'powers';
  /** Figures along the axis, evenly spaced from its beginning to its end. */
  readonly ticks: readonly number[];
  /** The largest first, by asset. */
  readonly bars: readonly TotalsBar[];
  /** Assets that are not shown: the table has them. */
  readonly left: number;
}

/** Assets that are drawn. */
const MOST_ASSETS = 20;
/** Steps of an axis that people can read. */
const ROUND = [1, 2, 4, 5, 8, 10];

/** Figures are drawn to a thousandth, so that floating point is exact enough. */
export function totalsChart(rows: readonly ValueRow[]): TotalsChart {
  const shown = rows.filter((row): row is ValueRow & { side: 'equity' | 'debt' } => row.side !== 'pool');
  const axis = shown.every(({ worth }) => worth !== undefined) ? 'worth' : 'powers';
  const sizeOf = ({ worth, amount }: ValueRow) => Number(axis === 'worth' ? worth : amount);
  const most = Math.max(...shown.map(sizeOf), 0);
  const end = axis === 'worth' ? roundUp(most) : Math.max(1, Math.ceil(Math.log10(most + 1)));
  const lengthOf = (row: ValueRow) =>
    Math.min(1, axis === 'worth' ? sizeOf(row) / end : Math.log10(sizeOf(row) + 1) / end);
  const bySymbol = new Map<string, TotalsBar[]>();
  for (const row of shown) {
    const { symbol, side, amount, worth } = row;
    const bar = { symbol, side, amount, length: lengthOf(row), ...(worth !== undefined && { worth }) };
    bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), bar]);
  }
  const largest = (bars: readonly TotalsBar[]) => Math.max(...bars.map(({ length }) => length));
  const assets = [...bySymbol.values()].sort((a, b) => largest(b) - largest(a));
  return {
    axis,
    ticks: axis === 'worth' ? [0, end / 4, end / 2, (end * 3) / 4, end] : powers(end),
    bars: assets.slice(0, MOST_ASSETS).flat(),
    left: Math.max(0, assets.length - MOST_ASSETS),
  };
}

function roundUp(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ROUND.find((step) => step * power >= most)!;
}

/** At most five of them, so that they can be read on a phone: 0, 10³, 10⁶, … */
function powers(end: number): number[] {
  const steps = [4, 3, 2, 1].find((n) => end % n === 0)!;
  return Array.from({ length: steps + 1 }, (_, i) => (i === 0 ? 0 : 10 ** ((end / steps) * i)));
}

import { HaircutCurve } from './haircut-curve';
import type { Header } from './header';
import { layoutOf, type PublishedValue } from './layout';

/** Whether a header has haircuts: else all equity counts wholly. */
export function hasHaircuts({ assets }: Header): boolean {
  return assets.some(({ tiers, pools }) => tiers !== undefined || pools !== undefined);
}

/**
 * What of one account's equity counts against its debts, for each published value in layout order: of an
 * equity that of all its pools, of a pool its own;
 * undefined for debts.
 *
 * @param values of one account, in smallest units: what counts of a total cannot be told from the total
 * @returns in hundredths of smallest units
 */
export function countedValues(header: Header, values: readonly bigint[]): readonly (bigint | undefined)[] {
  const { published } = layoutOf(header);
  const assets = new Map(header.assets.map((asset) => [asset.symbol, asset]));
  const ofPool = ({ symbol, pool }: PublishedValue, v: number): bigint => {
    const tiers = assets.get(symbol)?.pools?.find(({ name }) => name === pool)?.tiers;
    return tiers ? new HaircutCurve(tiers).exact(values[v]!) : 0n;
  };
  return published.map((value, v) => {
    if (value.side === 'debt') return undefined;
    if (value.side === 'pool') return ofPool(value, v);
    const { tiers, pools } = assets.get(value.symbol) ?? {};
    if (!pools) return tiers ? new HaircutCurve(tiers).exact(values[v]!) : 100n * values[v]!;
    return published.reduce(
      (sum, other, w) =>
        other.side === 'pool' && other.symbol === value.symbol ? sum + ofPool(other, w) : sum,
      0n,
    );
  });
}

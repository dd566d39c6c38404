import { DocumentReader, PRICE_BOUND } from '@solvent-por/verifier';

/** The verifier's own prices: they replace all of the publication's. */
export interface Prices {
  readonly unit: string;
  readonly priceScale: number;
  /** One smallest unit of an asset is worth price·10^(−priceScale) of the unit; decimal strings. */
  readonly prices: Readonly<Record<string, string>>;
}

const read = new DocumentReader('PRICES_MALFORMED');
const MAX_PRICES = 4096;

/**
 * @param value parsed JSON: { unit, priceScale, prices: { SYMBOL: "…" } }
 * @throws SolventError PRICES_MALFORMED
 */
export function parsePricesFile(value: unknown): Prices {
  const p = read.object(value, 'prices', ['unit', 'priceScale', 'prices']);
  const given = p.prices;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return read.fail('prices.prices', 'must be an object');
  if (Object.keys(given).length > MAX_PRICES) read.fail('prices.prices', `must have at most ${MAX_PRICES}`);
  const symbol = (text: unknown, path: string) =>
    read.text(text, path, /^[A-Z0-9]{1,16}$/, '1 to 16 characters of A-Z and 0-9');
  return {
    unit: symbol(p.unit, 'prices.unit'),
    priceScale: read.integer(p.priceScale, 'prices.priceScale', 0, 36),
    prices: Object.fromEntries(
      Object.entries(given).map(([name, price]) => [
        symbol(name, 'prices.prices'),
        read.decimal(price, `prices.prices.${name.slice(0, 16)}`, 1n, PRICE_BOUND).toString(),
      ]),
    ),
  };
}

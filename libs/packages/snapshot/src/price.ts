import { withoutTrailing } from '@solvent-por/kzg';

/** Prices are below this in the header (section 4): larger ones would wrap in the field. */
const PRICE_BOUND = 1n << 64n;

/** A decimal as people write it: no sign, no exponent, no leading zero. */
export const DECIMAL = /^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/**
 * The header's price of an asset: one smallest unit (10^(−scale) of a token) in units of 10^(−priceScale) of
 * the header's unit.
 *
 * @param price of a whole token, a decimal such as `65100.22`
 * @returns price·10^(priceScale−scale), or why it is not an integer in 1…2^64−1
 */
export function headerPrice(price: string, scale: number, priceScale: number): bigint | { reason: string } {
  const [whole, fraction = ''] = price.split('.') as [string, string?];
  const decimals = withoutTrailing(fraction, /0/);
  const digits = BigInt(whole + decimals);
  if (digits === 0n) return { reason: 'must not be zero' };
  const exponent = priceScale - scale - decimals.length;
  if (exponent >= 0) {
    const value = digits * 10n ** BigInt(exponent);
    return value < PRICE_BOUND
      ? value
      : {
          reason: `gives ${value} in the header, which must be below 2^64: lower priceScale or the asset's scale`,
        };
  }
  const divisor = 10n ** BigInt(-exponent);
  if (digits % divisor === 0n) return digits / divisor;
  return { reason: `needs a priceScale of ${neededScale(digits, scale + decimals.length)} or more` };
}

/** The smallest priceScale at which digits·10^(priceScale−places) is an integer. */
function neededScale(digits: bigint, places: number): number {
  let needed = places;
  for (let rest = digits; needed > 0 && rest % 10n === 0n; rest /= 10n) needed--;
  return needed;
}

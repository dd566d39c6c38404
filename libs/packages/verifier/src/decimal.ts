/**
 * An integer that may pass 2^53: a decimal string matching `0|[1-9][0-9]*` and nothing else (section 4).
 * The length is bounded before the digits are converted, so a megabyte of digits costs nothing.
 *
 * @param value anything read from outside
 * @param exclusiveBound the integer must be below it (> 0)
 * @returns the integer, or undefined when the value is not such a string or not below the bound
 */
export function parseDecimal(value: unknown, exclusiveBound: bigint): bigint | undefined {
  if (typeof value !== 'string' || value.length > exclusiveBound.toString().length) return undefined;
  if (!/^(?:0|[1-9][0-9]*)$/.test(value)) return undefined;
  const integer = BigInt(value);
  return integer < exclusiveBound ? integer : undefined;
}

/**
 * Bounds of section 4: input amounts and prices < 2^64, published values of one account < 2^67, totals <
 * 2^96.
 */
export const AMOUNT_BOUND = 1n << 64n;
export const PRICE_BOUND = 1n << 64n;
export const VALUE_BOUND = 1n << 67n;
export const TOTAL_BOUND = 1n << 96n;

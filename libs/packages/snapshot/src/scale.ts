import { withoutTrailing } from '@solvent-por/kzg';

/** Amounts of the input are below this (section 4), whatever the limbs. */
export const AMOUNT_BITS = 64;

/** How one asset's amounts are counted in the input, and how they are published. */
export interface Conversion {
  /** Decimals of the input. */
  readonly from: number;
  /** 10^(from − published scale): so many units of the input are a published one. */
  readonly divisor: bigint;
  /** `exact` refuses what is not a multiple of the divisor. */
  readonly rounding: 'exact' | 'up';
}

/** The conversion of an asset whose `convertScale` asks for one. */
export function conversionOf({
  scale,
  convertScale,
}: {
  readonly scale: number;
  readonly convertScale?: { readonly from: number; readonly rounding: 'exact' | 'up' } | undefined;
}): Conversion | undefined {
  if (!convertScale) return undefined;
  const { from, rounding } = convertScale;
  return { from, rounding, divisor: 10n ** BigInt(from - scale) };
}

/**
 * A published amount, and by how much less than one published unit it is off, in units of the input.
 *
 * Always to the safe side: what a user is owed rounds up and what a user owes rounds down, so published
 * equity is never below the true one, published debt never above, and what the operator owes on the whole
 * never below the truth. `excess` is by how much the account's net is overstated thereby; whoever judges
 * whether a net is negative must take it off first.
 *
 * @returns undefined where it is not exact and must be
 */
export function convert(
  amount: bigint,
  { divisor, rounding }: Conversion,
  isDebt: boolean,
): { readonly units: bigint; readonly excess: bigint } | undefined {
  const units = amount / divisor;
  const rest = amount % divisor;
  if (rest === 0n) return { units, excess: 0n };
  if (rounding === 'exact') return undefined;
  return isDebt ? { units, excess: rest } : { units: units + 1n, excess: divisor - rest };
}

/**
 * The largest scale at which amounts that count `units` at `scale` stay below 2^bits, rounded up; undefined
 * where there is none.
 */
export function fittingScale(units: bigint, scale: number, bits: number): number | undefined {
  for (let fits = scale; fits >= 0; fits--) {
    const divisor = 10n ** BigInt(scale - fits);
    if ((units + divisor - 1n) / divisor < 1n << BigInt(bits)) return fits;
  }
  return undefined;
}

/** Units of 10^(−scale) as whole tokens, without needless zeros. */
export function wholeTokens(units: bigint, scale: number): string {
  const digits = units.toString().padStart(scale + 1, '0');
  const fraction = withoutTrailing(digits.slice(digits.length - scale), /0/);
  return `${digits.slice(0, digits.length - scale)}${scale > 0 && fraction !== '' ? `.${fraction}` : ''}`;
}

/**
 * Why an amount does not fit, the most that does in whole tokens, and the scale at which this one would.
 *
 * @param units in 10^(−scale)
 * @param from the scale of the input
 */
export function rangeProblem({
  symbol,
  units,
  scale,
  from,
  limbs,
}: {
  readonly symbol: string;
  readonly units: bigint;
  readonly scale: number;
  readonly from: number;
  readonly limbs: number;
}): string {
  const bits = Math.min(11 * limbs, AMOUNT_BITS);
  const most = wholeTokens((1n << BigInt(bits)) - 1n, scale);
  const bound = `is not below 2^${bits} at scale ${scale}: an account can hold ${most} ${symbol} at most`;
  if (bits < AMOUNT_BITS && units < 1n << BigInt(AMOUNT_BITS))
    return `${bound}. Give it more "limbs" (2^(11·limbs) is the range), up to 6`;
  const fits = fittingScale(units, scale, AMOUNT_BITS);
  return fits === undefined
    ? `${bound}, and this amount fits at no scale: look whether it is right`
    : `${bound}. This amount fits at scale ${fits} or lower: publish ${symbol} so, with "scale": ${Math.min(fits, comfortable(from))}, "convertScale": { "from": ${from} }`;
}

/** Half of the decimals leave room for growth: 18 become 9. */
export function comfortable(from: number): number {
  return Math.ceil(from / 2);
}

import { withoutTrailing } from '@solvent-por/kzg';
import { MAX_TIERS } from '@solvent-por/verifier';
import type { TierConfig } from './haircut-schema';
import { DECIMAL } from './price';

/**
 * A cell of Binance's `cex_assets_info.csv`: the haircuts, or what is wrong with it, the end of a sentence
 * that begins with its name.
 */
export type RatioList = { readonly tiers: TierConfig[] } | { readonly problem: string };

/**
 * A list `[lo-hi:ratio,lo-hi:ratio,…]` as zkmerkle-proof-of-solvency reads it: limits in value, percentages,
 * and nothing counts above the last limit; of an empty list nothing counts at all. Neighbours of one
 * percentage are one tier.
 *
 * Percentages must fall: there only is the sum over tiers filled from the bottom what an honest prover proves
 * (section 3).
 */
export function parseRatioList(cell: string): RatioList {
  const text = cell
    .trim()
    .replace(/^\[|\]$/g, '')
    .trim();
  if (text === '') return { tiers: [{ percent: 0 }] };
  const tiers: { percent: number; upToValue: string }[] = [];
  let before = '0';
  for (const [i, entry] of text.split(',').entries()) {
    const match = /^\s*([^-:\s]+)\s*-\s*([^-:\s]+)\s*:\s*([^-:\s]+)\s*$/.exec(entry);
    const name = `tier ${i + 1} (${entry.trim().slice(0, 40)})`;
    if (!match || !match.slice(1).every((number) => DECIMAL.test(number)))
      return { problem: `${name} is not of the form low-high:percentage, as in 0-10000:95` };
    const [, low, high, ratio] = match as unknown as [string, string, string, string];
    if (compare(low, before) !== 0)
      return { problem: `${name} must begin at ${before}, where the one before ends` };
    if (compare(high, low) <= 0) return { problem: `${name} must end above where it begins` };
    const percent = Number(ratio);
    if (!Number.isInteger(percent) || percent > 100)
      return { problem: `${name} must count a whole percentage of 0 to 100` };
    const last = tiers.at(-1);
    if (last && percent > last.percent)
      return {
        problem: `${name} counts ${percent} %, more than the ${last.percent} % of the tier before: only lists that fall can be proved. Lower it to ${last.percent}: what counts is less then, so it proves more than is asked`,
      };
    if (last?.percent === percent) tiers.pop();
    tiers.push({ percent, upToValue: plain(high) });
    before = high;
  }
  if (tiers.at(-1)!.percent === 0) tiers.pop();
  if (tiers.length >= MAX_TIERS)
    return {
      problem: `has ${tiers.length} tiers, and ${MAX_TIERS - 1} with a limit are the most; join some, or ask for fewer`,
    };
  return { tiers: [...tiers, { percent: 0 }] };
}

/** Without needless zeros. */
function plain(decimal: string): string {
  return decimal.includes('.') ? withoutTrailing(withoutTrailing(decimal, /0/), /\./) : decimal;
}

/** Decimals exactly: −1, 0 or 1. */
function compare(a: string, b: string): number {
  const fraction = (text: string) => text.split('.')[1] ?? '';
  const places = Math.max(fraction(a).length, fraction(b).length);
  const units = (text: string) => BigInt(text.split('.')[0]! + fraction(text).padEnd(places, '0'));
  const [x, y] = [units(a), units(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

import { withoutTrailing } from '@solvent-por/kzg';
import type { Pool, Tier } from '@solvent-por/verifier';
import { coarserTiers } from './coarser-tiers';
import type { PoolConfig, TierConfig } from './haircut-schema';
import { wholeTokens } from './scale';

/** What limits in value are turned into amounts with. */
export interface Priced {
  readonly symbol: string;
  readonly scale: number;
  readonly limbs: number;
  /** Of the header: one smallest unit is worth price·10^(−priceScale). */
  readonly price: bigint;
  readonly priceScale: number;
}

/** An asset's `tiers` and `pools` as a configuration says them. */
export interface Haircuts {
  readonly tiers?: readonly TierConfig[] | undefined;
  readonly pools?: readonly PoolConfig[] | undefined;
}

/** A limit in value, and the amount that it became. */
export interface ValueLimit {
  readonly symbol: string;
  readonly pool?: string;
  readonly percent: number;
  /** In the header's unit. */
  readonly value: string;
  /** In whole tokens. */
  readonly amount: string;
}

/** The members that an asset's haircuts add to the header (section 3); limits in smallest units. */
export interface HeaderHaircuts {
  readonly tiers?: readonly Tier[];
  readonly pools?: readonly Pool[];
}

/**
 * Haircuts as the header says them. Limits in value are divided by the price and rounded down: a limit that
 * is too low counts less than is asked, never more.
 *
 * @param problems receives what is wrong, one sentence each; then the result is not to be used
 * @param limits receives each limit in value
 */
export function headerHaircuts(
  { tiers, pools }: Haircuts,
  asset: Priced,
  problems: string[] = [],
  limits: ValueLimit[] = [],
): HeaderHaircuts {
  const convert = (list: readonly TierConfig[], pool?: string) =>
    new TierConverter(asset, pool, problems, limits).convert(list);
  return {
    ...(tiers ? { tiers: convert(tiers) } : {}),
    ...(pools ? { pools: pools.map(({ name, tiers: list }) => ({ name, tiers: convert(list, name) })) } : {}),
  };
}

class TierConverter {
  constructor(
    private readonly asset: Priced,
    private readonly pool: string | undefined,
    private readonly problems: string[],
    private readonly limits: ValueLimit[],
  ) {}

  convert(list: readonly TierConfig[]): Tier[] {
    let [before, limit]: [TierConfig | undefined, bigint] = [undefined, 0n];
    return list.map((tier, i): Tier => {
      const { percent } = tier;
      if (before && percent >= before.percent)
        this.problem(
          i,
          `counts ${percent} %, the tier before ${before.percent}: percentages must fall from tier to tier. Give two tiers of one percentage one limit`,
        );
      before = tier;
      const given = [tier.upTo, tier.upToValue].filter((text) => text !== undefined).length;
      if (i === list.length - 1) {
        if (given > 0)
          this.problem(
            i,
            `is the last one, which has no limit: take it out${percent > 0 ? ', or add { "percent": 0 } where nothing counts above it' : ''}`,
          );
        return { percent };
      }
      if (given !== 1) this.problem(i, 'needs its limit, as "upTo" (in tokens) or as "upToValue"');
      if (given !== 1) return { percent };
      const upTo = tier.upTo === undefined ? this.fromValue(tier) : this.fromAmount(tier.upTo, i);
      this.refuseLimit(upTo, limit, i);
      limit = upTo;
      return { percent, upTo: upTo.toString() };
    });
  }

  private fromAmount(text: string, i: number): bigint {
    const { scale } = this.asset;
    const { digits, decimals } = parts(text);
    if (decimals <= scale) return digits * 10n ** BigInt(scale - decimals);
    this.problem(i, `has a limit with more than the ${scale} decimals of the asset's scale`);
    return digits / 10n ** BigInt(decimals - scale);
  }

  private fromValue({ percent, upToValue }: TierConfig): bigint {
    const { symbol, scale, price, priceScale } = this.asset;
    const { digits, decimals } = parts(upToValue!);
    const amount = (digits * 10n ** BigInt(priceScale)) / (10n ** BigInt(decimals) * price);
    this.limits.push({
      symbol,
      ...(this.pool === undefined ? {} : { pool: this.pool }),
      percent,
      value: upToValue!,
      amount: wholeTokens(amount, scale),
    });
    return amount;
  }

  private refuseLimit(limit: bigint, before: bigint, i: number): void {
    const { symbol, scale, limbs } = this.asset;
    const bound = mostOf(limbs);
    const shown = `${wholeTokens(limit, scale)} ${symbol}`;
    if (limit === 0n) this.problem(i, `has a limit of less than one smallest unit: raise it, or the scale`);
    else if (limit <= before)
      this.problem(
        i,
        `ends at ${shown}, not above the tier before: limits must rise; take one of the two out`,
      );
    else if (limit > bound)
      this.problem(
        i,
        `ends at ${shown}, more than an account can hold (${wholeTokens(bound, scale)} ${symbol}): take its limit and the tiers above it out`,
      );
  }

  private problem(i: number, what: string): void {
    const { symbol } = this.asset;
    this.problems.push(
      `${symbol}${this.pool === undefined ? '' : `, pool ${this.pool}`}: tier ${i + 1} ${what}`,
    );
  }
}

/**
 * The same list without limits beyond what an account can hold: of no account anything lies in the tiers
 * above them.
 */
export function limitsWithin(list: readonly TierConfig[], asset: Priced): TierConfig[] {
  const tiers = headerHaircuts({ tiers: list }, asset).tiers!;
  const beyond = tiers.findIndex(({ upTo }) => upTo !== undefined && BigInt(upTo) > mostOf(asset.limbs));
  return beyond < 0 ? [...list] : [...list.slice(0, beyond), { percent: list[beyond]!.percent }];
}

/** A list of at most `count` tiers that lies below the given one (`coarserTiers`). */
export function coarserList(list: readonly TierConfig[], asset: Priced, count: number): TierConfig[] {
  return coarserConfig(list, headerHaircuts({ tiers: list }, asset).tiers!, count);
}

/**
 * The same.
 * @param converted the list as the header has it
 */
export function coarserConfig(
  list: readonly TierConfig[],
  converted: readonly Tier[],
  count: number,
): TierConfig[] {
  return coarserTiers(converted, count).map(({ percent, last }) => ({ ...list[last]!, percent }));
}

/** The most smallest units that an account can hold (section 4). */
export function mostOf(limbs: number): bigint {
  return (1n << BigInt(Math.min(64, 11 * limbs))) - 1n;
}

/** Of a decimal that matches DECIMAL. */
function parts(text: string): { readonly digits: bigint; readonly decimals: number } {
  const [whole, fraction = ''] = text.split('.') as [string, string?];
  const kept = withoutTrailing(fraction, /0/);
  return { digits: BigInt(whole + kept), decimals: kept.length };
}

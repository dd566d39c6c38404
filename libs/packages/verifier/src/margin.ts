import type { Asset } from './asset';

/** Bits of a limb. */
const LIMB_BITS = 11;
/** Limbs of `net`: 143 bits, 154 where haircuts multiply everything by up to 100 (section 3). */
const NET_LIMBS = 13;
const NET_LIMBS_WITH_HAIRCUTS = 14;
/** D: percentages are of this, where there are any. */
const WHOLE = 100;

/** Equity of one tier of one pool of one asset. */
export interface Part {
  readonly name: string;
  readonly limbs: number;
  readonly asset: number;
  /** Index among the asset's pools; 0 where it has none. */
  readonly pool: number;
  /** What of it counts in `net`, in units of 1/D. */
  readonly percent: number;
  /** Most that lies in this tier; undefined in a pool's last one. */
  readonly width: bigint | undefined;
}

/** What is left of a tier's width. */
export interface Room {
  readonly name: string;
  readonly limbs: number;
  /** Index of its part. */
  readonly part: number;
}

export interface Margin {
  /** Asset by asset, pool by pool, tier by tier. */
  readonly parts: readonly Part[];
  /** One for each part with a width, in the same order. */
  readonly rooms: readonly Room[];
  readonly net: { readonly name: 'net'; readonly limbs: number };
  /** Pools that the header names, asset by asset: their sums are published. */
  readonly pools: ReadonlyArray<{ readonly asset: number; readonly name: string }>;
  /** D: 100 where any asset has tiers or pools, else 1. */
  readonly factor: bigint;
}

/** The base values of mode `margin` beside the debts (section 3). */
export function marginParts(assets: readonly Asset[]): Margin {
  const haircuts = assets.some(({ tiers, pools }) => tiers !== undefined || pools !== undefined);
  const whole = haircuts ? WHOLE : 1;
  const parts = assets.flatMap((asset, t): Part[] => {
    const pools = asset.pools ?? [{ name: 'equity', tiers: asset.tiers ?? [{ percent: whole }] }];
    return pools.flatMap(({ name, tiers }, q) => {
      let below = 0n;
      return tiers.map(({ percent, upTo }, i): Part => {
        const width = upTo === undefined ? undefined : BigInt(upTo) - below;
        if (upTo !== undefined) below = BigInt(upTo);
        return {
          name: `${asset.symbol} ${name}${tiers.length > 1 ? ` tier ${i}` : ''}`,
          limbs: width === undefined ? asset.limbs : limbsOf(width),
          asset: t,
          pool: q,
          percent,
          width,
        };
      });
    });
  });
  return {
    parts,
    rooms: parts.flatMap(({ name, limbs, width }, part) =>
      width === undefined ? [] : [{ name: `room of ${name}`, limbs, part }],
    ),
    net: { name: 'net', limbs: haircuts ? NET_LIMBS_WITH_HAIRCUTS : NET_LIMBS },
    pools: assets.flatMap(({ pools }, asset) => (pools ?? []).map(({ name }) => ({ asset, name }))),
    factor: BigInt(whole),
  };
}

/** The least number of limbs d ≥ 1 with width < 2^(11·d). */
function limbsOf(width: bigint): number {
  let limbs = 1;
  while (width >> BigInt(LIMB_BITS * limbs) > 0n) limbs++;
  return limbs;
}

import type { Asset, Tier } from './asset';
import { AMOUNT_BOUND } from './decimal';
import { HaircutCurve } from './haircut-curve';
import type { Header } from './header';
import { LIMB_BITS } from './layout';

/** All counts. */
const WHOLE: readonly Tier[] = [{ percent: 100 }];

/** An asset of a header of mode `margin`. */
export interface AssetOf {
  readonly header: Header;
  readonly asset: Asset;
}

/**
 * How limits of two headers are compared: units of each in one that both share, and by how many of its own
 * units a limit of the earlier one may have been rounded down.
 */
interface Measure {
  readonly before: bigint;
  readonly after: bigint;
  readonly rounded: bigint;
}

/**
 * Whether of some amount of an asset more counts against debts than under an earlier header: in a pool that
 * both have, or however the amount is divided over pools. It must be more of an amount and of a value alike:
 * who keeps a limit in value shows another amount when the price moves, who keeps one in amounts another
 * value, and neither proves less than before.
 *
 * @returns where; undefined if nowhere
 */
export function raisedHaircut(before: AssetOf, after: AssetOf): { readonly pool?: string } | undefined {
  const measures = [
    byAmount(before.asset, after.asset),
    ...(before.header.unit === after.header.unit ? [byValue(before, after)] : []),
  ];
  const most = mostHeld(after.asset);
  const raised = (known: readonly Tier[], now: readonly Tier[]) =>
    measures.every((measure) =>
      countsMore(
        limitsIn(known, measure.before, measure.rounded),
        limitsIn(now, measure.after),
        most * measure.after,
      ),
    );
  for (const { name, tiers } of after.asset.pools ?? []) {
    const known = before.asset.pools?.find((pool) => pool.name === name);
    if (known && raised(known.tiers, tiers)) return { pool: name };
  }
  return raised(best(before.asset), best(after.asset)) ? {} : undefined;
}

/** In units of the finer scale. */
function byAmount(before: Asset, after: Asset): Measure {
  const scale = Math.max(before.scale, after.scale);
  const unit = (asset: Asset) => 10n ** BigInt(scale - asset.scale);
  return { before: unit(before), after: unit(after), rounded: 0n };
}

/**
 * In units of the finer price: a limit in value was rounded down to an amount, by less than one smallest
 * unit, and otherwise at another price.
 */
function byValue(...pair: readonly [AssetOf, AssetOf]): Measure {
  const scale = Math.max(...pair.map(({ header }) => header.priceScale!));
  const [before, after] = pair.map(
    ({ header, asset }) => BigInt(asset.price!) * 10n ** BigInt(scale - header.priceScale!),
  ) as [bigint, bigint];
  return { before, after, rounded: before === after ? 0n : 1n };
}

/** The most smallest units that an account can hold (section 4). */
function mostHeld({ limbs }: Asset): bigint {
  const bound = 1n << BigInt(LIMB_BITS * limbs);
  return (bound < AMOUNT_BOUND ? bound : AMOUNT_BOUND) - 1n;
}

/**
 * What counts is linear between limits: of amounts up to `most` one function lies above another if it does at
 * a limit, or at the end.
 */
function countsMore(before: readonly Tier[], after: readonly Tier[], most: bigint): boolean {
  const limits = [...before, ...after].flatMap(({ upTo }) => (upTo === undefined ? [] : [BigInt(upTo)]));
  const [counted, known] = [new HaircutCurve(after), new HaircutCurve(before)];
  return [...limits.filter((limit) => limit < most), most].some(
    (amount) => counted.exact(amount) > known.exact(amount),
  );
}

/**
 * The most that counts of an amount, if it lies where most of it does: the tiers of all pools, by their
 * percentages.
 */
function best({ tiers, pools }: Asset): readonly Tier[] {
  if (!pools) return tiers ?? WHOLE;
  const parts = pools
    .flatMap((pool) =>
      pool.tiers.map(({ percent, upTo }, i) => ({
        percent,
        width: upTo === undefined ? undefined : BigInt(upTo) - BigInt(pool.tiers[i - 1]?.upTo ?? 0),
      })),
    )
    .sort((a, b) => b.percent - a.percent);
  const merged: Tier[] = [];
  let end = 0n;
  for (const { percent, width } of parts) {
    if (width === undefined) return [...merged, { percent }];
    end += width;
    merged.push({ percent, upTo: end.toString() });
  }
  return merged;
}

function limitsIn(tiers: readonly Tier[], unit: bigint, more = 0n): readonly Tier[] {
  return tiers.map(({ percent, upTo }) => ({
    percent,
    ...(upTo !== undefined && { upTo: ((BigInt(upTo) + more) * unit).toString() }),
  }));
}

import type { Asset, Tier } from './asset';
import { HaircutCurve } from './haircut-curve';

/** All counts. */
const WHOLE: readonly Tier[] = [{ percent: 100 }];

/**
 * Whether of some amount of an asset more counts against debts than under an earlier header: in a pool that both have, or however the amount is divided
 * over pools.
 *
 * @returns where; undefined if nowhere
 */
export function raisedHaircut(before: Asset, after: Asset): { readonly pool?: string } | undefined {
  // In units of the finer scale both are the same function's arguments.
  const scale = Math.max(before.scale, after.scale);
  const [shiftBefore, shiftAfter] = [before, after].map((asset) => 10n ** BigInt(scale - asset.scale)) as [
    bigint,
    bigint,
  ];
  for (const { name, tiers } of after.pools ?? []) {
    const known = before.pools?.find((pool) => pool.name === name);
    if (known && countsMore(shifted(known.tiers, shiftBefore), shifted(tiers, shiftAfter)))
      return { pool: name };
  }
  return countsMore(shifted(best(before), shiftBefore), shifted(best(after), shiftAfter)) ? {} : undefined;
}

/** What counts is linear between limits: one function lies above another if it does at a limit, or beyond all of them. */
function countsMore(before: readonly Tier[], after: readonly Tier[]): boolean {
  const limits = [...before, ...after].flatMap(({ upTo }) => (upTo === undefined ? [] : [BigInt(upTo)]));
  const [counted, known] = [new HaircutCurve(after), new HaircutCurve(before)];
  return (
    limits.some((limit) => counted.exact(limit) > known.exact(limit)) ||
    after.at(-1)!.percent > before.at(-1)!.percent
  );
}

/** The most that counts of an amount, if it lies where most of it does: the tiers of all pools, by their percentages. */
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

function shifted(tiers: readonly Tier[], factor: bigint): readonly Tier[] {
  return tiers.map(({ percent, upTo }) => ({
    percent,
    ...(upTo !== undefined && { upTo: (BigInt(upTo) * factor).toString() }),
  }));
}

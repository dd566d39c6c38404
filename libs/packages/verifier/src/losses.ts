import { toHex } from '@solvent-por/kzg';
import { raisedHaircut, type AssetOf } from './haircut-order';
import { hasHaircuts } from './haircut';
import type { Header } from './header';
import type { Mode } from './layout';
import { manifestDigest, type Manifest } from './manifest';

/**
 * One way in which a snapshot shows less than an earlier one of the same operator. `message` is for people,
 * the rest for programs.
 */
export type Loss = { readonly message: string } & (
  | { readonly code: 'MODE_WEAKER'; readonly before: Mode; readonly after: Mode }
  /** Its total, and what each account has of it, are no longer shown. */
  | { readonly code: 'ASSET_DROPPED'; readonly symbol: string }
  /** Amounts are shown in larger units. */
  | {
      readonly code: 'SCALE_COARSER';
      readonly symbol: string;
      readonly before: number;
      readonly after: number;
    }
  /** All of its equity counts against debts. */
  | { readonly code: 'HAIRCUTS_DROPPED'; readonly symbol: string }
  /**
   * Of some amount, and of its value, more counts against debts than before: a limit that moved with the
   * price is no loss.
   */
  | { readonly code: 'HAIRCUT_SMALLER'; readonly symbol: string; readonly pool?: string }
  /** What lies in them is no longer shown. */
  | { readonly code: 'POOLS_DROPPED'; readonly symbol: string; readonly pools: readonly string[] }
  /** Calendar months (UTC) of which there is no snapshot between the two: `2026-11`. */
  | { readonly code: 'MONTHS_SKIPPED'; readonly first: string; readonly last: string; readonly count: number }
  /** Private claims (section 13) can no longer be made. */
  | { readonly code: 'CLAIMS_DROPPED' }
);

/**
 * The modes from which one goes to show less: totals asset by asset become one figure, or debts are not shown
 * any more.
 */
const WEAKER: Readonly<Partial<Record<`${Mode} ${Mode}`, string>>> = {
  'margin aggregate': 'the assets are one figure now: what is owed in each is no longer shown',
  'spot aggregate': 'the assets are one figure now: what is owed in each is no longer shown',
  'margin spot': 'debts are no longer shown',
  'aggregate spot': 'debts are no longer shown',
};

/**
 * How a snapshot shows less than an earlier one: nobody else notices that an asset was dropped, a scale made
 * coarser, margin turned into aggregate, haircuts dropped, a month skipped. Both are taken as they are:
 * whether they are signed, and linked, is `verifyManifestTrust`'s.
 *
 * @returns none where the later one shows at least as much; months only where no other manifest can lie
 *   between the two: the later one names the earlier as
 *   `previous`, or none
 */
export function lossesBetween(earlier: Manifest, later: Manifest): readonly Loss[] {
  const [before, after] = [earlier.header, later.header];
  return [
    ...modeLosses(before, after),
    ...assetLosses(before, after),
    ...monthLosses(earlier, later),
    ...(earlier.claimRoot !== null && later.claimRoot === null
      ? [{ code: 'CLAIMS_DROPPED', message: 'private claims can no longer be made' } as const]
      : []),
  ];
}

/** Whether another manifest may lie between two: then the months in between say nothing. */
export function mayLieBetween(earlier: Manifest, later: Manifest): boolean {
  return later.previous !== null && later.previous !== toHex(manifestDigest(earlier));
}

function modeLosses({ mode: before }: Header, { mode: after }: Header): Loss[] {
  const what = WEAKER[`${before} ${after}`];
  if (what === undefined) return [];
  return [{ code: 'MODE_WEAKER', before, after, message: `mode ${after} in place of ${before}: ${what}` }];
}

/** Asset by asset, where both show assets, or the one figure, in a like way. */
function assetLosses(before: Header, after: Header): Loss[] {
  if (before.mode !== after.mode && [before.mode, after.mode].includes('aggregate')) return [];
  const now = new Map(after.assets.map((asset) => [asset.symbol, asset]));
  const haircuts = before.mode === 'margin' && after.mode === 'margin' && hasHaircuts(before);
  return before.assets.flatMap((asset): Loss[] => {
    const { symbol, scale } = asset;
    const same = now.get(symbol);
    if (!same) return [{ code: 'ASSET_DROPPED', symbol, message: `${symbol} is no longer shown` }];
    const coarser: Loss[] =
      same.scale >= scale
        ? []
        : [
            {
              code: 'SCALE_COARSER',
              symbol,
              before: scale,
              after: same.scale,
              message: `${symbol} is shown with ${same.scale} decimals in place of ${scale}`,
            },
          ];
    return [
      ...coarser,
      ...(haircuts ? haircutLosses({ header: before, asset }, { header: after, asset: same }) : []),
    ];
  });
}

function haircutLosses(earlier: AssetOf, later: AssetOf): Loss[] {
  const [before, after] = [earlier.asset, later.asset];
  const { symbol } = before;
  if (!before.tiers && !before.pools) return [];
  const gone = (before.pools ?? [])
    .map(({ name }) => name)
    .filter((name) => !after.pools?.some((pool) => pool.name === name));
  const pools: Loss[] =
    gone.length === 0
      ? []
      : [
          {
            code: 'POOLS_DROPPED',
            symbol,
            pools: gone,
            message: `what of ${symbol} lies in ${gone.join(', ')} is no longer shown`,
          },
        ];
  if (!after.tiers && !after.pools)
    return [
      ...pools,
      {
        code: 'HAIRCUTS_DROPPED',
        symbol,
        message: `all of ${symbol} counts against debts now, its haircuts are gone`,
      },
    ];
  const raised = raisedHaircut(earlier, later);
  if (!raised) return pools;
  const where = raised.pool === undefined ? symbol : `${symbol} in ${raised.pool}`;
  return [
    ...pools,
    {
      code: 'HAIRCUT_SMALLER',
      symbol,
      ...raised,
      message: `more of ${where} counts against debts than before`,
    },
  ];
}

function monthLosses(earlier: Manifest, later: Manifest): Loss[] {
  if (mayLieBetween(earlier, later)) return [];
  const [from, to] = [monthOf(earlier.header), monthOf(later.header)];
  const count = to - from - 1;
  if (count < 1) return [];
  const [first, last] = [monthName(from + 1), monthName(to - 1)];
  const months = count === 1 ? first : `${first} to ${last}`;
  return [{ code: 'MONTHS_SKIPPED', first, last, count, message: `there is no snapshot of ${months}` }];
}

function monthOf({ takenAt }: Header): number {
  return 12 * Number(takenAt.slice(0, 4)) + Number(takenAt.slice(5, 7)) - 1;
}

function monthName(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

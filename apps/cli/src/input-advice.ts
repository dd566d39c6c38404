import {
  AMOUNT_BITS,
  comfortable,
  fittingScale,
  wholeTokens,
  type AssetSurvey,
  type SnapshotConfig,
} from '@solvent-por/snapshot';
import type { Survey } from '@solvent-por/snapshot/readers';
import type { Context } from './context';
import { plural } from './format';

/** A change to the configuration that an input asks for. */
export interface Proposal {
  /** Undefined where it is about several. */
  readonly symbol?: string;
  readonly reason: string;
  /** What to write, to be pasted. */
  readonly change: string;
}

/** How to leave out what nobody holds. */
export function unheldChange(unheld: readonly string[]): string {
  return `To leave out what nobody holds, write into the configuration:\n  ${unheldMember(unheld)}`;
}

/** Says of how many assets there is nothing, and how to leave them out. */
export function sayUnheld(unheld: readonly string[], assets: number, { say }: Context): void {
  if (unheld.length === 0 || unheld.length === assets) return;
  say();
  say(
    `Nobody holds ${unheld.length} of ${plural(assets, 'asset')}; fewer prove faster. ${unheldChange(unheld)}`,
  );
}

/** What of a configuration should be changed for this input. */
export function proposals(config: SnapshotConfig, { assets, largestSum }: Survey): Proposal[] {
  const found: Proposal[] = [];
  const listed = new Set(config.unheldAssets);
  const unheld = assets.filter(({ holders, symbol }) => holders === 0 && !listed.has(symbol));
  if (unheld.length > 0 && config.mode !== 'aggregate' && unheld.length < config.assets.length)
    found.push({
      reason: `nobody holds ${unheld.length} of ${plural(config.assets.length, 'asset')}`,
      change: unheldMember([...listed, ...unheld.map(({ symbol }) => symbol)]),
    });
  if (config.mode === 'aggregate') {
    const decimals = Math.max(0, ...assets.map((asset) => asset.decimals));
    const unit = { symbol: config.unit, largest: largestSum, decimals, from: assets[0]!.from };
    return [...found, ...scaleProposals(config.assets[0]!, unit)];
  }
  return [...found, ...config.assets.flatMap((asset, i) => scaleProposals(asset, assets[i]!))];
}

type Asset = SnapshotConfig['assets'][number];

function scaleProposals(
  { symbol, scale, limbs, convertScale }: Asset,
  { largest, decimals, from }: Omit<AssetSurvey, 'holders'>,
): Proposal[] {
  const divisor = 10n ** BigInt(from - scale);
  const units = (largest + divisor - 1n) / divisor;
  const bits = Math.min(11 * limbs, AMOUNT_BITS);
  const said = `an account has ${wholeTokens(largest, from)} ${symbol}`;
  if (units < 1n << BigInt(bits)) {
    if (!convertScale || convertScale.rounding === 'up' || decimals <= scale) return [];
    const reason = `${symbol} has amounts with ${decimals} decimals, and ${scale} are published exactly`;
    return [
      {
        symbol,
        reason,
        change: `"symbol": "${symbol}", "scale": ${scale}, "convertScale": { "from": ${from}, "rounding": "up" }`,
      },
    ];
  }
  const reason = `${said}, and below 2^${bits} at scale ${scale} are ${wholeTokens((1n << BigInt(bits)) - 1n, scale)} at most`;
  if (units < 1n << BigInt(AMOUNT_BITS)) {
    const needed = Math.ceil(units.toString(2).length / 11);
    return [{ symbol, reason, change: `"symbol": "${symbol}", "scale": ${scale}, "limbs": ${needed}` }];
  }
  const fits = fittingScale(largest, from, AMOUNT_BITS);
  if (fits === undefined)
    return [{ symbol, reason, change: 'none: it fits at no scale; look whether the amount is right' }];
  const target = Math.min(fits, comfortable(from));
  const [published, rounding] =
    decimals <= fits ? [Math.max(decimals, target), ''] : [target, ', "rounding": "up"'];
  return [
    {
      symbol,
      reason,
      change: `"symbol": "${symbol}", "scale": ${published}, "convertScale": { "from": ${from}${rounding} }`,
    },
  ];
}

function unheldMember(unheld: readonly string[]): string {
  return `"unheldAssets": ${JSON.stringify(unheld)}`;
}

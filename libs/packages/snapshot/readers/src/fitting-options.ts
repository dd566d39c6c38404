import { SolventError } from '@solvent-por/kzg';
import { MAX_LIMBS, MAX_PUBLISHED } from '@solvent-por/verifier';
import {
  configSize,
  parseWideConfig,
  sizeProblems,
  type SnapshotConfigInput,
  type TierConfig,
} from '@solvent-por/snapshot';

/** A line of Binance's list of assets. */
export interface ListedAsset {
  readonly symbol: string;
  readonly price: string;
  /** Of its three pools, limits in value. */
  readonly lists: readonly TierConfig[][];
}

/**
 * Lists are made no coarser than this while fewer assets with lists would do: two tiers that count, and what
 * lies above them.
 */
const FEWEST_TIERS = 3;

type Converted = (symbols: readonly string[] | undefined, tiers: number) => SnapshotConfigInput;

/**
 * The error where a list of assets gives more limbs or published values than an account may have: what takes
 * them, and the options with which it fits. Both prove more than is asked: coarser lists lie below the true
 * ones, and of an asset without lists nothing counts.
 *
 * @param error CONFIG_SIZE
 * @param input what was refused
 * @param convert the same with the lists of these assets alone (all where undefined), each of at most so many
 *   tiers
 */
export function tooLarge(
  error: SolventError,
  input: SnapshotConfigInput,
  listed: readonly ListedAsset[],
  convert: Converted,
): SolventError {
  const config = parseWideConfig(input);
  const pooled = config.assets.filter((asset) => 'pools' in asset && asset.pools).map(({ symbol }) => symbol);
  const longest = Math.max(
    ...config.assets
      .flatMap((asset) => ('pools' in asset ? (asset.pools ?? []) : []))
      .map(({ tiers }) => tiers.length),
  );
  const worth = new Map(listed.map((asset) => [asset.symbol, mostCounted(asset)]));
  // Sorting is stable: among equals those come first that stand first in the list.
  const ranked = [...pooled].sort((a, b) => worth.get(b)! - worth.get(a)!);
  const found = fitting(ranked, longest, convert);
  const proposal =
    found === undefined
      ? 'No choice of --collateral and --tiers makes it fit: take assets out that nobody holds, or make two snapshots of it'
      : `These options fit: ${found.options}\n${reason(found, pooled.length)}`;
  return new SolventError(
    'CONFIG_SIZE',
    'usage',
    [...sizeProblems(config), proposal].join('\n'),
    error.details,
  );
}

interface Fitting {
  readonly options: string;
  /** So many assets keep their lists. */
  readonly assets: number;
  readonly tiers: number;
  readonly limbs: number;
  readonly published: number;
}

function fitting(ranked: readonly string[], longest: number, convert: Converted): Fitting | undefined {
  const sizeOf = (assets: number, tiers: number) =>
    configSize(parseWideConfig(convert(ranked.slice(0, assets), tiers)));
  const fits = (assets: number, tiers: number) => {
    const { limbs, published } = sizeOf(assets, tiers);
    return limbs <= MAX_LIMBS && published <= MAX_PUBLISHED;
  };
  const assets = most(ranked.length, (count) => fits(count, Math.min(longest, FEWEST_TIERS)));
  if (assets === 0) return undefined;
  const tiers = most(longest, (count) => fits(assets, count));
  const options = [
    ...(assets < ranked.length ? [`--collateral ${ranked.slice(0, assets).join(',')}`] : []),
    ...(tiers < longest ? [`--tiers ${tiers}`] : []),
  ].join(' ');
  return { options, assets, tiers, ...sizeOf(assets, tiers) };
}

/** The largest number up to `limit` that passes, 0 where none does; what passes, passes for all below it. */
function most(limit: number, passes: (count: number) => boolean): number {
  let [low, high] = [0, limit];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (passes(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function reason({ assets, tiers, limbs, published }: Fitting, pooled: number): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const which =
    assets < pooled
      ? `the lists of the ${assets} assets of which most can count, and of the other ${pooled - assets} nothing counts`
      : 'the lists of all assets';
  return (
    `  (${which}; at most ${tiers} tiers a list, which lie below the true ones, so that more is proved than is asked: ${number(limbs)} limbs, ` +
    `${number(published)} published values. Name the assets that are held as collateral most at your exchange)`
  );
}

/** The most that can count of an asset, all pools together, in the unit; a rank, not an amount. */
function mostCounted({ lists }: ListedAsset): number {
  let sum = 0;
  for (const list of lists) {
    let before = 0;
    for (const { percent, upToValue } of list) {
      if (upToValue === undefined) continue;
      sum += percent * (Number(upToValue) - before);
      before = Number(upToValue);
    }
  }
  return sum;
}

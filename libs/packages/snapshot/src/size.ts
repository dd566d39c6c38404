import { SolventError } from '@solvent-por/kzg';
import {
  MAX_LIMBS,
  MAX_PUBLISHED,
  sizeOf,
  type Asset,
  type Header,
  type Pool,
  type Tier,
} from '@solvent-por/verifier';
import { coarserTiers } from './coarser-tiers';
import { coarserConfig, type Haircuts } from './haircut-header';
import type { TierConfig } from './haircut-schema';

/** So many kinds of lists a message shows, with so many of the assets that have them. */
const [LISTED, NAMED] = [8, 4];
/** So many coarser lists it prints to be pasted. */
const PASTED = 3;

const number = (value: number) => value.toLocaleString('en-US');

/** Limbs that one asset takes of an account: its debt, and each tier of each list. */
export function assetLimbs(header: Header, asset: Asset): number {
  const of = (assets: readonly Asset[]) => sizeOf({ ...header, assets }).limbs;
  return of([asset, asset]) - of([asset]);
}

/**
 * Refuses a configuration that needs more limbs or published values than an account may have (section 3), and
 * says what of it takes them and which coarser lists would fit.
 *
 * @param header made of the configuration, not yet parsed
 * @param assets of the configuration, in the same order
 * @throws SolventError CONFIG_SIZE (kind usage), details: limbs and published values, with their limits
 */
export function refuseTooLarge(header: Header, assets: readonly Haircuts[]): void {
  const { limbs, published } = sizeOf(header);
  if (limbs <= MAX_LIMBS && published <= MAX_PUBLISHED) return;
  const problems = [
    ...headerProblems(header),
    ...(published > MAX_PUBLISHED ? [PUBLISHED_ADVICE] : []),
    ...(limbs > MAX_LIMBS ? [limbsAdvice(header, assets)] : []),
  ];
  throw new SolventError('CONFIG_SIZE', 'usage', problems.join('\n'), {
    limbs,
    limbsLimit: MAX_LIMBS,
    published,
    publishedLimit: MAX_PUBLISHED,
  });
}

/**
 * What a configuration takes too much of, and what of it takes that: a sentence each, for whoever gives
 * advice of their own.
 */
export function headerProblems(header: Header): string[] {
  const { limbs, published } = sizeOf(header);
  return [
    ...(published > MAX_PUBLISHED ? [publishedProblem(header, published)] : []),
    ...(limbs > MAX_LIMBS ? [limbsProblem(header, limbs)] : []),
  ];
}

const PUBLISHED_ADVICE =
  'Give pools to the assets alone that are held as collateral most; the others "tiers": [{ "percent": 0 }] instead, by which nothing of them counts (it proves more than is asked); ' +
  'or join pools, or make two snapshots';

function publishedProblem({ assets }: Header, published: number): string {
  const pooled = assets.filter(({ pools }) => pools !== undefined);
  return (
    `the configuration publishes ${number(published)} values, and ${number(MAX_PUBLISHED)} are the most: two an asset, and one for each of ` +
    `${number(published - 2 * assets.length)} pools of ${number(pooled.length)} assets`
  );
}

/** Dearest first. */
function costsOf(header: Header) {
  return header.assets
    .map((asset, i) => ({ asset, i, cost: assetLimbs(header, asset) }))
    .sort((a, b) => b.cost - a.cost);
}

function limbsProblem(header: Header, limbs: number): string {
  // Most assets have the same lists.
  const groups = new Map<string, { readonly cost: number; readonly symbols: string[] }>();
  for (const { asset, cost } of costsOf(header)) {
    const text = costText(asset);
    const group = groups.get(text) ?? { cost, symbols: [] };
    groups.set(text, group);
    group.symbols.push(asset.symbol);
  }
  const shown = [...groups].slice(0, LISTED).map(([text, { cost, symbols }]) => {
    const named = symbols.slice(0, NAMED).join(', ');
    const [names, each] =
      symbols.length > NAMED
        ? [`${named} and ${number(symbols.length - NAMED)} more`, ' each']
        : [named, symbols.length > 1 ? ' each' : ''];
    return `\n  ${names}: ${number(cost)}${each} (${text})`;
  });
  const rest = [...groups.values()].slice(LISTED).reduce((sum, { symbols }) => sum + symbols.length, 0);
  return (
    `the configuration takes ${number(limbs)} limbs an account, and ${number(MAX_LIMBS)} are the most. Of these take` +
    [...shown, ...(rest > 0 ? [`\n  … and ${number(rest)} more assets less each`] : [])].join('')
  );
}

function limbsAdvice(header: Header, configured: readonly Haircuts[]): string {
  const count = fittingCount(header);
  const lists = costsOf(header)
    .slice(0, PASTED)
    .map(({ asset, i }) => `\n  ${pasted(asset, configured[i]!, count ?? 1)}`);
  const left = number(sizeOf(coarserHeader(header, count ?? 1)).limbs);
  return count === undefined
    ? `Even with one tier a list it would be ${left}: give fewer assets pools, or assets fewer "limbs", or make two snapshots`
    : `With ${count} tiers a list at most it is ${left}. Lists that lie below the true ones prove more than is asked, such as${lists.join('')}`;
}

/**
 * The most tiers a list with which everything fits, every list made coarser; undefined where not even one
 * does.
 */
function fittingCount(header: Header): number | undefined {
  const longest = Math.max(0, ...header.assets.flatMap(listsOf).map(({ tiers }) => tiers.length));
  for (let count = longest - 1; count >= 1; count--)
    if (sizeOf(coarserHeader(header, count)).limbs <= MAX_LIMBS) return count;
  return undefined;
}

/** A header whose lists have at most `count` tiers each. */
function coarserHeader(header: Header, count: number): Header {
  const coarser = (tiers: readonly Tier[]): Tier[] =>
    coarserTiers(tiers, count).map(({ percent, last }) => ({ ...tiers[last], percent }));
  const assets = header.assets.map((asset): Asset => ({
    ...asset,
    ...(asset.tiers ? { tiers: coarser(asset.tiers) } : {}),
    ...(asset.pools
      ? { pools: asset.pools.map(({ name, tiers }): Pool => ({ name, tiers: coarser(tiers) })) }
      : {}),
  }));
  return { ...header, assets };
}

/** An asset's lists: that of its `tiers`, or one a pool. */
function listsOf({
  tiers,
  pools,
}: Asset): readonly { readonly name: string; readonly tiers: readonly Tier[] }[] {
  return pools ?? (tiers ? [{ name: 'tiers', tiers }] : []);
}

/** What an asset's limbs are spent on: `34 for 11 tiers of loan, …, 6 for its debt`. */
function costText(asset: Asset): string {
  const header = { mode: 'margin' } as Header;
  const without = (pools: readonly Pool[]) => assetLimbs(header, { ...asset, pools });
  const lists = listsOf(asset).map(({ name, tiers }) => {
    // A list's own cost: what a second one like it would add.
    const cost = asset.pools
      ? without([...asset.pools, { name, tiers }]) - without(asset.pools)
      : assetLimbs(header, asset) - asset.limbs;
    return `${number(cost)} for ${tiers.length === 1 ? 'one tier' : `${tiers.length} tiers`}${asset.pools ? ` of ${name}` : ''}`;
  });
  return [...lists, `${asset.limbs} for its debt`].join(', ');
}

/** An asset's lists made coarser, as a configuration says them. */
function pasted(asset: Asset, { tiers, pools }: Haircuts, count: number): string {
  const coarser = (list: readonly TierConfig[], converted: readonly Tier[]): TierConfig[] =>
    coarserConfig(list, converted, count);
  const member = pools
    ? { pools: pools.map((pool, q) => ({ ...pool, tiers: coarser(pool.tiers, asset.pools![q]!.tiers) })) }
    : tiers
      ? { tiers: coarser(tiers, asset.tiers!) }
      : {};
  return JSON.stringify({ symbol: asset.symbol, ...member }).slice(1, -1);
}

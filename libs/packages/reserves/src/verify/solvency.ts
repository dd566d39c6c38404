import type { Header } from '@solvent-por/verifier';
import { CLAIMS } from '../known/ledgers';
import type { LiabilitiesManifest } from './manifest';
import type { Prices } from './prices';

/** Verdicts, worst first: the first that any asset has is that of the whole. */
export const SOLVENCY = ['short', 'not covered on chain', 'not comparable', 'claimed', 'covered'] as const;
export type SolvencyVerdict = (typeof SOLVENCY)[number];

/** Basis points, rounded down, each of what is at least so well shown; null where nothing is owed. */
export interface Ratio {
  readonly proved: string | null;
  readonly checked: string | null;
  readonly claimed: string | null;
}

export interface AssetSolvency {
  readonly verdict: SolvencyVerdict | 'not owed';
  /** Of `covered`: by what is proved, or by what is checked too. */
  readonly by?: 'proved' | 'checked';
  /** What is owed, in the asset's scale: decimal string. */
  readonly equity: string;
  readonly ratio?: Ratio;
  /** The asset that this one is a claim to: they are compared together. */
  readonly with?: string;
}

export interface Solvency {
  readonly verdict: SolvencyVerdict;
  readonly by?: 'proved' | 'checked';
  /** Of mode aggregate: whose prices. */
  readonly prices?: 'operator' | 'verifier';
  readonly assets?: Readonly<Record<string, AssetSolvency>>;
  readonly unit?: AssetSolvency;
}

/** What a report says of an asset: decimal strings, none within another. */
export interface ReservesSums {
  readonly assets: Readonly<
    Record<
      string,
      {
        readonly scale: number;
        readonly proved: string;
        readonly checked: string;
        readonly claimed: string;
        readonly price?: string;
      }
    >
  >;
  readonly attested?: readonly {
    readonly symbol: string;
    readonly scale: number;
    readonly amount: string;
    readonly price?: string;
  }[];
  readonly unit?: string;
  readonly priceScale?: number;
}

/** Cumulated: P of what is proved, C of that and what is checked, A of everything. */
interface Cumulated {
  readonly p: bigint;
  readonly c: bigint;
  readonly a: bigint;
}

interface Held extends Cumulated {
  readonly scale: number;
  readonly price: string | undefined;
}

/**
 * Compares what is held with what is owed, asset by asset; a surplus in one never helps another (section 8).
 *
 * @param manifest header and totals of the liabilities
 * @param sums of a report, or of another verifier
 * @param prices the verifier's own, which replace those of the publication; for mode aggregate
 */
export function compareWithLiabilities(
  { header, totals }: LiabilitiesManifest,
  sums: ReservesSums,
  prices?: Prices,
): Solvency {
  const held = heldOf(sums);
  if (header.mode === 'aggregate') return compareUnit(header, BigInt(totals[0]!), held, sums, prices);
  const owed = new Map(
    header.assets.map(({ symbol, scale }, t) => [symbol, { scale, equity: BigInt(totals[t]!) }]),
  );
  const claims = [...owed.keys()].filter((symbol) => isClaim(symbol, sums));
  const assets: Record<string, AssetSolvency> = {};
  for (const [symbol, { scale, equity }] of owed)
    if (!claims.includes(symbol)) assets[symbol] = compareAsset(symbol, scale, equity, owed, held, claims);
  for (const symbol of claims) {
    const to = CLAIMS[symbol]!;
    const { scale } = sums.assets[to]!;
    assets[to] ??= compareAsset(to, scale, 0n, owed, held, claims);
    const { verdict, by } = assets[to];
    assets[symbol] = { verdict, ...(by && { by }), with: to, equity: owed.get(symbol)!.equity.toString() };
  }
  const verdict = worst(Object.values(assets));
  for (const symbol of Object.keys(sums.assets))
    assets[symbol] ??= { verdict: 'not owed', equity: '0', ratio: ratioOf(held.get(symbol)!, 0n) };
  return { ...verdict, assets };
}

function isClaim(symbol: string, { assets }: ReservesSums): boolean {
  if (!Object.hasOwn(CLAIMS, symbol) || Object.hasOwn(assets, symbol)) return false;
  return Object.hasOwn(assets, CLAIMS[symbol]!);
}

function compareAsset(
  symbol: string,
  scale: number,
  own: bigint,
  owed: ReadonlyMap<string, { readonly scale: number; readonly equity: bigint }>,
  held: ReadonlyMap<string, Held>,
  claims: readonly string[],
): AssetSolvency {
  const added = claims.filter((claim) => CLAIMS[claim] === symbol).map((claim) => owed.get(claim)!);
  const equity = added.reduce((sum, claim) => sum + claim.equity, own);
  const of = held.get(symbol);
  const scales = [...added.map((claim) => claim.scale), ...(of ? [of.scale] : [])];
  if (equity > 0n && of && scales.some((one) => one !== scale))
    return { verdict: 'not comparable', equity: own.toString() };
  return verdictOf(of ?? NOTHING, equity, of !== undefined);
}

const NOTHING: Cumulated = { p: 0n, c: 0n, a: 0n };

function verdictOf(of: Cumulated, equity: bigint, there: boolean): AssetSolvency {
  const shown = { equity: equity.toString(), ratio: ratioOf(of, equity) };
  if (equity > 0n && !there) return { verdict: 'not covered on chain', ...shown };
  if (of.a < equity) return { verdict: 'short', ...shown };
  if (of.c < equity) return { verdict: 'claimed', ...shown };
  return { verdict: 'covered', by: of.p >= equity ? 'proved' : 'checked', ...shown };
}

function ratioOf({ p, c, a }: Cumulated, equity: bigint): Ratio {
  const points = (x: bigint) => (equity === 0n ? null : ((10_000n * x) / equity).toString());
  return { proved: points(p), checked: points(c), claimed: points(a) };
}

/** As a whole the worst; where all are covered, by the weakest. */
function worst(assets: readonly AssetSolvency[]): Pick<Solvency, 'verdict' | 'by'> {
  const verdict = SOLVENCY.find((one) => assets.some((asset) => asset.verdict === one)) ?? 'covered';
  if (verdict !== 'covered') return { verdict };
  return { verdict, by: assets.every(({ by }) => by === 'proved') ? 'proved' : 'checked' };
}

/** Everything at prices, against what is owed in the unit: exactly, no rounding before the comparison. */
function compareUnit(
  { unit, assets }: Header,
  equity: bigint,
  held: ReadonlyMap<string, Held>,
  sums: ReservesSums,
  given: Prices | undefined,
): Solvency {
  const whose = given ? 'verifier' : 'operator';
  const scale = given ? given.priceScale : sums.priceScale;
  const priceOf = (symbol: string, own: string | undefined) =>
    given ? (Object.hasOwn(given.prices, symbol) ? given.prices[symbol] : undefined) : own;
  const priced = [...held].map(([symbol, of]) => ({ of, price: priceOf(symbol, of.price) }));
  const comparable =
    (given ?? sums).unit === unit && scale !== undefined && priced.every(({ price }) => price !== undefined);
  if (equity > 0n && !comparable) {
    const result = { verdict: 'not comparable' } as const;
    return { ...result, prices: whose, unit: { ...result, equity: equity.toString() } };
  }
  const toUnit = 10n ** BigInt(assets[0]!.scale);
  const worth = (x: keyof Cumulated) =>
    priced.reduce((sum, { of, price = 0 }) => sum + of[x] * BigInt(price), 0n) * toUnit;
  const compared = verdictOf(
    { p: worth('p'), c: worth('c'), a: worth('a') },
    equity * 10n ** BigInt(scale ?? 0),
    true,
  );
  // At the operator's own prices nothing is more than its word.
  const atMost = !given && equity > 0n && compared.verdict === 'covered' ? 'claimed' : compared.verdict;
  const result = {
    verdict: atMost as SolvencyVerdict,
    ...(atMost === 'covered' && compared.by ? { by: compared.by } : {}),
  };
  const { ratio } = compared;
  return {
    ...result,
    prices: whose,
    unit: { ...result, equity: equity.toString(), ...(ratio && { ratio }) },
  };
}

function heldOf({ assets, attested = [] }: ReservesSums): ReadonlyMap<string, Held> {
  return new Map([
    ...attested.map(({ symbol, scale, amount, price }): [string, Held] => [
      symbol,
      { scale, price, p: 0n, c: 0n, a: BigInt(amount) },
    ]),
    ...Object.entries(assets).map(([symbol, { scale, proved, checked, claimed, price }]): [string, Held] => {
      const [p, c] = [BigInt(proved), BigInt(proved) + BigInt(checked)];
      return [symbol, { scale, price, p, c, a: c + BigInt(claimed) }];
    }),
  ]);
}

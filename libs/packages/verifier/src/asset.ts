import { AMOUNT_BOUND, PRICE_BOUND } from './decimal';
import { DocumentReader } from './document';

/** Most assets of a header. */
export const MAX_ASSETS = 512;
/** Most haircut tiers of an asset or a pool. */
export const MAX_TIERS = 32;
/** Fewest and most pools of an asset that has any. */
export const MIN_POOLS = 2;
export const MAX_POOLS = 8;

/** A haircut tier: equity up to `upTo` and above the tier before counts at `percent` in `net`. */
export interface Tier {
  /** 0…100, falling from tier to tier. */
  readonly percent: number;
  /**
   * Decimal string in smallest units, rising from tier to tier; absent in the last one, which is unbounded.
   */
  readonly upTo?: string;
}

/** A named part of an asset's equity with haircut tiers of its own. */
export interface Pool {
  /** `[a-z0-9-]{1,16}` */
  readonly name: string;
  readonly tiers: readonly Tier[];
}

/** One asset; amounts of it are unsigned integers in units of 10^(−scale). */
export interface Asset {
  readonly symbol: string;
  /** 0…36 */
  readonly scale: number;
  /** 1…6 limbs of 11 bits: the range of one account's amount of this asset. */
  readonly limbs: number;
  /**
   * `margin` only: one smallest unit is worth price·10^(−priceScale) of the header's unit; decimal string in
   * 1…2^64−1.
   */
  readonly price?: string;
  /** `margin` only: 1 to 32; absent where an asset counts wholly or has pools. */
  readonly tiers?: readonly Tier[];
  /** `margin` only: 2 to 8. */
  readonly pools?: readonly Pool[];
}

const read = new DocumentReader('HEADER_MALFORMED');

/**
 * The assets of a header (section 4).
 * @param priced whether the mode is `margin`, which has prices, tiers and pools
 * @throws SolventError HEADER_MALFORMED
 */
export function parseAssets(value: unknown, path: string, priced: boolean): readonly Asset[] {
  const assets = read
    .array(value, path, 1, MAX_ASSETS)
    .map((asset, i) => parseAsset(asset, `${path}[${i}]`, priced));
  refuseRepeated(
    assets.map(({ symbol }) => symbol),
    (i) => `${path}[${i}].symbol`,
  );
  return Object.freeze(assets);
}

/** @throws SolventError HEADER_MALFORMED */
export function parseSymbol(value: unknown, path: string): string {
  return read.text(value, path, /^[A-Z0-9]{1,16}$/, '1 to 16 characters of A-Z and 0-9');
}

function parseAsset(value: unknown, path: string, priced: boolean): Asset {
  const asset = read.object<keyof Asset, 'tiers' | 'pools'>(
    value,
    path,
    ['symbol', 'scale', 'limbs', ...(priced ? (['price'] as const) : [])],
    priced ? ['tiers', 'pools'] : [],
  );
  const limbs = read.integer(asset.limbs, `${path}.limbs`, 1, 6);
  const [tiers, pools] = [Object.hasOwn(asset, 'tiers'), Object.hasOwn(asset, 'pools')];
  if (tiers && pools) read.fail(`${path}.tiers`, 'must be absent where there are pools: each has its own');
  return Object.freeze({
    symbol: parseSymbol(asset.symbol, `${path}.symbol`),
    scale: read.integer(asset.scale, `${path}.scale`, 0, 36),
    limbs,
    ...(priced ? { price: read.decimal(asset.price, `${path}.price`, 1n, PRICE_BOUND).toString() } : {}),
    ...(tiers ? { tiers: parseTiers(asset.tiers, `${path}.tiers`, limbs) } : {}),
    ...(pools ? { pools: parsePools(asset.pools, `${path}.pools`, limbs) } : {}),
  });
}

function parsePools(value: unknown, path: string, limbs: number): readonly Pool[] {
  const pools = read.array(value, path, MIN_POOLS, MAX_POOLS).map((given, q) => {
    const pool = read.object(given, `${path}[${q}]`, ['name', 'tiers']);
    return Object.freeze({
      name: read.text(
        pool.name,
        `${path}[${q}].name`,
        /^[a-z0-9-]{1,16}$/,
        '1 to 16 characters of a-z, 0-9 and -',
      ),
      tiers: parseTiers(pool.tiers, `${path}[${q}].tiers`, limbs),
    });
  });
  refuseRepeated(
    pools.map(({ name }) => name),
    (q) => `${path}[${q}].name`,
  );
  return Object.freeze(pools);
}

function parseTiers(value: unknown, path: string, limbs: number): readonly Tier[] {
  const given = read.array(value, path, 1, MAX_TIERS);
  const amountBound = 1n << BigInt(11 * limbs);
  const bound = amountBound < AMOUNT_BOUND ? amountBound : AMOUNT_BOUND;
  let [percentBefore, limitBefore] = [101, 0n];
  const tiers = given.map((member, i): Tier => {
    const at = `${path}[${i}]`;
    const last = i === given.length - 1;
    const tier = read.object<keyof Tier>(member, at, ['percent', ...(last ? [] : (['upTo'] as const))]);
    const percent = read.integer(tier.percent, `${at}.percent`, 0, 100);
    if (percent >= percentBefore)
      read.fail(`${at}.percent`, `must be below the ${percentBefore} of the tier before: percentages fall`);
    percentBefore = percent;
    if (last) return Object.freeze({ percent });
    const upTo = read.decimal(tier.upTo, `${at}.upTo`, 1n, bound);
    if (upTo <= limitBefore)
      read.fail(`${at}.upTo`, `must be above the ${limitBefore} of the tier before: limits rise`);
    limitBefore = upTo;
    return Object.freeze({ percent, upTo: upTo.toString() });
  });
  return Object.freeze(tiers);
}

function refuseRepeated(names: readonly string[], path: (i: number) => string): void {
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (seen.has(name)) read.fail(path(i), `repeats ${name}`);
    seen.add(name);
  });
}

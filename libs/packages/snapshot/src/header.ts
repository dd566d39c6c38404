import { SolventError } from '@solvent-por/kzg';
import { PROTOCOL, parseHeader, sizeOf, type Asset, type Header } from '@solvent-por/verifier';
import type { SnapshotConfig } from './config-schema';
import { invalidConfig } from './config-problems';
import { headerHaircuts, type ValueLimit } from './haircut-header';
import { headerPrice } from './price';
import { headerProblems, refuseTooLarge } from './size';

/**
 * The published header of a snapshot (section 4).
 *
 * @param operator public key as 0x and 64 hex digits, when it is not the configuration's
 * @param limits receives each haircut limit that the configuration gives in value
 * @throws SolventError CONFIG_PRICE, CONFIG_SIZE, CONFIG_INVALID (kind usage)
 */
export function headerOf(
  config: SnapshotConfig,
  operator: string = config.operator,
  limits: ValueLimit[] = [],
): Header {
  const header = wideHeader(config, operator, limits);
  if (config.mode === 'margin') refuseTooLarge(header, config.assets);
  try {
    return parseHeader(header);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw invalidConfig([error.message.replace(/^header\./, '')]);
  }
}

/**
 * Limbs and published values of an account, however many.
 * @throws SolventError CONFIG_PRICE, CONFIG_INVALID (kind usage)
 */
export function configSize(config: SnapshotConfig): { readonly limbs: number; readonly published: number } {
  return sizeOf(wideHeader(config));
}

/**
 * What a configuration takes too much of, a sentence each.
 * @throws SolventError CONFIG_PRICE, CONFIG_INVALID (kind usage)
 */
export function sizeProblems(config: SnapshotConfig): string[] {
  return headerProblems(wideHeader(config));
}

/** However large an account is. */
function wideHeader(
  config: SnapshotConfig,
  operator: string = config.operator,
  limits: ValueLimit[] = [],
): Header {
  const { snapshot, takenAt, mode } = config;
  return {
    protocol: PROTOCOL,
    operator,
    snapshot,
    takenAt,
    mode,
    ...(config.mode === 'spot' ? {} : { unit: config.unit }),
    ...(config.mode === 'margin' ? { priceScale: config.priceScale } : {}),
    assets:
      config.mode === 'margin'
        ? pricedAssets(config, limits)
        : config.assets.map(({ convertScale: _, ...asset }) => asset),
  };
}

/**
 * What the columns of the input are called: the accepted tokens of `aggregate`, the assets' symbols
 * otherwise.
 * An index into this list is what readers call a token.
 */
export function tokensOf(config: SnapshotConfig): readonly string[] {
  return config.mode === 'aggregate' ? config.tokens : config.assets.map(({ symbol }) => symbol);
}

/**
 * The haircut limits that a configuration gives in value, with the amounts that they become at its prices.
 */
export function valueLimits(config: SnapshotConfig): readonly ValueLimit[] {
  const limits: ValueLimit[] = [];
  headerOf(config, config.operator, limits);
  return limits;
}

type MarginConfig = Extract<SnapshotConfig, { readonly mode: 'margin' }>;

function pricedAssets({ assets, priceScale }: MarginConfig, limits: ValueLimit[]): Asset[] {
  const problems: string[] = [];
  const priced = assets.map(({ price: given, convertScale: _, tiers, pools, ...asset }): Asset => {
    const price = priceOf(asset.symbol, given, asset.scale, priceScale);
    const haircuts = headerHaircuts({ tiers, pools }, { ...asset, price, priceScale }, problems, limits);
    return { ...asset, price: price.toString(), ...haircuts };
  });
  if (problems.length > 0) throw invalidConfig(problems);
  return priced;
}

function priceOf(symbol: string, price: string, scale: number, priceScale: number): bigint {
  const value = headerPrice(price, scale, priceScale);
  if (typeof value === 'bigint') return value;
  throw new SolventError('CONFIG_PRICE', 'usage', `the price of ${symbol} ${value.reason}`, { symbol });
}

import { SolventError } from '@solvent/algebra';
import { PROTOCOL, parseHeader, type Header } from '@solvent/proof/verify';
import type { SnapshotConfig } from './config';
import { invalidConfig } from './config-problems';
import { headerPrice } from './price';

/**
 * The published header of a snapshot (section 4).
 *
 * @param operator public key as 0x and 64 hex digits, when it is not the configuration's
 * @throws SolventError CONFIG_PRICE, CONFIG_INVALID (kind usage)
 */
export function headerOf(config: SnapshotConfig, operator: string = config.operator): Header {
  const { snapshot, takenAt, mode } = config;
  const header = {
    protocol: PROTOCOL,
    operator,
    snapshot,
    takenAt,
    mode,
    ...(config.mode === 'spot' ? {} : { unit: config.unit }),
    ...(config.mode === 'margin' ? { priceScale: config.priceScale } : {}),
    assets:
      config.mode === 'margin'
        ? config.assets.map(({ price, convertScale: _, ...asset }) => ({
            ...asset,
            price: priceOf(asset.symbol, price, asset.scale, config.priceScale),
          }))
        : config.assets.map(({ convertScale: _, ...asset }) => asset),
  };
  try {
    return parseHeader(header);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw invalidConfig([error.message.replace(/^header\./, '')]);
  }
}

/**
 * What the columns of the input are called: the accepted tokens of `aggregate`, the assets' symbols otherwise.
 * An index into this list is what readers call a token.
 */
export function tokensOf(config: SnapshotConfig): readonly string[] {
  return config.mode === 'aggregate' ? config.tokens : config.assets.map(({ symbol }) => symbol);
}

function priceOf(symbol: string, price: string, scale: number, priceScale: number): string {
  const value = headerPrice(price, scale, priceScale);
  if (typeof value === 'bigint') return value.toString();
  throw new SolventError('CONFIG_PRICE', 'usage', `the price of ${symbol} ${value.reason}`, { symbol });
}

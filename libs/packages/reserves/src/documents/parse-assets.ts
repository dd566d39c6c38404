import { MAX_ASSETS, parseDecimal, PRICE_BOUND } from '@solvent-por/verifier';
import { AMOUNT_BOUND, read, refuseUnsorted } from './reader';
import type { Attested, ClassTotals, ReserveAsset } from './reserves';

const MAX_ATTESTED = 64;

/** @throws SolventError RESERVES_MALFORMED */
export function parseAssets(value: unknown): readonly ReserveAsset[] {
  const assets = read.array(value, 'assets', 1, MAX_ASSETS).map((given, i) => {
    const path = `assets[${i}]`;
    const a = read.object(given, path, ['symbol', 'scale', 'totals'], ['price']);
    return Object.freeze({
      symbol: symbol(a.symbol, `${path}.symbol`),
      scale: read.integer(a.scale, `${path}.scale`, 0, 36),
      totals: parseTotals(a.totals, `${path}.totals`),
      ...price(a, path),
    });
  });
  refuseUnsorted(
    assets.map(({ symbol }) => [symbol]),
    'assets',
    'symbol',
  );
  return Object.freeze(assets);
}

/** @throws SolventError RESERVES_MALFORMED */
export function parseAttested(value: unknown, assets: readonly ReserveAsset[]): readonly Attested[] {
  const onChain = new Set(assets.map(({ symbol }) => symbol));
  const attested = read.array(value, 'attested', 0, MAX_ATTESTED).map((given, i) => {
    const path = `attested[${i}]`;
    const a = read.object(given, path, ['symbol', 'scale', 'amount', 'by', 'digest'], ['price']);
    const of = symbol(a.symbol, `${path}.symbol`);
    if (onChain.has(of)) read.fail(`${path}.symbol`, 'is among the assets already');
    return Object.freeze({
      symbol: of,
      scale: read.integer(a.scale, `${path}.scale`, 0, 36),
      amount: read.decimal(a.amount, `${path}.amount`, 0n, AMOUNT_BOUND).toString(),
      by: read.text(a.by, `${path}.by`, /^[ -~]{1,200}$/, '1 to 200 printable ASCII characters'),
      digest: a.digest === null ? null : read.hex(a.digest, `${path}.digest`, 32),
      ...price(a, path),
    });
  });
  refuseUnsorted(
    attested.map(({ symbol }) => [symbol]),
    'attested',
    'symbol',
  );
  return Object.freeze(attested);
}

/** Unit, scale of prices, and a price of everything: all or none. */
export function parsePrices(
  r: { readonly unit?: unknown; readonly priceScale?: unknown },
  ...lists: readonly (readonly { readonly price?: string }[])[]
): { readonly unit?: string; readonly priceScale?: number } {
  const priced = lists.flat().map(({ price }) => price !== undefined);
  const parts = [Object.hasOwn(r, 'unit'), Object.hasOwn(r, 'priceScale'), ...priced];
  if (parts.every((there) => !there)) return {};
  if (parts.some((there) => !there))
    read.fail('unit', 'priceScale and a price of every asset and attested amount: all of them or none');
  return {
    unit: symbol(r.unit, 'unit'),
    priceScale: read.integer(r.priceScale, 'priceScale', 0, 36),
  };
}

/** The three totals, each below 2^128. */
export function parseTotals(value: unknown, path: string): ClassTotals {
  const t = read.object(value, path, ['custodian', 'own', 'staked']);
  const total = (name: keyof typeof t) =>
    read.decimal(t[name], `${path}.${name}`, 0n, AMOUNT_BOUND).toString();
  return Object.freeze({ custodian: total('custodian'), own: total('own'), staked: total('staked') });
}

export function symbol(value: unknown, path: string): string {
  return read.text(value, path, /^[A-Z0-9]{1,16}$/, '1 to 16 characters of A-Z and 0-9');
}

function price(given: { readonly price?: unknown }, path: string): { readonly price?: string } {
  if (!Object.hasOwn(given, 'price')) return {};
  const value = parseDecimal(given.price, PRICE_BOUND);
  if (value === undefined || value < 1n)
    return read.fail(`${path}.price`, 'must be a decimal string of at least 1 and below 2^64');
  return { price: value.toString() };
}

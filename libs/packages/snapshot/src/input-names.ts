import { asciiUpper } from '@solvent-por/kzg';
import type { SnapshotConfig } from './config-schema';
import type { PoolConfig } from './haircut-schema';
import { tokensOf } from './header';

/** Whether an amount is equity, debt, or tells by its sign; or how much of the equity lies in a pool. */
export type Side = 'net' | 'equity' | 'debt' | 'pool';

/** A name that may stand in the input, and what is read under it. */
export interface InputName {
  readonly name: string;
  /** Index into `readTokens`. */
  readonly token: number;
  /** `net` except where `columns` of the configuration says e_ or d_, or it is a pool's column. */
  readonly side: Side;
  /** Of side `pool`: its index among the pools of the asset. */
  readonly pool?: number;
  /** Given by `columns` or a pool's, so that it must occur. */
  readonly renamed: boolean;
}

/**
 * What amounts of the input are counted as: the tokens that are proved, then those of `unheldAssets`, which
 * may only be 0.
 */
export function readTokens(config: SnapshotConfig): readonly string[] {
  return [...tokensOf(config), ...(config.unheldAssets ?? [])];
}

/**
 * Every name under which an amount may stand: each token's own, then those of `columns`, then columns of
 * pools (in CSV only). Several may lead to one token: they are added up.
 */
export function inputNames(config: SnapshotConfig): readonly InputName[] {
  const tokens = readTokens(config);
  const own = tokens.map((name, token): InputName => ({ name, token, side: 'net', renamed: false }));
  const renamed = Object.entries(config.columns ?? {}).map(([name, target]): InputName => {
    const { symbol, side } = parseTarget(target);
    return { name, token: tokens.indexOf(symbol), side, renamed: true };
  });
  // { "DOT": "DOT" } says that DOT is to be added to what else is read as it.
  const listed = new Set(renamed.map(({ name }) => name));
  return [...own.filter(({ name }) => !listed.has(name)), ...renamed, ...poolNames(config)];
}

function poolNames(config: SnapshotConfig): InputName[] {
  if (config.mode !== 'margin') return [];
  return config.assets.flatMap(({ symbol, pools = [] }, token) =>
    pools.flatMap((given, pool): InputName[] =>
      given.rest ? [] : [{ name: poolColumn(symbol, given), token, side: 'pool', pool, renamed: true }],
    ),
  );
}

/** What Binance's files write before an asset's symbol. */
const PREFIXES: Readonly<Record<string, string>> = { loan: 'VL', margin: 'M', portfolio: 'PM' };

/** The CSV column that holds what of an asset's equity lies in a pool. */
export function poolColumn(symbol: string, { name, column }: Pick<PoolConfig, 'name' | 'column'>): string {
  return column ?? `${PREFIXES[name] ?? asciiUpper(name)}_${symbol}`;
}

/** The CSV column of the account ids, folded as columns are. */
export function idName({ idColumn = 'id' }: SnapshotConfig): string {
  return asciiUpper(idColumn);
}

/** `DOT`, or `e_DOT` and `d_DOT` for equity and debt. */
export function parseTarget(target: string): {
  readonly symbol: string;
  readonly side: 'net' | 'equity' | 'debt';
} {
  const upper = asciiUpper(target);
  if (upper.startsWith('E_')) return { symbol: upper.slice(2), side: 'equity' };
  if (upper.startsWith('D_')) return { symbol: upper.slice(2), side: 'debt' };
  return { symbol: upper, side: 'net' };
}

/** Decimals that amounts of a token have in the input: those of `convertScale` where there are any. */
export function sourceScale(config: SnapshotConfig, token: number): number {
  if (token >= tokensOf(config).length) return MOST_DECIMALS;
  const asset = config.assets[config.mode === 'aggregate' ? 0 : token]!;
  return asset.convertScale?.from ?? asset.scale;
}

/** A 0 may be written with so many decimals. */
const MOST_DECIMALS = 36;

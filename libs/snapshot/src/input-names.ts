import { asciiUpper } from '@solvent/algebra';
import type { SnapshotConfig } from './config';
import { tokensOf } from './header';

/** Whether an amount is equity, debt, or tells by its sign. */
export type Side = 'net' | 'equity' | 'debt';

/** A name that may stand in the input, and what is read under it. */
export interface InputName {
  readonly name: string;
  /** Index into `readTokens`. */
  readonly token: number;
  /** `net` except where `columns` of the configuration says e_ or d_. */
  readonly side: Side;
  /** Given by `columns`, so that it must occur. */
  readonly renamed: boolean;
}

/** What amounts of the input are counted as: the tokens that are proved, then those of `unheldAssets`, which may only be 0. */
export function readTokens(config: SnapshotConfig): readonly string[] {
  return [...tokensOf(config), ...(config.unheldAssets ?? [])];
}

/** Every name under which an amount may stand: each token's own, then those of `columns`. Several may lead to one token: they are added up. */
export function inputNames(config: SnapshotConfig): readonly InputName[] {
  const tokens = readTokens(config);
  const own = tokens.map((name, token): InputName => ({ name, token, side: 'net', renamed: false }));
  const renamed = Object.entries(config.columns ?? {}).map(([name, target]): InputName => {
    const { symbol, side } = parseTarget(target);
    return { name, token: tokens.indexOf(symbol), side, renamed: true };
  });
  // { "DOT": "DOT" } says that DOT is to be added to what else is read as it.
  const listed = new Set(renamed.map(({ name }) => name));
  return [...own.filter(({ name }) => !listed.has(name)), ...renamed];
}

/** The CSV column of the account ids, folded as columns are. */
export function idName({ idColumn = 'id' }: SnapshotConfig): string {
  return asciiUpper(idColumn);
}

/** `DOT`, or `e_DOT` and `d_DOT` for equity and debt. */
export function parseTarget(target: string): { readonly symbol: string; readonly side: Side } {
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

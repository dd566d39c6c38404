import type { Header } from './header';

/** Bits of a limb: the lookup table of the range check holds 0…2047 (section 3). */
export const LIMB_BITS = 11;
/** Entries of the lookup table. */
export const TABLE_SIZE = 1 << LIMB_BITS;
/** Limb columns that share one helper column (section 7). */
export const GROUP_SIZE = 3;
/** Chunks of the quotient (section 7). */
export const QUOTIENT_CHUNKS = 4;
/** A proof may cover several batches while they have at most this many limb columns together (section 7). */
const MAX_LIMBS_PER_PROOF = 192;
/** Limbs of `net` in margin mode: 143 bits (section 3). */
const NET_LIMBS = 13;

/** Σ coefficient · base value. */
export interface LinearForm {
  readonly terms: ReadonlyArray<{ readonly base: number; readonly coefficient: bigint }>;
}

/** A value that is range-checked to [0, 2^(11·limbs)) in every account row. */
export interface BaseValue {
  readonly name: string;
  readonly limbs: number;
  /** Index of its limb 0 among the limb columns of a batch. */
  readonly firstLimb: number;
}

/** A value with a published total, shown to its user. */
export interface PublishedValue {
  readonly symbol: string;
  readonly side: 'equity' | 'debt';
  /** Decimal places of one unit. */
  readonly scale: number;
  readonly form: LinearForm;
}

/** What a batch's columns mean: data computed from the header, never read from a proof (section 3). */
export interface Layout {
  readonly bases: readonly BaseValue[];
  readonly published: readonly PublishedValue[];
  /** Linear forms that are 0 in every row; the last base value of each has coefficient 1 and is derived by the prover. */
  readonly relations: readonly LinearForm[];
  /** K: limb columns of one batch. */
  readonly limbs: number;
  /** The first so many base values are given by the input; the rest follow from the relations. */
  readonly inputs: number;
  /** The largest k that section 7 allows. */
  readonly maxBatches: number;
}

/** The layout of a header's mode and assets (section 3). */
export function layoutOf(header: Header): Layout {
  switch (header.mode) {
    case 'aggregate':
      return aggregate(header);
    case 'spot':
      return spot(header);
    case 'margin':
      return margin(header);
  }
}

function aggregate({ assets }: Header): Layout {
  const { symbol, scale, limbs } = assets[0]!;
  const [debt, net] = [0, 1];
  return complete(
    [
      ['debt', limbs],
      ['net', limbs],
    ],
    [
      { symbol, scale, side: 'equity', form: sum([net, 1n], [debt, 1n]) },
      { symbol, scale, side: 'debt', form: sum([debt, 1n]) },
    ],
    [],
  );
}

function spot({ assets }: Header): Layout {
  return complete(
    assets.map(({ symbol, limbs }) => [`${symbol} equity`, limbs]),
    assets.map(({ symbol, scale }, t) => ({ symbol, scale, side: 'equity', form: sum([t, 1n]) })),
    [],
  );
}

function margin({ assets }: Header): Layout {
  const T = assets.length;
  const net = 2 * T;
  const solvency = sum(
    ...assets.map(({ price }, t): [number, bigint] => [t, -BigInt(price!)]),
    ...assets.map(({ price }, t): [number, bigint] => [T + t, BigInt(price!)]),
    [net, 1n],
  );
  return complete(
    [
      ...assets.map(({ symbol, limbs }): [string, number] => [`${symbol} equity`, limbs]),
      ...assets.map(({ symbol, limbs }): [string, number] => [`${symbol} debt`, limbs]),
      ['net', NET_LIMBS],
    ],
    (['equity', 'debt'] as const).flatMap((side, which) =>
      assets.map(({ symbol, scale }, t) => ({ symbol, scale, side, form: sum([which * T + t, 1n]) })),
    ),
    [solvency],
  );
}

function sum(...terms: ReadonlyArray<readonly [number, bigint]>): LinearForm {
  return { terms: terms.map(([base, coefficient]) => ({ base, coefficient })) };
}

function complete(
  bases: ReadonlyArray<readonly [string, number]>,
  published: readonly PublishedValue[],
  relations: readonly LinearForm[],
): Layout {
  let limbs = 0;
  const placed = bases.map(([name, count]) => {
    const base = { name, limbs: count, firstLimb: limbs };
    limbs += count;
    return base;
  });
  return {
    bases: placed,
    published,
    relations,
    limbs,
    inputs: placed.length - relations.length,
    maxBatches: Math.max(1, Math.floor(MAX_LIMBS_PER_PROOF / limbs)),
  };
}

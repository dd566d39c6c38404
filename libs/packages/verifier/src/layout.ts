import type { Asset } from './asset';
import { marginParts, type Margin } from './margin';

/** Bits of a limb: the lookup table of the range check holds 0…2047 (section 3). */
export const LIMB_BITS = 11;
/** Entries of the lookup table. */
export const TABLE_SIZE = 1 << LIMB_BITS;
/** Limb columns that share one helper column (section 7). */
export const GROUP_SIZE = 3;
/** Chunks of the quotient (section 7). */
export const QUOTIENT_CHUNKS = 4;
/** Most limb columns of a batch (section 3). */
export const MAX_LIMBS = 8192;
/** Most published values of an account (section 3). */
export const MAX_PUBLISHED = 1024;
/** A proof may cover several batches while they have at most this many limb columns together (section 7). */
const MAX_LIMBS_PER_PROOF = 192;

/** Σ coefficient · base value. */
export interface LinearForm {
  readonly terms: ReadonlyArray<{ readonly base: number; readonly coefficient: bigint }>;
}

/**
 * A linear form and a constant that add up to 0 in every row, reserved rows included. Its last base value has
 * coefficient 1, occurs in no published value and is the last of no other relation: the prover derives it.
 */
export interface Relation extends LinearForm {
  readonly constant: bigint;
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
  readonly side: 'equity' | 'debt' | 'pool';
  /** Of side `pool`: the pool's name. */
  readonly pool?: string;
  /** Decimal places of one unit. */
  readonly scale: number;
  /** The asset's: an honest account has less than 2^(11·limbs), and than 2^64, of it (section 4). */
  readonly limbs: number;
  /** All coefficients are 1 (section 3). */
  readonly form: LinearForm;
  /** The same as a sum of input amounts: indices into `layout.inputs`. */
  readonly inputs: readonly number[];
}

/**
 * An amount of an account that the prover is given; how it is split over base values is the prover's choice.
 */
export interface InputAmount {
  readonly name: string;
  readonly symbol: string;
  readonly side: 'equity' | 'debt' | 'net';
  readonly pool?: string;
  /** Index of its first base value: one for each tier. */
  readonly base: number;
  /** Widths of the tiers that are filled first; what is left goes into the last base value. */
  readonly widths: readonly bigint[];
}

/** What a batch's columns mean: data computed from the header, never read from a proof (section 3). */
export interface Layout {
  readonly bases: readonly BaseValue[];
  readonly published: readonly PublishedValue[];
  readonly relations: readonly Relation[];
  /** Base values that occur in a published value, in layout order (section 7). P of a batch is its length. */
  readonly paired: readonly number[];
  /** K: limb columns of one batch. */
  readonly limbs: number;
  readonly inputs: readonly InputAmount[];
  /** The largest k that section 7 allows. */
  readonly maxBatches: number;
}

export const MODES = ['aggregate', 'spot', 'margin'] as const;
export type Mode = (typeof MODES)[number];

/** What of a header decides its layout. */
export interface LayoutInput {
  readonly mode: Mode;
  readonly assets: readonly Asset[];
}

/** The layout of a header's mode and assets (section 3). */
export function layoutOf(header: LayoutInput): Layout {
  switch (header.mode) {
    case 'aggregate':
      return aggregate(header);
    case 'spot':
      return spot(header);
    case 'margin':
      return margin(header);
  }
}

/**
 * K and the number of published values, without building the layout: a header that needs too much is refused
 * before.
 */
export function sizeOf(header: LayoutInput): { readonly limbs: number; readonly published: number } {
  const { mode, assets } = header;
  const limbs = assets.reduce((sum, asset) => sum + asset.limbs, 0);
  switch (mode) {
    case 'aggregate':
      return { limbs: 2 * limbs, published: 2 };
    case 'spot':
      return { limbs, published: assets.length };
    case 'margin': {
      const { parts, rooms, net, pools } = marginParts(assets);
      const count = [...parts, ...rooms, net].reduce((sum, base) => sum + base.limbs, 0);
      return { limbs: limbs + count, published: 2 * assets.length + pools.length };
    }
  }
}

function aggregate({ assets }: LayoutInput): Layout {
  const { symbol, scale, limbs } = assets[0]!;
  const [debt, net] = [0, 1];
  return complete(
    [
      ['debt', limbs],
      ['net', limbs],
    ],
    [
      { symbol, scale, limbs, side: 'equity', form: sum(net, debt), inputs: [net, debt] },
      { symbol, scale, limbs, side: 'debt', form: sum(debt), inputs: [debt] },
    ],
    [],
    [
      { name: 'debt', symbol, side: 'debt', base: debt, widths: [] },
      { name: 'net', symbol, side: 'net', base: net, widths: [] },
    ],
  );
}

function spot({ assets }: LayoutInput): Layout {
  return complete(
    assets.map(({ symbol, limbs }) => [`${symbol} equity`, limbs]),
    assets.map(({ symbol, scale, limbs }, t) => ({
      symbol,
      scale,
      limbs,
      side: 'equity',
      form: sum(t),
      inputs: [t],
    })),
    [],
    assets.map(({ symbol }, t) => ({
      name: `${symbol} equity`,
      symbol,
      side: 'equity',
      base: t,
      widths: [],
    })),
  );
}

function margin(header: LayoutInput): Layout {
  const { assets } = header;
  const { parts, rooms, net, pools, factor }: Margin = marginParts(assets);
  const firstDebt = parts.length;
  const firstRoom = firstDebt + assets.length;
  const netBase = firstRoom + rooms.length;

  const pieces = assets.flatMap((asset, t) =>
    (asset.pools ?? [undefined]).map((pool, q) => {
      const bases = parts.flatMap((part, base) => (part.asset === t && part.pool === q ? [base] : []));
      const name = pool ? `${asset.symbol} ${pool.name}` : `${asset.symbol} equity`;
      return { t, pool: pool?.name, name, bases };
    }),
  );
  const inputs: InputAmount[] = [
    ...pieces.map(({ t, pool, name, bases }): InputAmount => ({
      name,
      symbol: assets[t]!.symbol,
      side: 'equity',
      ...(pool === undefined ? {} : { pool }),
      base: bases[0]!,
      widths: bases.slice(0, -1).map((base) => parts[base]!.width!),
    })),
    ...assets.map(({ symbol }, t): InputAmount => ({
      name: `${symbol} debt`,
      symbol,
      side: 'debt',
      base: firstDebt + t,
      widths: [],
    })),
  ];
  const sumOf = (chosen: readonly number[]) => sum(...chosen.flatMap((input) => pieces[input]!.bases));
  const published: PublishedValue[] = [
    ...assets.map(({ symbol, scale, limbs }, t): PublishedValue => {
      const own = pieces.flatMap((piece, input) => (piece.t === t ? [input] : []));
      return { symbol, scale, limbs, side: 'equity', form: sumOf(own), inputs: own };
    }),
    ...assets.map(({ symbol, scale, limbs }, t): PublishedValue => ({
      symbol,
      scale,
      limbs,
      side: 'debt',
      form: sum(firstDebt + t),
      inputs: [pieces.length + t],
    })),
    ...pools.map(({ asset, name }): PublishedValue => {
      const own = pieces.flatMap((piece, input) => (piece.t === asset && piece.pool === name ? [input] : []));
      const { symbol, scale, limbs } = assets[asset]!;
      return { symbol, scale, limbs, side: 'pool', pool: name, form: sumOf(own), inputs: own };
    }),
  ];
  const relations: Relation[] = [
    ...rooms.map(({ part }, i): Relation => ({
      ...sum(part, firstRoom + i),
      constant: -parts[part]!.width!,
    })),
    {
      terms: [
        ...parts.flatMap(({ asset, percent }, base) =>
          percent === 0 ? [] : [{ base, coefficient: -BigInt(assets[asset]!.price!) * BigInt(percent) }],
        ),
        ...assets.map(({ price }, t) => ({ base: firstDebt + t, coefficient: BigInt(price!) * factor })),
        { base: netBase, coefficient: 1n },
      ],
      constant: 0n,
    },
  ];
  return complete(
    [
      ...parts.map(({ name, limbs }): [string, number] => [name, limbs]),
      ...assets.map(({ symbol, limbs }): [string, number] => [`${symbol} debt`, limbs]),
      ...rooms.map(({ name, limbs }): [string, number] => [name, limbs]),
      [net.name, net.limbs],
    ],
    published,
    relations,
    inputs,
  );
}

function sum(...bases: readonly number[]): LinearForm {
  return { terms: bases.map((base) => ({ base, coefficient: 1n })) };
}

function complete(
  bases: ReadonlyArray<readonly [string, number]>,
  published: readonly PublishedValue[],
  relations: readonly Relation[],
  inputs: readonly InputAmount[],
): Layout {
  let limbs = 0;
  const placed = bases.map(([name, count]) => {
    const base = { name, limbs: count, firstLimb: limbs };
    limbs += count;
    return base;
  });
  const shown = new Set(published.flatMap(({ form }) => form.terms.map(({ base }) => base)));
  return {
    bases: placed,
    published,
    relations,
    paired: placed.flatMap((_, base) => (shown.has(base) ? [base] : [])),
    limbs,
    inputs,
    maxBatches: Math.max(1, Math.floor(MAX_LIMBS_PER_PROOF / limbs)),
  };
}
